using System;

namespace Reactor.Testing;

/// <summary>A clock that stands still until a test moves it; its unit is the millisecond.</summary>
public sealed class ManualTime : TimeProvider
{
    private long _nowMs;

    public override long TimestampFrequency => 1000;

    public override long GetTimestamp() => _nowMs;

    /// <summary>Thrown once by the wall clock, as a bug in whoever asks it would be.</summary>
    public Exception? Trouble { get; set; }

    public override DateTimeOffset GetUtcNow()
    {
        if (Trouble is not { } trouble)
            return DateTimeOffset.UnixEpoch.AddMilliseconds(_nowMs);
        Trouble = null;
        throw trouble;
    }

    public void Advance(long milliseconds) => _nowMs += milliseconds;
}
