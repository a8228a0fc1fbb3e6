using System;
using Reactor.Protocol.Flv;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Reactor.Protocol.Mp4;

/// <summary>Reads boxes that stand one behind the other, all there to the last byte.</summary>
/// <remarks>ISO 14496-12 §4.2; see <see cref="BoxWriter"/>.</remarks>
internal ref struct BoxReader(ReadOnlySpan<byte> bytes)
{
    /// <summary>Version and flags of a full box.</summary>
    private const int FullLength = 4;

    private ReadOnlySpan<byte> _rest = bytes;

    public FourCc Type { get; private set; }

    /// <summary>What it holds.</summary>
    public ReadOnlySpan<byte> Body { get; private set; }

    public static ProtocolException Broken(string what) => new(ProtocolError.Mp4, what);

    /// <summary>The body of the first box of a type.</summary>
    /// <exception cref="ProtocolException">There is none.</exception>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> boxes, ReadOnlySpan<byte> type)
    {
        var reader = new BoxReader(boxes);
        while (reader.TryRead())
        {
            if (reader.Type == FourCc.Of(type))
                return reader.Body;
        }
        throw Broken($"no {FourCc.Of(type)}");
    }

    /// <summary>The fields of a full box: what stands behind version and flags.</summary>
    /// <param name="boxes">Where it is looked for.</param>
    /// <param name="type">Four letters.</param>
    /// <param name="version">That which our writer writes.</param>
    /// <param name="length">Bytes that there are at least.</param>
    public static ReadOnlySpan<byte> FindFull(
        ReadOnlySpan<byte> boxes, ReadOnlySpan<byte> type, int version, int length)
    {
        var body = Find(boxes, type);
        if (body.Length < FullLength + length || body[0] != version)
            throw Broken($"{FourCc.Of(type)} of {body.Length} bytes");
        return body[FullLength..];
    }

    /// <summary>Goes to the next box.</summary>
    /// <returns>False behind the last.</returns>
    /// <exception cref="ProtocolException">It is longer than what there is.</exception>
    public bool TryRead()
    {
        if (_rest.IsEmpty)
            return false;
        if (Mp4Box.Read(_rest) is not { } box || box.Length > _rest.Length)
            throw Broken($"a box beyond {_rest.Length} bytes");
        Type = box.Type;
        Body = _rest[Mp4Box.HeadLength..(int)box.Length];
        _rest = _rest[(int)box.Length..];
        return true;
    }
}

/// <summary>What the first bytes of a box say.</summary>
/// <param name="Type">Its four letters.</param>
/// <param name="Length">Its bytes, these included.</param>
public readonly record struct Mp4Box(FourCc Type, long Length)
{
    public const int HeadLength = 8;

    /// <returns>Null where they are too few, or no head of a box as we write them.</returns>
    public static Mp4Box? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeadLength)
            return null;
        var length = ReadUInt32BigEndian(bytes);
        return length < HeadLength ? null : new Mp4Box(FourCc.Of(bytes[4..8]), length);
    }
}
