using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using static Reactor.Testing.Hls.TsChecker;

namespace Reactor.Testing.Hls;

/// <summary>
/// Reads a live playlist again and again, and knows what RFC 8216 lets it say and change.
/// </summary>
public sealed class PlaylistChecker
{
    private const string DurationTag = "#EXTINF:";
    private const string MapTag = "#EXT-X-MAP:URI=";
    private const string DateTag = "#EXT-X-PROGRAM-DATE-TIME:";

    private readonly Dictionary<long, ListedSegment> _known = [];
    private string _text = "";
    private long _first = -1;
    private int _target;

    /// <summary>What it listed the last time.</summary>
    public IReadOnlyList<ListedSegment> Segments { get; private set; } = [];

    /// <summary>What it says for low latency.</summary>
    public PartsChecker Parts { get; } = new();

    /// <summary>All that it ever listed, oldest first.</summary>
    public IEnumerable<ListedSegment> All => _known.Values.OrderBy(segment => segment.Sequence);

    /// <summary>Whether a bound of memory may leave less than players need.</summary>
    public bool MayBeShort { get; set; }

    /// <summary>Whether numbers may leap: nothing from before is listed with what is behind.
    /// </summary>
    public bool MayLeap { get; init; }

    public int Target => _target;

    /// <summary>How often the target duration grew, which it should not (§6.2.1).</summary>
    public int TargetChanges { get; private set; }

    public bool IsEnded { get; private set; }

    /// <summary>Reads it as it is now.</summary>
    /// <exception cref="TsException">It breaks a rule, or what it said before.</exception>
    public void Read(string text)
    {
        Must(!IsEnded || text == _text, "nothing changes after the end (§6.2.1)");
        Must(text.EndsWith('\n'), "whole lines");
        _text = text;
        var lines = text[..^1].Split('\n');
        Must(lines[0] == "#EXTM3U", "its kind (§4.3.1.1)");
        var version = (int)(Number([lines[1]], "#EXT-X-VERSION:") ?? 0);
        var isMp4 = text.Contains(MapTag, StringComparison.Ordinal);
        Must(version == 9 || version == (isMp4 ? 7 : 3), "its version (§4.3.1.2, §7)");
        IsEnded = lines[^1] == "#EXT-X-ENDLIST";
        var head = lines.Skip(2).TakeWhile(IsHeader).ToList();
        var body = lines.Skip(2 + head.Count).SkipLast(IsEnded ? 1 : 0).ToList();
        var first = Number(head, "#EXT-X-MEDIA-SEQUENCE:") ?? 0;
        Must(first >= _first, "a sequence number never falls (§6.2.2)");
        var (target, last) = (_target, Segments.Count > 0 ? Segments[^1].Sequence : -1);
        ReadTarget(head);
        Parts.Begin(head, version, _target);
        var discontinuities = Number(head, "#EXT-X-DISCONTINUITY-SEQUENCE:") ?? 0;
        var skipped = Skipped(first);
        var read = ReadSegments(
            body, first + skipped.Count,
            skipped.Count > 0 ? skipped[^1].Discontinuities : discontinuities);
        Segments = [.. skipped, .. read];
        Must(Segments.Count > 0, "a segment");
        Parts.End(read, Segments[^1].Sequence + 1, IsEnded, _target);
        CheckDates();
        CheckAgainstKnown();
        Must(
            MayBeShort || first == _first || _first < 0 || WasLongEnough(target, last)
                || (MayLeap && first > last + 1),
            "three targets remain (§6.2.2)");
        _first = first;
    }

    private static bool IsHeader(string line) =>
        line.StartsWith("#EXT-X-", StringComparison.Ordinal)
        && line != "#EXT-X-DISCONTINUITY"
        && !PartsChecker.IsPart(line)
        && !line.StartsWith(DateTag, StringComparison.Ordinal)
        && !line.StartsWith(MapTag, StringComparison.Ordinal);

