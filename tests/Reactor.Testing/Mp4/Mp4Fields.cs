using System;
using System.Buffers.Binary;

namespace Reactor.Testing.Mp4;

/// <summary>The fields of a full box, of which its flags say which are there.</summary>
internal ref struct Mp4Fields
{
    private ReadOnlySpan<byte> _rest;

    public Mp4Fields(ReadOnlySpan<byte> body)
    {
        var head = BinaryPrimitives.ReadUInt32BigEndian(body);
        (Version, Flags) = ((int)(head >> 24), head & 0xFF_FFFF);
        _rest = body[4..];
    }

    public int Version { get; }

    public uint Flags { get; }

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public uint UInt32()
    {
        if (_rest.Length < 4)
            throw new Mp4Exception("a box of its length");
        var value = BinaryPrimitives.ReadUInt32BigEndian(_rest);
        _rest = _rest[4..];
        return value;
    }

    /// <returns>Null where the flag is not set.</returns>
    public uint? Optional(uint flag) => (Flags & flag) != 0 ? UInt32() : null;
}
