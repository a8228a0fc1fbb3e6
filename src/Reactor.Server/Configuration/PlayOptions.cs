using System;

namespace Reactor.Server.Configuration;

/// <summary>What a player that joins is sent first.</summary>
public enum StartAt
{
    Gop,
    Key,
    Now,
}

/// <summary>What gives way when a player's outbox is full.</summary>
public enum QueuePolicy
{
    DropGop,
    DropInter,
    Close,
}

/// <summary>How the time line that a player sees begins and is repaired.</summary>
public enum TimeJitter
{
    Full,
    Zero,
    Off,
}

public enum MetadataMode
{
    On,
    Off,
}

/// <summary>The playing side of a live stream: section <c>play</c>.</summary>
public sealed record PlayOptions
{
    public bool IdleStreams { get; init; } = true;
    public TimeSpan WaitTimeout { get; init; } = TimeSpan.FromSeconds(30);
    public bool GopCache { get; init; } = true;
    public int GopNum { get; init; } = 1;
    public int GopCacheMaxFrames { get; init; } = 2500;
    public int GopCacheMaxSize { get; init; } = 16 * 1024 * 1024;
    public StartAt StartAt { get; init; } = StartAt.Gop;
    public TimeSpan QueueLength { get; init; } = TimeSpan.FromSeconds(10);
    public int QueueSize { get; init; } = 8 * 1024 * 1024;
    public QueuePolicy QueuePolicy { get; init; } = QueuePolicy.DropGop;
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(10);
    public TimeJitter TimeJitter { get; init; } = TimeJitter.Full;
    public bool PublishNotify { get; init; } = true;
    public MetadataMode Metadata { get; init; } = MetadataMode.On;
    public int MaxPlayers { get; init; }
}
