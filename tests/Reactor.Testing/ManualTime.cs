using System;

namespace Reactor.Testing;

/// <summary>A clock that stands still until a test moves it; its unit is the millisecond.</summary>
public sealed class ManualTime : TimeProvider
{
    private long _nowMs;

    public override long TimestampFrequency => 1000;

    public override long GetTimestamp() => _nowMs;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddMilliseconds(_nowMs);

    public void Advance(long milliseconds) => _nowMs += milliseconds;
}
