using System;
using System.Collections.Generic;
using Reactor.Server.Configuration;
using Reactor.Streaming;

namespace Reactor.Server.Egress;

/// <summary>The numbers that first segments of outputs may have, so that none returns.</summary>
/// <remarks>
/// Seconds pass faster than segments come, so numbers that begin at the seconds since 1970 rise
/// from one output to the next, and over restarts too. (Not so over a restart where segments were
/// shorter than a second on the average of an output's life, as headers that change all the time
/// make them: a finer clock would outgrow the 32 bits in which old players keep a number.) Those
/// of aligned ones follow the wall clock in fragments: a stream that got ahead of it, or whose
/// clock was put back, is remembered until it has been caught up.
/// </remarks>
public sealed class HlsNumbers(TimeProvider time)
{
    private const int StreamsMax = 4096;

    private readonly Dictionary<StreamKey, (long Next, long Ms)> _ahead = [];
    private long _next;
    private long _nextOfAligned;

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>No segment of a new output may have a lower one.</summary>
    public long FirstOf(StreamKey key, HlsOptions options) => options.IsAligned
        ? Math.Max(_nextOfAligned, _ahead.GetValueOrDefault(key).Next)
        : Math.Max(_next, NowMs / 1000);

    /// <summary>An output is over.</summary>
    /// <param name="key">Of its stream.</param>
    /// <param name="options">Its own.</param>
    /// <param name="next">The number that it would have given next.</param>
    public void End(StreamKey key, HlsOptions options, long next)
    {
        if (!options.IsAligned)
            _next = Math.Max(_next, next);
        else if (_ahead.ContainsKey(key) || _ahead.Count < StreamsMax)
            _ahead[key] = (next, next * (long)options.HlsFragment.TotalMilliseconds);
        else
            _nextOfAligned = Math.Max(_nextOfAligned, next);    // not alike, but never twice
    }

    /// <summary>Forgets what time has caught up with.</summary>
    public void Check()
    {
        if (_ahead.Count == 0)
            return;
        var nowMs = NowMs;
        foreach (var (key, (_, ms)) in _ahead)
        {
            if (ms < nowMs)
                _ahead.Remove(key);
        }
    }
}
