using System;
using System.Buffers.Binary;
using Reactor.Protocol.Rtmp;

namespace Reactor.Testing;

/// <summary>Chunks of all four types, right or wrong, as RTMP 1.0 §5.3.1 draws them.</summary>
/// <remarks>
/// Written apart from ChunkWriter, which knows two types only, so that the reader is not
/// proved by its own author's writer.
/// </remarks>
public static class Chunks
{
    public const uint ExtendedMark = 0xFF_FFFF;

    public static byte[] Type0(
        uint id, uint time, int length, MessageType type, uint stream, ReadOnlySpan<byte> payload)
    {
        var little = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(little, stream);
        return
        [
            .. Id(0, id), .. Time(time), .. Number(length, 3), (byte)type, .. little,
            .. Extended(time), .. payload,
        ];
    }

    public static byte[] Type1(
        uint id, uint delta, int length, MessageType type, ReadOnlySpan<byte> payload) =>
    [
        .. Id(1, id), .. Time(delta), .. Number(length, 3), (byte)type, .. Extended(delta),
        .. payload,
    ];

    public static byte[] Type2(uint id, uint delta, ReadOnlySpan<byte> payload) =>
        [.. Id(2, id), .. Time(delta), .. Extended(delta), .. payload];

    public static byte[] Type3(uint id, ReadOnlySpan<byte> payload) => [.. Id(3, id), .. payload];

    /// <summary>A type 3 chunk that repeats the extended timestamp (Q8).</summary>
    public static byte[] Type3(uint id, uint repeated, ReadOnlySpan<byte> payload) =>
        [.. Id(3, id), .. Number(repeated, 4), .. payload];

    /// <summary>A message of one chunk; its payload has to fit.</summary>
    public static byte[] Whole(
        uint id, uint time, MessageType type, uint stream, ReadOnlySpan<byte> payload) =>
        Type0(id, time, payload.Length, type, stream, payload);

    /// <summary>A protocol control message: Set Chunk Size, Abort, windows.</summary>
    public static byte[] Control(MessageType type, params ReadOnlySpan<byte> body) =>
        Whole(2, 0, type, 0, body);

    /// <summary>The basic header in its shortest form.</summary>
    public static byte[] Id(int format, uint id) =>
        Id(format, id, id < 64 ? 1 : id < 320 ? 2 : 3);

    /// <summary>The basic header in a chosen form: 64 to 319 may be written in two.</summary>
    public static byte[] Id(int format, uint id, int bytes) => bytes switch
    {
        1 => [(byte)((format << 6) | (int)id)],
        2 => [(byte)(format << 6), (byte)(id - 64)],
        _ => [(byte)((format << 6) | 1), (byte)(id - 64), (byte)((id - 64) >> 8)],
    };

    /// <summary>A big-endian number of so many bytes.</summary>
    public static byte[] Number(long value, int bytes)
    {
        var number = new byte[bytes];
        for (var i = 0; i < bytes; i++)
            number[i] = (byte)(value >> (8 * (bytes - 1 - i)));
        return number;
    }

    private static byte[] Time(uint time) => Number(Math.Min(time, ExtendedMark), 3);

    private static byte[] Extended(uint time) => time >= ExtendedMark ? Number(time, 4) : [];
}
