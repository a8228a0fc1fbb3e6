using System;
using System.Buffers.Binary;
using System.Text;

namespace Reactor.Testing.Simulation;

/// <summary>What a simulated message is.</summary>
public enum FrameSort : byte
{
    Metadata,
    VideoHeader,
    AudioHeader,
    Keyframe,
    Inter,
    Audio,
    Data,
}

/// <summary>Payloads of AVC, HEVC and AAC that can be told from one another.</summary>
/// <remarks>
/// Behind the codec's own first bytes stands a stamp: a mark, the publication, the index of the
/// message in it. The rest follows from the stamp, so that a payload can be checked byte for
/// byte against what was published, by its hash. Headers can be read, and frames are one NAL unit
/// without a zero in it, so that a transport stream can carry them: there the stamp of a header is
/// in its picture parameter set.
/// </remarks>
public static class Frames
{
    private const int NumberBytes = 5;
    private const int StampBytes = 4 + (2 * NumberBytes);
    private const int LengthBytes = 4;
    private const int SortCount = 7;
    private const int KeyframeCompositionMs = 40;

    /// <summary>The longest prefix before the stamp.</summary>
    private const int PrefixMax = 128;

    // FLV §E.4.3: frame:4 codec:4, packet type, composition time; then an avcC of x264's, whose
    // PPS is the stamp's.
    private static readonly byte[] AvcHeader =
    [
        0x17, 0, 0, 0, 0,
        .. Convert.FromHexString("0164001EFFE10018"),
        .. Convert.FromHexString("6764001EACD940B424D8088000000300800000190F8A14CB"),
        1, 0, 1 + StampBytes, 0x68,
    ];

    // Enhanced RTMP: 1 frame:3 packet:4, FourCC; then an hvcC of x265's, likewise.
    private static readonly byte[] HevcHeader =
    [
        0x90, .. "hvc1"u8,
        .. Convert.FromHexString("0101600000009000000000003CF000FCFDF8F800000F03"),
        .. Convert.FromHexString("200001001840010C01FFFF01600000030090000003000003003C959809"),
        .. Convert.FromHexString("210001002B42010101600000030090000003000003003CA00A08"),
        .. Convert.FromHexString("0B9F796566924CAF016808000003000800000300C840"),
        0x22, 0, 1, 0, 2 + StampBytes, 0x44, 1,
    ];

    private static readonly byte[][] Prefixes = MakePrefixes();

    private static ReadOnlySpan<byte> Mark => [0xD2, 0xC5, 0xC1, 0xC3];

    /// <summary>Lays out one payload.</summary>
    /// <returns>Its length; at least the prefix and the stamp.</returns>
    public static int Write(
        Span<byte> into, FrameSort sort, bool isHevc, uint publication, uint index, int bytes)
    {
        var prefix = PrefixOf(sort, isHevc);
        prefix.CopyTo(into);
        var stamp = into.Slice(prefix.Length, StampBytes);
        Mark.CopyTo(stamp);
        WriteNumber(stamp[Mark.Length..], publication);
        WriteNumber(stamp[(Mark.Length + NumberBytes)..], index);
        var length = Math.Max(bytes, prefix.Length + StampBytes);
        var state = ((ulong)publication << 32) | index;
        for (var i = prefix.Length + StampBytes; i < length; i++)
        {
            state = (state * 6364136223846793005) + 1442695040888963407;
            into[i] = (byte)((state >> 56) | 1);
        }
        if (sort is FrameSort.Keyframe or FrameSort.Inter)
        {
            var at = prefix.Length - NaluHeaderBytes(isHevc);
            BinaryPrimitives.WriteInt32BigEndian(into[(at - LengthBytes)..], length - at);
        }
        return length;
    }

    /// <summary>Room for a frame of so many bytes.</summary>
    public static int Capacity(int bytes) => Math.Max(bytes, PrefixMax + StampBytes);

    /// <summary>Finds the stamp.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> payload, out uint publication, out uint index)
    {
        publication = index = 0;
        var at = payload[..Math.Min(payload.Length, PrefixMax + StampBytes)].IndexOf(Mark);
        if (at < 0 || payload.Length < at + StampBytes)
            return false;
        var numbers = payload[(at + Mark.Length)..];
        publication = ReadNumber(numbers);
        index = ReadNumber(numbers[NumberBytes..]);
        return true;
    }

