using System;

namespace Reactor.Load.Peers;

/// <summary>A player that stops reading: what does the server keep for it, and for how long?
/// </summary>
internal sealed class StalledPlayer(LoadContext context, string stream)
    : LoadPlayer(context, stream, isSteady: false, ReceiveBuffer)
{
    // Small, so that the backlog is the server's and not this kernel's.
    private const int ReceiveBuffer = 64 << 10;

    /// <summary>No loss: whoever does not read may be closed.</summary>
    protected override bool MayBeClosed => true;

    public override void OnReceived(ref ReadOnlySpan<byte> input)
    {
        base.OnReceived(ref input);
        if (IsReady && Connection.IsOpen)
            Connection.PauseReading();
    }

    protected override void OnGap(long frames) => Context.Tally.SlowGaps += frames;
}
