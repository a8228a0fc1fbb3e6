using System;
using System.Collections.Generic;

namespace Reactor.Testing.Simulation;

/// <summary>Every segment that anybody was given, by stream and number.</summary>
/// <remarks>
/// A cache keeps segments for an hour, so a number may never stand for two of them. Over a restart
/// that rests on the wall clock: numbers begin at its seconds, and go on by one a segment.
/// </remarks>
public sealed class SegmentBook(World world)
{
    private readonly Dictionary<(string, long), (ulong Hash, int Process)> _seen = [];
    private bool _isOutpaced;

    /// <param name="stream">app/name.</param>
    /// <param name="sequence">The number.</param>
    /// <param name="bytes">The segment.</param>
    /// <param name="process">Which process gave it out: how many were killed before.</param>
    public void See(string stream, long sequence, ReadOnlySpan<byte> bytes, int process)
    {
        _isOutpaced |= sequence > world.Time.GetUtcNow().ToUnixTimeSeconds();
        var hash = Frames.Hash(bytes);
        var isKnown = _seen.TryGetValue((stream, sequence), out var before);
        var isSure = before.Process == process || !_isOutpaced;
        if (isKnown && before.Hash != hash && isSure)
        {
            world.Checks.Fail(
                "a segment's number never stands for another one", $"{stream}: {sequence}");
        }
        _seen[(stream, sequence)] = (hash, process);
    }
}
