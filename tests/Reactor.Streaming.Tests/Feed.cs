using System;
using System.Collections.Generic;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;

namespace Reactor.Streaming.Tests;

/// <summary>A publisher with messages of one line each, and the stream it feeds.</summary>
internal sealed class Feed : IPublisher
{
    public static readonly byte[] AvcHeader = [0x17, 0, 0, 0, 0, 1, 0x64];
    public static readonly byte[] AacHeader = [0xAF, 0, 0x12, 0x10];

    public Feed(
        int gops = 1, int framesMax = 1000, int bytesMax = 1 << 20, bool holdsAudio = false)
    {
        Deadline = holdsAudio ? new Reminder() : null;
        Stream = new LiveStream(
            new StreamKey("live", "a"), new GopCacheLimits(gops, framesMax, bytesMax));
        Stream.BeginPublish(this, nowMs: 0);
    }

    public PacketPool Pool { get; } = new();

    public LiveStream Stream { get; }

    public long ConnectionId => 1;

    /// <summary>Of the audio that waits; null where none does.</summary>
    public Reminder? Deadline { get; }

    /// <summary>How long what it sends lay unread.</summary>
    public int UnreadMs { get; set; }

    /// <summary>The loop's clock, which stands still unless a test moves it.</summary>
    public long NowMs { get; set; }

    public void OnReplaced() => throw new InvalidOperationException("nobody replaces it here");

    public IDeadline? CreateDeadline(Action due)
    {
        Deadline?.Due = due;
        return Deadline;
    }

    public void Key(uint time, int bytes = 10) => Send(MessageType.Video, time, Avc(0x17, bytes));

    public void Inter(uint time, int bytes = 10) => Send(MessageType.Video, time, Avc(0x27, bytes));

    public void Audio(uint time) => Send(MessageType.Audio, time, 0xAF, 1, 0x21);

    public void Video(uint time, params byte[] payload) =>
        Send(MessageType.Video, time, payload);

    public void Data(string name, int more = 1) =>
        Send(MessageType.Data, 0, [2, 0, (byte)name.Length, .. Ascii(name), .. new byte[more]]);

    public void Send(MessageType type, uint time, params byte[] payload)
    {
        var packet = Pool.Copy(payload);
        try
        {
            Stream.Publish(type, time, packet, NowMs);
        }
        finally
        {
            packet.Release();
        }
    }

    private static byte[] Avc(byte first, int bytes)
    {
        var payload = new byte[bytes];
        payload[0] = first;
        payload[1] = 1;
        return payload;
    }

    private static byte[] Ascii(string text) => System.Text.Encoding.ASCII.GetBytes(text);
}

/// <summary>A deadline that comes when the test says so.</summary>
internal sealed class Reminder : IDeadline
{
    public Action Due { get; set; } = () => { };

    public long? InMs { get; private set; }

    public void Set(long delayMs) => InMs = delayMs;

    public void Cancel() => InMs = null;

    public void Come()
    {
        InMs = null;
        Due();
    }
}

/// <summary>A subscriber that writes down what it hears, and may act upon it.</summary>
internal sealed class Watcher(List<string>? log = null, string name = "") : ISubscriber
{
    public List<string> Log { get; } = log ?? [];

    public List<MediaFrame> Frames { get; } = [];

    public Action? OnNext { get; set; }

    public void OnFrame(in MediaFrame frame)
    {
        Frames.Add(frame);
        Log.Add($"{name}{frame.Kind} {frame.SourceTime}");
        OnNext?.Invoke();
    }

    public void OnPublished() => Log.Add($"{name}published");

    public void OnUnpublished() => Log.Add($"{name}unpublished");
}
