using System;
using System.Collections.Generic;

namespace Reactor.Streaming;

/// <summary>What befell a live stream.</summary>
public enum StreamChange
{
    Published,
    Unpublished,

    /// <summary>Somebody watches.</summary>
    Joined,

    /// <summary>Somebody watches no more.</summary>
    Left,
}

/// <summary>All live streams by key: made on first use, forgotten when nobody needs them.</summary>
public sealed class StreamHub
{
    private readonly Dictionary<StreamKey, LiveStream> _streams = [];

    /// <summary>Told after a stream has changed and everybody on it knows.</summary>
    public event Action<LiveStream, StreamChange>? Changed;

    /// <summary>Told when a bound of a stream strikes.</summary>
    public event Action<StreamBound>? Struck;

    public int Count => _streams.Count;

    /// <summary>All of them; of its own type, so that a look at them makes no garbage.</summary>
    public Dictionary<StreamKey, LiveStream>.ValueCollection Streams => _streams.Values;

    public LiveStream? Find(StreamKey key) => _streams.GetValueOrDefault(key);

    public LiveStream GetOrAdd(StreamKey key, GopCacheLimits gopLimits)
    {
        if (!_streams.TryGetValue(key, out var stream))
        {
            stream = new LiveStream(key, gopLimits) { Changed = OnChanged, Struck = OnStruck };
            _streams.Add(key, stream);
        }
        return stream;
    }

    /// <summary>Forgets a stream that has neither publisher nor subscriber.</summary>
    /// <remarks>
    /// Nobody is left who would notice that the clock begins anew, so no grace is needed, and
    /// thousands of names that nobody publishes cost nothing.
    /// </remarks>
    public void Release(LiveStream stream)
    {
        if (!stream.IsPublished && stream.SubscriberCount == 0)
            _streams.Remove(stream.Key);
    }

    private void OnChanged(LiveStream stream, StreamChange change) =>
        Changed?.Invoke(stream, change);

    private void OnStruck(StreamBound bound) => Struck?.Invoke(bound);
}
