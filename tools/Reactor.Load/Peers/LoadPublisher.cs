using System;
using System.Diagnostics;
using Reactor.Load.Traffic;
using Reactor.Protocol.Rtmp;
using Reactor.Transport;

namespace Reactor.Load.Peers;

/// <summary>Publishes a scripted stream in real time.</summary>
internal sealed class LoadPublisher : RtmpPeer
{
    private readonly StreamScript _script;
    private readonly LoopTimer _due;
    private long _startMs;

    /// <param name="context">Shared by all peers.</param>
    /// <param name="stream">The stream's name.</param>
    /// <param name="bitsPerSecond">Of audio and video together.</param>
    public LoadPublisher(LoadContext context, string stream, int bitsPerSecond)
        : base(context, stream, publishes: true)
    {
        _script = new StreamScript(bitsPerSecond);
        _due = context.Loop.CreateTimer(SendDue, Connection);
    }

    public override bool IsReady => Conversation.IsStarted;

    /// <summary>Players that are owed each frame.</summary>
    public int SteadyPlayers { get; set; }

    public override void OnStarted()
    {
        _startMs = Context.Loop.NowMs;
        var metadata = Context.Payload.AsSpan(0, SamplePayloads.WriteMetadata(Context.Payload));
        Conversation.SendMedia(MessageType.Data, 0, metadata);
        Conversation.SendMedia(MessageType.Video, 0, SamplePayloads.AvcHeader);
        Conversation.SendMedia(MessageType.Audio, 0, SamplePayloads.AacHeader);
        SendDue();
    }

    public override void OnMedia(RtmpMessage message)
    {
    }

    private void SendDue()
    {
        if (!Connection.IsOpen)
            return;
        var elapsedMs = Context.Loop.NowMs - _startMs;
        for (; _script.Next.TimeMs <= elapsedMs; _script.Advance())
            Send(_script.Next);
        _due.Set(_script.Next.TimeMs - elapsedMs);
    }

    private void Send(in ScriptedFrame frame)
    {
        var payload = Context.Payload.AsSpan(0, frame.Bytes);
        SamplePayloads.WriteHead(payload, frame);
        var now = Stopwatch.GetTimestamp();
        new FrameStamp(frame.Sequence, now).Write(payload);
        if (Context.Tally.IsInWindow(now))
            Context.Tally.Expected += SteadyPlayers;
        Conversation.SendMedia(frame.Track, (uint)frame.TimeMs, payload);
    }
}
