using System;

namespace Reactor.Server;

/// <summary>Bits a second, in and out, over the last seconds.</summary>
/// <remarks>
/// Counted bytes are added at each look, and a look ends a slot; the slots of the window make the
/// rate. What was promised to somebody who has just been let in counts until the window has seen
/// it, less from slot to slot: so a crowd that comes within a second finds the limit too.
/// </remarks>
public sealed class TrafficMeter
{
    /// <summary>Slots in the window, each of about a second.</summary>
    public const int SlotsMax = 5;

    private readonly Slot[] _slots = new Slot[SlotsMax];
    private Slot _current;
    private double _promised;
    private int _next;

    /// <summary>Bits a second received.</summary>
    public double InBps { get; private set; }

    /// <summary>Bits a second sent.</summary>
    public double OutBps { get; private set; }

    /// <summary>Bits a second that are sent, or will be to those who were just let in.</summary>
    public double ExpectedOutBps => OutBps + _promised;

    /// <summary>Whether nothing came or went in the whole window.</summary>
    public bool IsIdle => InBps + OutBps + _promised == 0 && _current.In + _current.Out == 0;

    public void Add(long bytesIn, long bytesOut)
    {
        _current.In += bytesIn;
        _current.Out += bytesOut;
    }

    /// <summary>Somebody was let in who will be sent so much.</summary>
    public void Promise(double bps)
    {
        _current.Promised += bps;
        _promised += bps;
    }

    /// <summary>Ends a slot.</summary>
    /// <param name="elapsedMs">How long it was.</param>
    public void Step(long elapsedMs)
    {
        _current.Milliseconds = elapsedMs;
        _slots[_next] = _current;
        _next = (_next + 1) % SlotsMax;
        _current = default;
        var sum = default(Slot);
        _promised = 0;
        for (var age = 1; age <= SlotsMax; age++)
        {
            ref var slot = ref _slots[(_next - age + SlotsMax) % SlotsMax];
            sum.In += slot.In;
            sum.Out += slot.Out;
            sum.Milliseconds += slot.Milliseconds;
            _promised += slot.Promised * (SlotsMax - age) / SlotsMax;
        }
        var milliseconds = (double)Math.Max(1, sum.Milliseconds);
        InBps = sum.In * 8 * 1000 / milliseconds;
        OutBps = sum.Out * 8 * 1000 / milliseconds;
    }

    private struct Slot
    {
        public long In;
        public long Out;
        public long Milliseconds;
        public double Promised;
    }
}
