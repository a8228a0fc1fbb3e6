using System.Collections.Generic;

namespace Reactor.Streaming;

/// <summary>All live streams by key: made on first use, forgotten when nobody needs them.</summary>
public sealed class StreamHub
{
    private readonly Dictionary<StreamKey, LiveStream> _streams = [];

    public int Count => _streams.Count;

    public IReadOnlyCollection<LiveStream> Streams => _streams.Values;

    public LiveStream? Find(StreamKey key) => _streams.GetValueOrDefault(key);

    public LiveStream GetOrAdd(StreamKey key, GopCacheLimits gopLimits)
    {
        if (!_streams.TryGetValue(key, out var stream))
            _streams.Add(key, stream = new LiveStream(key, gopLimits));
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
}
