using System;
using System.Globalization;
using System.Linq;
using Reactor.Protocol;
using Reactor.Streaming.Hls;

namespace Reactor.Server.Http;

/// <summary>What a player of low latency asks of a playlist (RFC 8216bis §6.2.5).</summary>
/// <param name="Sequence">_HLS_msn: the playlist is to have this segment.</param>
/// <param name="Part">_HLS_part: or at least this part of it.</param>
/// <param name="Skips">_HLS_skip: without what the player has read already.</param>
internal readonly record struct HlsReload(long? Sequence, int? Part, bool Skips)
{
    private const string Prefix = "_HLS_";

    /// <summary>Segments beyond the newest that may be waited for.</summary>
    private const int SegmentsAhead = 2;

    /// <summary>Parts beyond the newest that may be waited for last as long.</summary>
    private const int PartsAheadMs = 3000;

    private const int PartsAheadMin = 3;

    /// <summary>Whether it may be held.</summary>
    public bool IsBlocking => Sequence is not null;

    /// <summary>Reads it from a query.</summary>
    /// <param name="query">May have other parameters too.</param>
    /// <param name="reload">What is asked for.</param>
    /// <returns>What is wrong with it; null if nothing is.</returns>
    public static string? Read(QueryParameters query, out HlsReload reload)
    {
        reload = default;
        long? sequence = null;
        int? part = null;
        if (query["_HLS_msn"] is { } msn)
        {
            if (!long.TryParse(
                msn, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return $"_HLS_msn is the number of a segment, not \"{msn}\"";
            }
            sequence = number;
        }
        if (query["_HLS_part"] is { } index)
        {
            if (sequence is null)
                return "_HLS_part needs _HLS_msn beside it";
            if (!int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var at))
                return $"_HLS_part is the number of a part, not \"{index}\"";
            part = at;
        }
        var skip = query["_HLS_skip"];
        if (skip is not (null or "YES" or "v2"))
            return $"_HLS_skip is YES or v2, not \"{skip}\"";
        reload = new HlsReload(sequence, part, skip is not null);
        return null;
    }

    /// <summary>What remains of a query for others: who asks is the same each time.</summary>
    public static string Without(string query) =>
        !query.Contains(Prefix, StringComparison.Ordinal)
            ? query
            : string.Join('&', query.Split('&').Where(
                pair => !pair.StartsWith(Prefix, StringComparison.Ordinal)));

    /// <summary>Why it is not waited for; null where it is, or need not be.</summary>
    public string? Refuse(HlsWindow window)
    {
        if (Sequence is not { } sequence || window.IsEnded)
            return null;
        var newest = window.NextSequence - 1;
        if (sequence > newest + SegmentsAhead)
        {
            return $"_HLS_msn {sequence} is more than {SegmentsAhead} beyond {newest}, the newest "
                + "segment";
        }
        var targetMs = Math.Max(1, window.PartTargetMs);
        var ahead = Math.Max(PartsAheadMin, (PartsAheadMs + targetMs - 1) / targetMs);
        var parts = window.UnderWay?.Parts.Count ?? 0;
        return sequence == newest + 1 && Part >= parts + ahead
            ? $"_HLS_part {Part} is more than {ahead} beyond part {parts - 1}, the newest"
            : null;
    }

    /// <summary>Whether a delta is the answer: it would leave out nothing that is new.</summary>
    public bool IsDelta(HlsWindow window) =>
        Skips && (Sequence is not { } sequence || window.IsDeltaFor(sequence));

    /// <summary>Whether the playlist has what is asked for.</summary>
    public bool IsMet(HlsWindow window) =>
        Sequence is not { } sequence || window.Reaches(sequence, Part);
}
