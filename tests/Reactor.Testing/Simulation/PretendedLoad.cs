using System;
using Reactor.Transport;

namespace Reactor.Testing.Simulation;

/// <summary>Work fills the loop, and then it does not, by turns.</summary>
/// <remarks>Turns take hardly any time here, so the loop is told that they took some.</remarks>
public sealed class PretendedLoad
{
    private const int PhaseMs = 4000;
    private long _toldToMs;

    /// <summary>Of the time, what work takes in a busy phase: 0 to 1; 0 pretends nothing.</summary>
    public double Share { get; set; }

    public void AfterTurn(EventLoop loop)
    {
        var sinceMs = Math.Max(0, loop.NowMs - _toldToMs);      // a new process begins anew
        _toldToMs = loop.NowMs;
        if (Share > 0)
            loop.Pacing.EndTurn(loop.NowMs, IsBusy(loop.NowMs) ? sinceMs * Share : 0);
    }

    private static bool IsBusy(long nowMs) => nowMs / PhaseMs % 2 == 0;
}
