using System;
using System.Buffers.Binary;

namespace Reactor.Primitives;

/// <summary>Reads big-endian numbers from a span; too few bytes is an answer, no failure.</summary>
public ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Bytes not read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    public readonly int Remaining => _rest.Length;

    public bool TryRead(int count, out ReadOnlySpan<byte> bytes)
    {
        if ((uint)count > (uint)_rest.Length)
        {
            bytes = default;
            return false;
        }
        bytes = _rest[..count];
        _rest = _rest[count..];
        return true;
    }

    public bool TrySkip(int count) => TryRead(count, out _);

    public bool TryReadByte(out byte value)
    {
        var ok = TryRead(1, out var bytes);
        value = ok ? bytes[0] : default;
        return ok;
    }

    public bool TryReadUInt16(out ushort value)
    {
        var ok = TryRead(2, out var bytes);
        value = ok ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : default;
        return ok;
    }

    public bool TryReadUInt24(out uint value)
    {
        var ok = TryRead(3, out var bytes);
        value = ok ? (uint)((bytes[0] << 16) | (bytes[1] << 8) | bytes[2]) : default;
        return ok;
    }

    public bool TryReadUInt32(out uint value)
    {
        var ok = TryRead(4, out var bytes);
        value = ok ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : default;
        return ok;
    }

    public bool TryReadDouble(out double value)
    {
        var ok = TryRead(8, out var bytes);
        value = ok ? BinaryPrimitives.ReadDoubleBigEndian(bytes) : default;
        return ok;
    }
}
