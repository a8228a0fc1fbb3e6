using System;
using System.Buffers.Binary;
using Reactor.Primitives;

namespace Reactor.Protocol.Mp4;

/// <summary>Writes boxes within boxes into a span that was made large enough.</summary>
/// <remarks>
/// ISO 14496-12 §4.2. A box begins with its length, which is filled in when it ends.
/// <code>
/// | length 32 | type 32 | of a full box: version 8 | flags 24 | ... |
/// </code>
/// </remarks>
internal ref struct BoxWriter(Span<byte> target)
{
    public const int HeadLength = 8;

    private readonly Span<byte> _target = target;
    private ByteWriter _to = new(target);

    /// <summary>Bytes written.</summary>
    public readonly int Length => _to.Length;

    /// <param name="type">Four letters.</param>
    /// <returns>What <see cref="End"/> is to be given.</returns>
    public int Begin(ReadOnlySpan<byte> type)
    {
        var start = _to.Length;
        _to.UInt32(0);
        _to.Bytes(type);
        return start;
    }

    public int BeginFull(ReadOnlySpan<byte> type, byte version = 0, uint flags = 0)
    {
        var start = Begin(type);
        _to.Byte(version);
        _to.UInt24(flags);
        return start;
    }

    /// <summary>A box that holds nothing but bytes.</summary>
    public void Box(ReadOnlySpan<byte> type, ReadOnlySpan<byte> bytes)
    {
        var start = Begin(type);
        Bytes(bytes);
        End(start);
    }

    public readonly void End(int start) =>
        BinaryPrimitives.WriteUInt32BigEndian(_target[start..], (uint)(_to.Length - start));

    public void Byte(byte value) => _to.Byte(value);

    public void UInt16(int value) => _to.UInt16((ushort)value);

    public void UInt24(int value) => _to.UInt24((uint)value);

    public void UInt32(uint value) => _to.UInt32(value);

    public void UInt64(ulong value) =>
        BinaryPrimitives.WriteUInt64BigEndian(_to.Take(sizeof(ulong)), value);

    public void Bytes(ReadOnlySpan<byte> bytes) => _to.Bytes(bytes);

    public void Zeros(int count) => _to.Take(count).Clear();
}
