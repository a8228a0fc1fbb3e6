using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Reactor.Protocol.Hls;

namespace Reactor.Testing.Simulation;

/// <summary>Every segment that anybody was given, and every init, by stream and name.</summary>
/// <remarks>
/// A cache keeps segments for an hour, so a number may never stand for two of them. Over a restart
/// that rests on the wall clock: numbers begin at its seconds, and go on by one a segment. Aligned
/// ones are its fragments, and their inits are named by what is in them.
/// </remarks>
public sealed class SegmentBook(World world)
{
    private readonly Dictionary<(string, string), (ulong Hash, int Process)> _seen = [];
    private bool _isOutpaced;

    /// <param name="stream">app/name.</param>
    /// <param name="uri">Its name, which is its number and what it is.</param>
    /// <param name="bytes">What was given.</param>
    /// <param name="process">Which process gave it out: how many were killed before.</param>
    public void See(string stream, string uri, ReadOnlySpan<byte> bytes, int process)
    {
        var sequence = long.Parse(
            Path.GetFileNameWithoutExtension(uri), CultureInfo.InvariantCulture);
        _isOutpaced |= !uri.EndsWith(PlaylistWriter.InitEnding, StringComparison.Ordinal)
            && IsAhead(sequence);
        var hash = Frames.Hash(bytes);
        var isKnown = _seen.TryGetValue((stream, uri), out var before);
        var isSure = before.Process == process || !_isOutpaced;
        if (isKnown && before.Hash != hash && isSure)
        {
            world.Checks.Fail(
                "a segment's number never stands for another one", $"{stream}: {uri}");
        }
        _seen[(stream, uri)] = (hash, process);
    }

    private bool IsAhead(long sequence)
    {
        var fragment = world.Wanted.Defaults.Hls.HlsFragment;
        var stepMs = world.HasAlignedHls ? (long)fragment.TotalMilliseconds : 1000;
        return sequence * stepMs > world.Time.GetUtcNow().ToUnixTimeMilliseconds();
    }
}
