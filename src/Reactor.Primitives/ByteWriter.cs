using System;
using System.Buffers.Binary;

namespace Reactor.Primitives;

/// <summary>Writes big-endian numbers into a span that the caller made large enough.</summary>
/// <exception cref="InvariantException">There is no room: the caller's sum was wrong.</exception>
public ref struct ByteWriter(Span<byte> target)
{
    private readonly Span<byte> _target = target;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    public void Byte(byte value) => Take(1)[0] = value;

    public void UInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Take(2), value);

    public void UInt24(uint value)
    {
        var to = Take(3);
        to[0] = (byte)(value >> 16);
        to[1] = (byte)(value >> 8);
        to[2] = (byte)value;
    }

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Take(4), value);

    public void UInt32LittleEndian(uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);

    public void Double(double value) => BinaryPrimitives.WriteDoubleBigEndian(Take(8), value);

    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    /// <summary>The next bytes to write, counted as written.</summary>
    public Span<byte> Take(int count)
    {
        Invariant.Holds(count >= 0 && count <= _target.Length - Length);
        var taken = _target.Slice(Length, count);
        Length += count;
        return taken;
    }
}
