using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using static Reactor.Testing.Hls.TsChecker;

namespace Reactor.Testing.Hls;

/// <summary>
/// Reads the tags of low latency in a playlist, and knows what draft-pantos-hls-rfc8216bis lets
/// them say.
/// </summary>
public sealed partial class PartsChecker
{
    private const string PartTag = "#EXT-X-PART:";
    private const string HintTag = "#EXT-X-PRELOAD-HINT:";
    private const string ControlTag = "#EXT-X-SERVER-CONTROL:";
    private const string TargetTag = "#EXT-X-PART-INF:";
    private const string SkipTag = "#EXT-X-SKIP:";

    private readonly Dictionary<(long Sequence, int Index), ListedPart> _known = [];
    private readonly Dictionary<string, ListedPart> _names = [];
    private readonly List<ListedPart> _listed = [];

    /// <summary>What is listed now, oldest first.</summary>
    public IReadOnlyList<ListedPart> Listed => _listed;

    /// <summary>No part is longer, in seconds; 0 for a playlist without parts.</summary>
    public decimal Target { get; private set; }

    /// <summary>So far behind the end players begin, in seconds.</summary>
    public decimal HoldBack { get; private set; }

    /// <summary>The part that is to come; null where nothing says so.</summary>
    public string? Hint { get; private set; }

    /// <summary>How many segments were left out.</summary>
    public int Skipped { get; private set; }

    private decimal SkipUntil { get; set; }

    public static bool IsPart(string line) => line.StartsWith(PartTag, StringComparison.Ordinal);

    public static bool IsHint(string line) => line.StartsWith(HintTag, StringComparison.Ordinal);

    /// <summary>Begins to read a playlist: its head.</summary>
    public void Begin(IReadOnlyList<string> head, int version, int targetSeconds)
    {
        _listed.Clear();
        Hint = null;
        var control = Attributes(head, ControlTag);
        var information = Attributes(head, TargetTag);
        Must((control is null) == (information is null), "both tags, or none");
        Must(Target == 0 || information is not null, "parts, once there were any");
        var skip = Attributes(head, SkipTag);
        Skipped = skip is null ? 0 : (int)Number(skip, "SKIPPED-SEGMENTS");
        Must(Skipped == 0 || (version >= 9 && control is not null), "a delta of version 9 (§8)");
        if (control is null || information is null)
            return;
        var target = Number(information, "PART-TARGET");
        if (target != Target)
            _known.Clear();                     // parts of other lengths are not listed any more
        Must(target > 0 && target <= targetSeconds, "parts that are no longer than segments");
        Target = target;
        Must(control["CAN-BLOCK-RELOAD"] == "YES", "requests that are held (§4.4.3.8)");
        HoldBack = Number(control, "PART-HOLD-BACK");
        Must(HoldBack >= 3 * target, "three parts held back (§4.4.3.8)");
        SkipUntil = Number(control, "CAN-SKIP-UNTIL");
        Must(SkipUntil >= 6 * targetSeconds, "six targets never left out (§4.4.3.8)");
    }

    /// <summary>A line with a part of a segment.</summary>
    public void Part(string line, long sequence)
    {
        var found = Attributes(line[PartTag.Length..]);
        var index = _listed.Count > 0 && _listed[^1].Sequence == sequence
            ? _listed[^1].Index + 1
            : 0;
        var part = new ListedPart(
            sequence, index, found["URI"], Number(found, "DURATION"),
            found.GetValueOrDefault("INDEPENDENT") == "YES");
        Must(Target > 0 && part.Duration > 0, "a part, and how long parts are");
        Must(part.Duration <= Target, $"{part} within {Target} s (§4.4.4.9)");
        Must(Hint is null, "the hint last");
        Must(
            _known.GetValueOrDefault((sequence, index), part) == part, $"{part} stays (§6.2.1)");
        Must(_names.GetValueOrDefault(part.Uri, part) == part, $"{part}: a name of its own");
        _known[(sequence, index)] = _names[part.Uri] = part;
        _listed.Add(part);
    }

    public void ReadHint(string line)
    {
        var found = Attributes(line[HintTag.Length..]);
        Must(found["TYPE"] == "PART" && Hint is null, "one hint, for a part (§4.4.5.3)");
        Hint = found["URI"];
        Must(!_names.ContainsKey(Hint), $"{Hint} is yet to come");
    }

    /// <summary>The whole playlist was read.</summary>
    /// <param name="segments">What it lists, without what was left out.</param>
    /// <param name="next">The number of the segment that is not complete.</param>
    /// <param name="isEnded">Whether no segment will follow.</param>
    /// <param name="targetSeconds">The target duration.</param>
    public void End(
        IReadOnlyList<ListedSegment> segments, long next, bool isEnded, int targetSeconds)
    {
        Must(Hint is not null == (Target > 0 && !isEnded), "a hint as long as parts come");
        var behind = _listed.Where(part => part.Sequence == next).Sum(part => part.Duration);
        var mayBeShort = isEnded;
        foreach (var part in _listed.Where(part => part.Sequence == next))
            Must(IsLong(part), $"{part} has 85 % of {Target} s (§4.4.4.9)");
        foreach (var segment in segments.Reverse())
        {
            var parts = _listed.Where(part => part.Sequence == segment.Sequence).ToList();
            Must(
                behind < 3 * targetSeconds || parts.Count == 0,
                $"no parts of {segment}, three targets from the end (§6.2.1)");
            var known = _known.Keys.Count(part => part.Sequence == segment.Sequence);
            Must(
                behind >= 3 * targetSeconds || parts.Count >= known,
                $"all parts of {segment}, within three targets of the end (§6.2.1)");
            foreach (var part in parts.SkipLast(1))
                Must(IsLong(part), $"{part} has 85 % of {Target} s (§4.4.4.9)");
            Must(
                parts.Sum(part => part.Duration) <= segment.Duration,
                $"the parts of {segment} are no longer than it");
            behind += segment.Duration;
        }
        Must(
            Skipped == 0 || behind >= SkipUntil,
            $"{SkipUntil} s that are never left out (§6.2.5.1)");
    }

    private bool IsLong(ListedPart part) => part.Duration >= 0.85m * Target;

    private static Dictionary<string, string>? Attributes(IReadOnlyList<string> head, string tag)
    {
        var lines = head.Where(line => line.StartsWith(tag, StringComparison.Ordinal)).ToList();
        Must(lines.Count <= 1, $"one {tag}");
        return lines.Count == 0 ? null : Attributes(lines[0][tag.Length..]);
    }

    private static Dictionary<string, string> Attributes(string text)
    {
        Must(Whole().IsMatch(text), $"a list of attributes: {text}");
        var found = new Dictionary<string, string>();
        foreach (Match match in One().Matches(text))
            found.Add(match.Groups[1].Value, match.Groups[2].Value.Trim('"'));
        return found;
    }

    private static decimal Number(Dictionary<string, string> attributes, string name)
    {
        Must(attributes.ContainsKey(name), name);
        return decimal.Parse(
            attributes[name], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("""^[A-Z0-9-]+=("[^"\r\n]*"|[^",]+)(,[A-Z0-9-]+=("[^"\r\n]*"|[^",]+))*$""")]
    private static partial Regex Whole();

    [GeneratedRegex("""([A-Z0-9-]+)=("[^"\r\n]*"|[^",]+)""")]
    private static partial Regex One();
}
