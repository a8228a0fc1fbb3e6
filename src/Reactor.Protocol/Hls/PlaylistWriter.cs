using System;
using System.Collections.Generic;
using System.Text;
using static System.FormattableString;

namespace Reactor.Protocol.Hls;

/// <summary>Writes a media playlist of a live stream (RFC 8216 §4.3).</summary>
/// <remarks>
/// A header, then the segments, oldest first, then perhaps the end. The caller makes the room:
/// <see cref="HeaderBytesMax"/>, for each segment <see cref="SegmentBytesMax"/> and the folder.
/// </remarks>
/// <param name="target">Where to write, in ASCII.</param>
public ref partial struct PlaylistWriter(Span<byte> target)
{
    public const int HeaderBytesMax = 200;

    /// <summary>Bytes of a segment's lines beside the name of its folder.</summary>
    public const int SegmentBytesMax = 160;

    /// <summary>Bytes of an init's line beside the name of its folder.</summary>
    public const int MapBytesMax = 50;

    /// <summary>A date for each segment, and durations that are no whole seconds.</summary>
    public const int UsualVersion = 3;

    /// <summary>Fragmented MP4 behind an init is no transport stream (§7).</summary>
    public const int MapVersion = 7;

    /// <summary>How names end: of a transport stream, of a segment of MP4, of its init.</summary>
    public const string TsEnding = ".ts";
    public const string Mp4Ending = ".m4s";
    public const string InitEnding = ".mp4";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Endings { get; } = [TsEnding, Mp4Ending, InitEnding];

    private readonly Span<byte> _target = target;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <param name="version">What a player has to understand (§7).</param>
    /// <param name="targetSeconds">No segment is longer, rounded to seconds (§4.3.3.1).</param>
    /// <param name="sequence">Of the first segment (§4.3.3.2).</param>
    /// <param name="discontinuities">How many have left the playlist (§4.3.3.3).</param>
    public void Header(int version, int targetSeconds, long sequence, long discontinuities)
    {
        Line(Invariant($"#EXTM3U\n#EXT-X-VERSION:{version}\n"));
        Line(Invariant($"#EXT-X-TARGETDURATION:{targetSeconds}\n"));
        Line(Invariant($"#EXT-X-MEDIA-SEQUENCE:{sequence}\n"));
        if (discontinuities > 0)
            Line(Invariant($"#EXT-X-DISCONTINUITY-SEQUENCE:{discontinuities}\n"));
    }

    /// <summary>What has to be read before the segments that follow (§4.3.2.5).</summary>
    /// <param name="folder">What stands before the name; percent-encoded, or empty.</param>
    /// <param name="sequence">Its name.</param>
    public void Map(ReadOnlySpan<byte> folder, long sequence)
    {
        Text("#EXT-X-MAP:URI=\""u8);
        Text(folder);
        Line(Invariant($"{sequence}{InitEnding}\"\n"));
    }

    /// <summary>What holds for a segment from its beginning on.</summary>
    /// <param name="isDiscontinuity">Whether a decoder has to begin anew (§4.3.2.3).</param>
    /// <param name="startUtc">When its first frame came (§4.3.2.6).</param>
    public void Begin(bool isDiscontinuity, DateTimeOffset startUtc)
    {
        if (isDiscontinuity)
            Text("#EXT-X-DISCONTINUITY\n"u8);
        Line(Invariant(
            $"#EXT-X-PROGRAM-DATE-TIME:{startUtc.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fff}Z\n"));
    }

    /// <summary>The segment that was begun.</summary>
    /// <param name="durationMs">Greater than 0.</param>
    /// <param name="folder">What stands before the name; percent-encoded, or empty.</param>
    /// <param name="sequence">The segment's name.</param>
    /// <param name="ending">How its name ends.</param>
    public void Segment(
        long durationMs, ReadOnlySpan<byte> folder, long sequence, string ending = TsEnding)
    {
        Line(Invariant($"#EXTINF:{Seconds(durationMs)},\n"));
        Text(folder);
        Line(Invariant($"{sequence}{ending}\n"));
    }

    /// <summary>No segment will follow (§4.3.3.4).</summary>
    public void End() => Text("#EXT-X-ENDLIST\n"u8);

    private void Text(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_target[Length..]);
        Length += text.Length;
    }

    private void Line(string line) => Length += Encoding.ASCII.GetBytes(line, _target[Length..]);
}
