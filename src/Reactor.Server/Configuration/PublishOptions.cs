using System;

namespace Reactor.Server.Configuration;

/// <summary>What a second publisher of a live stream's name gets.</summary>
public enum DuplicatePublish
{
    Reject,
    Replace,
}

/// <summary>The publishing side of a live stream: section <c>publish</c>.</summary>
public sealed record PublishOptions
{
    public DuplicatePublish OnDuplicate { get; init; } = DuplicatePublish.Reject;
    public TimeSpan ReplaceStale { get; init; } = TimeSpan.FromSeconds(3);
    public TimeSpan FirstpktTimeout { get; init; } = TimeSpan.FromSeconds(20);
    public TimeSpan DropIdlePublisher { get; init; } = TimeSpan.FromSeconds(10);
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);
}