    /// <summary>The payload again as it was published, from what is left of it elsewhere.</summary>
    /// <param name="sort">A frame of audio or video.</param>
    /// <param name="isHevc">Whether it is HEVC's and not AVC's.</param>
    /// <param name="frame">The NAL unit, or the frame of AAC.</param>
    public static byte[] Restore(FrameSort sort, bool isHevc, ReadOnlySpan<byte> frame)
    {
        var prefix = PrefixOf(sort, isHevc);
        if (sort == FrameSort.Audio)
            return [prefix[0], prefix[1], .. frame];
        var before = prefix[..(prefix.Length - NaluHeaderBytes(isHevc))];
        byte[] payload = [.. before, .. frame];
        BinaryPrimitives.WriteInt32BigEndian(
            payload.AsSpan(before.Length - LengthBytes), frame.Length);
        return payload;
    }

    /// <summary>How long after its time a frame is shown, as its first bytes say.</summary>
    public static int CompositionMs(FrameSort sort, bool isHevc) =>
        sort == FrameSort.Keyframe && !isHevc ? KeyframeCompositionMs : 0;

    /// <summary>Tells payloads apart; FNV-1a by eight bytes.</summary>
    public static ulong Hash(ReadOnlySpan<byte> payload)
    {
        var hash = 14695981039346656037UL ^ (ulong)payload.Length;
        while (payload.Length >= 8)
        {
            hash = (hash ^ BinaryPrimitives.ReadUInt64LittleEndian(payload)) * 1099511628211;
            hash ^= hash >> 29;
            payload = payload[8..];
        }
        foreach (var one in payload)
            hash = (hash ^ one) * 1099511628211;
        return hash;
    }

    private static ReadOnlySpan<byte> PrefixOf(FrameSort sort, bool isHevc) =>
        Prefixes[(int)sort + (isHevc ? SortCount : 0)];

    private static int NaluHeaderBytes(bool isHevc) => isHevc ? 2 : 1;

    private static byte[][] MakePrefixes()
    {
        var prefixes = new byte[2 * SortCount][];
        for (var at = 0; at < prefixes.Length; at++)
            prefixes[at] = MakePrefix((FrameSort)(at % SortCount), isHevc: at >= SortCount);
        return prefixes;
    }

    private static byte[] MakePrefix(FrameSort sort, bool isHevc) => sort switch
    {
        // CodedFramesX has no composition time.
        FrameSort.VideoHeader when isHevc => HevcHeader,
        FrameSort.Keyframe when isHevc => [0x93, .. "hvc1"u8, 0, 0, 0, 0, 0x26, 1],
        FrameSort.Inter when isHevc => [0xA3, .. "hvc1"u8, 0, 0, 0, 0, 0x02, 1],
        FrameSort.VideoHeader => AvcHeader,
        FrameSort.Keyframe => [0x17, 1, 0, 0, KeyframeCompositionMs, 0, 0, 0, 0, 0x65],
        FrameSort.Inter => [0x27, 1, 0, 0, 0, 0, 0, 0, 0, 0x41],
        FrameSort.AudioHeader => [0xAF, 0, 0x12, 0x10],
        FrameSort.Audio => [0xAF, 1, 0x21],
        // Data: a string, then a string with the stamp in it.
        FrameSort.Metadata =>
            [.. Text("@setDataFrame"), .. Text("onMetaData"), 2, 0, StampBytes],
        _ => [.. Text("onCuePoint"), 2, 0, StampBytes],
    };

    /// <summary>Seven bits a byte, so that no byte is zero.</summary>
    private static void WriteNumber(Span<byte> into, uint number)
    {
        for (var i = 0; i < NumberBytes; i++)
            into[i] = (byte)(0x80 | (number >> (7 * i)));
    }

    private static uint ReadNumber(ReadOnlySpan<byte> from)
    {
        var number = 0u;
        for (var i = 0; i < NumberBytes; i++)
            number |= (from[i] & 0x7Fu) << (7 * i);
        return number;
    }

    private static byte[] Text(string text) =>
        [2, 0, (byte)text.Length, .. Encoding.ASCII.GetBytes(text)];
}
