using System;
using System.Collections.Generic;
using System.Linq;
using Reactor.Protocol.Flv;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Reactor.Protocol.Mp4;

/// <summary>Reads the head of a fragment that <see cref="Mp4Fragment"/> has written.</summary>
/// <remarks>
/// Each sample stands in it with its own length: what is set aside follows the bytes that there
/// are, whatever a count says. Times and places are bounded before they are reckoned with.
/// </remarks>
public static class Mp4FragmentReader
{
    /// <summary>No moof of ours is longer: sixteen bytes a sample, and some boxes.</summary>
    public const int BytesMax = (Mp4Writer.SamplesMax * 16) + 1024;

    private const int RunHeadLength = 8;
    private const uint NonSync = 0x0001_0000;
    private const long TicksMax = 1L << 50;

    /// <param name="moof">The whole box.</param>
    /// <param name="head">That of its file.</param>
    /// <returns>Its samples by their times, pictures before sounds.</returns>
    /// <exception cref="ProtocolException">It is none of ours.</exception>
    public static IReadOnlyList<Mp4StoredSample> Read(ReadOnlySpan<byte> moof, Mp4Head head)
    {
        var samples = new List<Mp4StoredSample>();
        var box = new BoxReader(moof);
        if (!box.TryRead() || box.Type != FourCc.Of("moof"u8))
            throw BoxReader.Broken("no moof");
        var boxes = new BoxReader(box.Body);
        while (boxes.TryRead())
        {
            if (boxes.Type == FourCc.Of("traf"u8))
                ReadTrack(boxes.Body, head, samples);
        }
        return [.. samples.OrderBy(sample => sample.TimeMs)];      // which keeps equals in order
    }

    private static void ReadTrack(
        ReadOnlySpan<byte> traf, Mp4Head head, List<Mp4StoredSample> to)
    {
        var tfhd = BoxReader.Find(traf, "tfhd"u8);
        if (tfhd.Length != 8 || ReadUInt32BigEndian(tfhd) != Mp4Fragment.DefaultBaseIsMoof)
            throw BoxReader.Broken("tfhd is none of ours");
        var track = head.TrackOf(ReadUInt32BigEndian(tfhd[4..]));
        var time = ReadInt64BigEndian(BoxReader.FindFull(traf, "tfdt"u8, version: 1, 8));
        if (time is < 0 or > TicksMax)
            throw BoxReader.Broken($"a time of {time} ticks");
        var trun = BoxReader.Find(traf, "trun"u8);
        var flags = Mp4Fragment.RunFlags(track.IsVideo);
        var length = track.IsVideo
            ? Mp4Fragment.VideoSampleLength
            : Mp4Fragment.AudioSampleLength;
        if (trun.Length < 4 + RunHeadLength || ReadUInt32BigEndian(trun) != ((1u << 24) | flags)
            || trun.Length - 4 - RunHeadLength != ReadUInt32BigEndian(trun[4..]) * (long)length)
        {
            throw BoxReader.Broken("trun is none of ours");
        }
        long offset = ReadInt32BigEndian(trun[8..]);
        for (var rest = trun[(4 + RunHeadLength)..]; !rest.IsEmpty; rest = rest[length..])
        {
            var sample = ReadSample(rest, track, time, offset);
            to.Add(sample);
            time += ReadUInt32BigEndian(rest);
            offset += sample.Length;
        }
    }

    private static Mp4StoredSample ReadSample(
        ReadOnlySpan<byte> bytes, Mp4StoredTrack track, long time, long offset)
    {
        var length = ReadInt32BigEndian(bytes[4..]);
        var timeMs = Milliseconds(time, track);
        if (length < 0 || offset < 0 || timeMs > uint.MaxValue)
            throw BoxReader.Broken($"{length} bytes at {offset}, {timeMs} ms");
        if (!track.IsVideo)
            return new Mp4StoredSample(track, (uint)timeMs, 0, true, offset, length);
        var shownMs = Milliseconds(time + ReadInt32BigEndian(bytes[12..]), track);
        return new Mp4StoredSample(
            track, (uint)timeMs, (int)Math.Clamp(shownMs - timeMs, -0x80_0000, 0x7F_FFFF),
            (ReadUInt32BigEndian(bytes[8..]) & NonSync) == 0, offset, length);
    }

    /// <summary>The nearest, for sound is counted in samples.</summary>
    private static long Milliseconds(long ticks, Mp4StoredTrack track) =>
        (long)Math.Round(ticks * 1000.0 / track.Timescale);
}
