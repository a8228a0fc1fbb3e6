using System;
using static System.FormattableString;

namespace Reactor.Protocol.Hls;

/// <summary>What a playlist of low latency says besides (draft-pantos-hls-rfc8216bis).</summary>
public ref partial struct PlaylistWriter
{
    /// <summary>Deltas are of this version (§8).</summary>
    public const int PartsVersion = 9;

    /// <summary>Bytes of the lines about the server, about what was skipped and the hint.</summary>
    public const int ControlBytesMax = 320;

    /// <summary>Bytes of a part's line beside the name of its folder.</summary>
    public const int PartBytesMax = 110;

    /// <summary>Players begin so many of the longest parts behind the end, or further.</summary>
    private const int PartsHeldBack = 3;

    /// <summary>
    /// What the server can do (§4.4.3.8), and how long a part is at most (§4.4.3.7).
    /// </summary>
    /// <param name="partTargetMs">No part is longer.</param>
    /// <param name="skipSeconds">What is further from the end can be left out.</param>
    public void Control(int partTargetMs, int skipSeconds)
    {
        var holdBackMs = PartsHeldBack * partTargetMs;
        Line(Invariant(
            $"#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK={Seconds(holdBackMs)}"));
        Line(Invariant($",CAN-SKIP-UNTIL={skipSeconds}.0\n"));
        Line(Invariant($"#EXT-X-PART-INF:PART-TARGET={Seconds(partTargetMs)}\n"));
    }

    /// <summary>So many segments are known to whoever asked (§4.4.5.2).</summary>
    public void Skip(int segments) => Line(Invariant($"#EXT-X-SKIP:SKIPPED-SEGMENTS={segments}\n"));

    /// <summary>A part of the segment that was begun (§4.4.4.9).</summary>
    /// <param name="durationMs">Greater than 0.</param>
    /// <param name="isIndependent">Whether decoding can begin with it.</param>
    /// <param name="folder">What stands before the name; percent-encoded, or empty.</param>
    /// <param name="sequence">Of its segment.</param>
    /// <param name="index">From 0 on.</param>
    /// <param name="ending">How its name ends.</param>
    public void Part(
        long durationMs, bool isIndependent, ReadOnlySpan<byte> folder, long sequence, int index,
        string ending)
    {
        Line(Invariant($"#EXT-X-PART:DURATION={Seconds(durationMs)},URI=\""));
        Text(folder);
        Line(Invariant($"{sequence}.{index}{ending}\""));
        Text(isIndependent ? ",INDEPENDENT=YES\n"u8 : "\n"u8);
    }

    /// <summary>The part that comes next; who asks for it waits until it is there (§4.4.5.3).
    /// </summary>
    public void Hint(ReadOnlySpan<byte> folder, long sequence, int index, string ending)
    {
        Text("#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\""u8);
        Text(folder);
        Line(Invariant($"{sequence}.{index}{ending}\"\n"));
    }

    private static string Seconds(long milliseconds) =>
        Invariant($"{milliseconds / 1000}.{milliseconds % 1000:000}");
}
