using System;
using System.Collections.Generic;
using Reactor.Primitives;

namespace Reactor.Streaming;

/// <summary>Who takes a stream; they come and go at any moment.</summary>
/// <remarks>
/// Whoever leaves while all are told of something leaves a gap behind, so that places stay as they
/// are; the last telling closes the gaps. Invariant: there are none while nobody is told.
/// </remarks>
internal sealed class SubscriberList
{
    private const int LinesToFetch = 4;

    private readonly List<ISubscriber?> _places = new(4);
    private int _tellings;
    private bool _hasGaps;

    public int Count { get; private set; }

    public IEnumerable<ISubscriber> All
    {
        get
        {
            foreach (var subscriber in _places)
            {
                if (subscriber is not null)
                    yield return subscriber;
            }
        }
    }

    public void Add(ISubscriber subscriber)
    {
        _places.Add(subscriber);
        Count++;
    }

    /// <returns>False for whoever is not here.</returns>
    public bool Remove(ISubscriber subscriber)
    {
        var index = _places.IndexOf(subscriber);
        if (index < 0)
            return false;
        Count--;
        if (_tellings == 0)
        {
            _places.RemoveAt(index);
            return true;
        }
        _places[index] = null;
        _hasGaps = true;
        return true;
    }

    /// <summary>Takes frames to everybody.</summary>
    /// <remarks>
    /// Whoever subscribes meanwhile has had the frames already, from the caches, or is too late.
    /// </remarks>
    public void Deliver(ReadOnlySpan<MediaFrame> frames)
    {
        _tellings++;
        try
        {
            for (int i = 0, count = _places.Count; i < count; i++)
            {
                FetchAhead(i, count);
                foreach (ref readonly var frame in frames)
                    _places[i]?.OnFrame(frame);
            }
        }
        finally
        {
            EndTelling();
        }
    }

    /// <summary>Tells everybody something, but those who subscribe meanwhile.</summary>
    public void Tell(Action<ISubscriber> what)
    {
        _tellings++;
        try
        {
            for (int i = 0, count = _places.Count; i < count; i++)
            {
                if (_places[i] is { } subscriber)
                    what(subscriber);
            }
        }
        finally
        {
            EndTelling();
        }
    }

    /// <summary>Frames come soon: the first to have them is fetched already.</summary>
    public void FetchAhead()
    {
        if (_places.Count > 0)
            Prefetch.Object(_places[0], LinesToFetch);
    }

    /// <summary>They come now: what the first one uses, too.</summary>
    public void FetchFirst()
    {
        if (_places.Count > 0)
            _places[0]?.FetchAhead();
    }

    /// <summary>Those who come soon, while others are served: first they, then what they use.
    /// </summary>
    private void FetchAhead(int current, int count)
    {
        const int soon = 4;
        if (current + (2 * soon) < count)
            Prefetch.Object(_places[current + (2 * soon)], LinesToFetch);
        if (current + soon < count)
            _places[current + soon]?.FetchAhead();
    }

    private void EndTelling()
    {
        if (--_tellings > 0 || !_hasGaps)
            return;
        _hasGaps = false;
        _places.RemoveAll(subscriber => subscriber is null);
    }
}