    private static long? Number(List<string> head, string tag)
    {
        var lines = head.Where(line => line.StartsWith(tag, StringComparison.Ordinal)).ToList();
        Must(lines.Count <= 1, $"one {tag}");
        return lines.Count == 0
            ? null
            : long.Parse(lines[0][tag.Length..], NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private void ReadTarget(List<string> head)
    {
        var target = Number(head, "#EXT-X-TARGETDURATION:");
        Must(target is > 0 && target >= _target, "a target that never falls (§4.3.3.1)");
        TargetChanges += _target > 0 && target != _target ? 1 : 0;
        _target = (int)target!;
    }

    private List<ListedSegment> ReadSegments(List<string> body, long sequence, long discontinuities)
    {
        var segments = new List<ListedSegment>();
        var (isDiscontinuity, duration) = (false, 0m);
        DateTimeOffset? date = null;
        string? init = null;
        foreach (var line in body)
        {
            if (line == "#EXT-X-DISCONTINUITY")
            {
                Must(!isDiscontinuity, "one tag a discontinuity");
                isDiscontinuity = true;
                discontinuities++;
            }
            else if (line.StartsWith(MapTag, StringComparison.Ordinal))
            {
                Must(line[^1] == '"' && line[MapTag.Length] == '"', "a URI in quotes (§4.3.2.5)");
                init = line[(MapTag.Length + 1)..^1];
            }
            else if (line.StartsWith(DateTag, StringComparison.Ordinal))
            {
                date = DateTimeOffset.ParseExact(
                    line[DateTag.Length..], "yyyy-MM-ddTHH:mm:ss.fffZ",
                    CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            }
            else if (PartsChecker.IsPart(line))
            {
                Must(duration == 0, "parts before the duration of their segment");
                Parts.Part(line, sequence);
            }
            else if (PartsChecker.IsHint(line))
                Parts.ReadHint(line);
            else if (line.StartsWith(DurationTag, StringComparison.Ordinal))
            {
                Must(line[^1] == ',', "a comma (§4.3.2.1)");
                duration = decimal.Parse(
                    line[DurationTag.Length..^1], NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture);
            }
            else
            {
                Must(line.Length > 0 && line[0] != '#', $"a segment's line: {line}");
                Must(Uri.IsWellFormedUriString(line, UriKind.Relative), $"a URI: {line}");
                Must(duration > 0, "a duration before each segment");
                Must(
                    Rounded(duration) <= _target,
                    $"{duration} s within the target of {_target} s (§4.3.3.1)");
                segments.Add(new ListedSegment(
                    sequence++, line, duration, isDiscontinuity, discontinuities, date)
                {
                    Init = init,
                });
                (isDiscontinuity, duration, date) = (false, 0, null);
            }
        }
        var isUnderWay = Parts.Listed is [.., var last] && last.Sequence == sequence;
        Must(duration == 0 && (!isDiscontinuity || isUnderWay), "a segment behind its tags");
        return segments;
    }

    /// <summary>What a delta leaves out is known from before.</summary>
    private List<ListedSegment> Skipped(long first)
    {
        var skipped = new List<ListedSegment>();
        for (var i = 0; i < Parts.Skipped; i++)
        {
            Must(_known.ContainsKey(first + i), $"{first + i}, which was left out, is known");
            skipped.Add(_known[first + i]);
        }
        return skipped;
    }

    private void CheckDates()
    {
        foreach (var (one, next) in Segments.Zip(Segments.Skip(1)))
        {
            Must(
                !(next.Date < one.Date + TimeSpan.FromSeconds((double)one.Duration)),
                $"{next} dates from the end of {one}, or later (§4.3.2.6)");
        }
    }

    private void CheckAgainstKnown()
    {
        foreach (var segment in Segments)
        {
            if (_known.TryGetValue(segment.Sequence, out var before))
                Must(segment == before, $"{segment} stays {before} (§6.2.1)");
            else
                Must(_known.Values.All(other => other.Uri != segment.Uri), "a name of its own");
            _known[segment.Sequence] = segment;
        }
        Must(_known.Keys.Max() == Segments[^1].Sequence, "nothing goes at the end");
    }

    /// <summary>Whether three targets remained when the latest went that is gone.</summary>
    /// <remarks>
    /// It went when some segment came that is new here, and was held against the target of then.
    /// A longer one may have come since, which lets the target grow: what is gone does not return.
    /// </remarks>
    /// <param name="target">The target when it was read before.</param>
    /// <param name="last">The newest segment of then.</param>
    private bool WasLongEnough(int target, long last)
    {
        var duration = 0m;
        foreach (var segment in Segments)
        {
            duration += segment.Duration;
            target = Math.Max(target, Rounded(segment.Duration));
            var mayHaveGone = segment.Sequence > last || segment == Segments[^1];
            if (mayHaveGone && duration >= 3 * target)
                return true;
        }
        return false;
    }

    private static int Rounded(decimal seconds) =>
        (int)Math.Round(seconds, MidpointRounding.AwayFromZero);
}
