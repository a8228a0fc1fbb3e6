using System;
using Reactor.Transport;

namespace Reactor.Load.Peers;

/// <summary>A player whose line is too thin: it takes a quarter of the stream's bitrate.</summary>
internal sealed class SlowPlayer : LoadPlayer
{
    // Small, so that the backlog is the server's and not this kernel's.
    private const int ReceiveBuffer = 64 << 10;
    private const int Share = 4;
    private readonly int _bytesPerSecond;
    private readonly LoopTimer _resume;

    public SlowPlayer(LoadContext context, string stream, int bitsPerSecond)
        : base(context, stream, isSteady: false, ReceiveBuffer)
    {
        _bytesPerSecond = bitsPerSecond / 8 / Share;
        _resume = context.Loop.CreateTimer(Connection.ResumeReading, Connection);
    }

    public override void OnReceived(ref ReadOnlySpan<byte> input)
    {
        var pauseMs = input.Length * 1000L / _bytesPerSecond;
        base.OnReceived(ref input);
        if (!Connection.IsOpen || !Conversation.IsStarted)
            return;
        Connection.PauseReading();
        _resume.Set(pauseMs);
    }

    protected override void OnGap(long frames) => Context.Tally.SlowGaps += frames;
}
