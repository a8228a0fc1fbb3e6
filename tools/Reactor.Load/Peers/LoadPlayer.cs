using System;
using System.Diagnostics;
using Reactor.Load.Measures;
using Reactor.Load.Traffic;
using Reactor.Protocol.Rtmp;

namespace Reactor.Load.Peers;

/// <summary>Plays a stream, and checks order, bytes and lateness of every frame.</summary>
internal class LoadPlayer : RtmpPeer
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly bool _isSteady;
    private long _receivedTicks;
    private uint? _lastAudio;
    private uint? _lastVideo;
    private bool _hasKeyframe;

    /// <param name="context">Shared by all peers.</param>
    /// <param name="stream">The stream's name.</param>
    /// <param name="isSteady">
    /// Whether it stays all the time, so that every frame is owed to it.
    /// </param>
    /// <param name="receiveBuffer">SO_RCVBUF, or 0 for the system's.</param>
    public LoadPlayer(LoadContext context, string stream, bool isSteady, int receiveBuffer = 0)
        : base(context, stream, publishes: false, receiveBuffer) => _isSteady = isSteady;

    public override bool IsReady => _hasKeyframe;

    public override void OnStarted()
    {
    }

    public override void OnReceived(ref ReadOnlySpan<byte> input)
    {
        Context.PlayerBytes += input.Length;
        if (Conversation.IsStarted && Context.TryPutOff(this, input))
            input = default;
        else
            Check(ref input, Stopwatch.GetTimestamp());
    }

    /// <summary>Reads what was received, and checks it.</summary>
    public void Check(ref ReadOnlySpan<byte> input, long receivedTicks)
    {
        _receivedTicks = receivedTicks;
        if (Connection.IsOpen)
            base.OnReceived(ref input);
    }

    public override void OnMedia(RtmpMessage message)
    {
        var payload = message.Payload.Written;
        var isVideo = message.Type == MessageType.Video;
        if (!(isVideo || message.Type == MessageType.Audio) || SamplePayloads.IsHeader(payload))
            return;
        if (!FrameStamp.TryRead(payload, out var stamp))
        {
            Context.Tally.Corrupt++;
            return;
        }
        var now = _receivedTicks;
        if (isVideo && SamplePayloads.IsKeyframe(payload))
            OnKeyframe(now);
        var isInWindow = Context.Tally.IsInWindow(stamp.SentTicks);
        Order(ref isVideo ? ref _lastVideo : ref _lastAudio, stamp.Sequence, isInWindow);
        if (isInWindow && _isSteady)
            Context.Tally.Deliver(message.Type, Tally.Microseconds(now - stamp.SentTicks));
    }

    /// <summary>Frames were left out before one that came.</summary>
    protected virtual void OnGap(long frames) => Context.Tally.Gaps += frames;

    private void OnKeyframe(long now)
    {
        Acknowledgements.OnReading(Socket);
        if (_hasKeyframe)
            return;
        _hasKeyframe = true;
        Context.Tally.Joins.Add(Tally.Microseconds(now - _began));
    }

    private void Order(ref uint? last, uint sequence, bool isInWindow)
    {
        if (last is { } before)
        {
            if (sequence <= before)
                Context.Tally.Disordered++;
            else if (sequence > before + 1 && isInWindow)
                OnGap(sequence - before - 1);
        }
        last = sequence;
    }
}
