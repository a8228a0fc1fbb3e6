using System;

namespace Reactor.Testing.Simulation;

/// <summary>Bytes in, the same bytes out; it grows as needed.</summary>
internal sealed class ByteQueue
{
    private byte[] _bytes = [];
    private int _head;

    public int Count { get; private set; }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (Count + bytes.Length > _bytes.Length)
            Grow(Count + bytes.Length);
        var tail = (_head + Count) & (_bytes.Length - 1);
        var first = Math.Min(bytes.Length, _bytes.Length - tail);
        bytes[..first].CopyTo(_bytes.AsSpan(tail));
        bytes[first..].CopyTo(_bytes);
        Count += bytes.Length;
    }

    /// <summary>The first bytes, as many as lie together; they stay until skipped.</summary>
    public ReadOnlySpan<byte> Peek(int bytesMax)
    {
        var length = Math.Min(Math.Min(bytesMax, Count), _bytes.Length - _head);
        return _bytes.AsSpan(_head, length);
    }

    /// <summary>Moves the first bytes out; there must be as many.</summary>
    public void Read(Span<byte> into)
    {
        while (!into.IsEmpty)
        {
            var piece = Peek(into.Length);
            piece.CopyTo(into);
            into = into[piece.Length..];
            Skip(piece.Length);
        }
    }

    public void Skip(int count)
    {
        Count -= count;
        _head = Count == 0 ? 0 : (_head + count) & (_bytes.Length - 1);
    }

    public void Clear() => Count = _head = 0;

    private void Grow(int needed)
    {
        var capacity = Math.Max(1024, _bytes.Length);
        while (capacity < needed)
            capacity *= 2;
        var larger = new byte[capacity];
        var count = Count;
        Read(larger.AsSpan(0, count));
        _bytes = larger;
        _head = 0;
        Count = count;
    }
}
