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

/// <summary>Payloads that look like AVC, HEVC and AAC, and can be told from one another.</summary>
/// <remarks>
/// Behind the codec's own first bytes stands a stamp: a mark, the publication, the index of the
/// message in it. The rest follows from the stamp, so that a payload can be checked byte for
/// byte against what was published, by its hash.
/// </remarks>
public static class Frames
{
    private const uint Mark = 0x52454143;
    private const int StampBytes = 12;

    /// <summary>The longest prefix before the stamp.</summary>
    private const int PrefixMax = 64;

    /// <summary>Lays out one payload.</summary>
    /// <returns>Its length; at least the prefix and the stamp.</returns>
    public static int Write(
        Span<byte> into, FrameSort sort, bool isHevc, uint publication, uint index, int bytes)
    {
        var prefix = WritePrefix(into, sort, isHevc);
        var stamp = into[prefix..];
        BinaryPrimitives.WriteUInt32BigEndian(stamp, Mark);
        BinaryPrimitives.WriteUInt32BigEndian(stamp[4..], publication);
        BinaryPrimitives.WriteUInt32BigEndian(stamp[8..], index);
        var length = Math.Max(bytes, prefix + StampBytes);
        var state = ((ulong)publication << 32) | index;
        for (var i = prefix + StampBytes; i < length; i++)
        {
            state = (state * 6364136223846793005) + 1442695040888963407;
            into[i] = (byte)(state >> 56);
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
        Span<byte> mark = [0x52, 0x45, 0x41, 0x43];
        var at = payload[..Math.Min(payload.Length, PrefixMax + StampBytes)].IndexOf(mark);
        if (at < 0 || payload.Length < at + StampBytes)
            return false;
        publication = BinaryPrimitives.ReadUInt32BigEndian(payload[(at + 4)..]);
        index = BinaryPrimitives.ReadUInt32BigEndian(payload[(at + 8)..]);
        return true;
    }

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

    private static int WritePrefix(Span<byte> into, FrameSort sort, bool isHevc)
    {
        var prefix = sort switch
        {
            // Enhanced RTMP: 1 frame:3 packet:4, FourCC; CodedFramesX has no composition time.
            FrameSort.VideoHeader when isHevc => [0x90, .. "hvc1"u8],
            FrameSort.Keyframe when isHevc => [0x93, .. "hvc1"u8],
            FrameSort.Inter when isHevc => [0xA3, .. "hvc1"u8],
            // FLV §E.4.3: frame:4 codec:4, packet type, composition time.
            FrameSort.VideoHeader => (byte[])[0x17, 0, 0, 0, 0, 1, 0x64, 0, 0x1F, 0xFF, 0xE1],
            FrameSort.Keyframe => [0x17, 1, 0, 0, 40, 0, 0, 0, 99, 0x65],
            FrameSort.Inter => [0x27, 1, 0, 0, 0, 0, 0, 0, 99, 0x41],
            FrameSort.AudioHeader => [0xAF, 0, 0x12, 0x10],
            FrameSort.Audio => [0xAF, 1, 0x21],
            // Data: a string, then a string with the stamp in it.
            FrameSort.Metadata => [.. Text("@setDataFrame"), .. Text("onMetaData"), 2, 0, 12],
            _ => [.. Text("onCuePoint"), 2, 0, 12],
        };
        prefix.CopyTo(into);
        return prefix.Length;
    }

    private static byte[] Text(string text) =>
        [2, 0, (byte)text.Length, .. Encoding.ASCII.GetBytes(text)];
}
