using System;
using Reactor.Primitives;

namespace Reactor.Transport.Network;

/// <summary>Reads the bytes of a gathering write one behind the other.</summary>
internal ref struct GatherCursor
{
    private readonly GatherList _list;
    private int _segment;
    private int _offset;

    /// <param name="list">Not changed meanwhile.</param>
    /// <param name="skip">Bytes to leave out at the start.</param>
    public GatherCursor(GatherList list, int skip)
    {
        _list = list;
        while (skip > 0 && skip >= list[_segment].Length)
            skip -= list[_segment++].Length;
        _offset = skip;
    }

    /// <summary>Copies as much as there is, and as fits.</summary>
    /// <returns>Bytes; 0 at the end.</returns>
    public int Copy(Span<byte> into)
    {
        var filled = 0;
        while (filled < into.Length && _segment < _list.Count)
        {
            var segment = _list[_segment][_offset..];
            var count = Math.Min(segment.Length, into.Length - filled);
            segment[..count].CopyTo(into[filled..]);
            filled += count;
            _offset += count;
            if (count == segment.Length)
                (_segment, _offset) = (_segment + 1, 0);
        }
        return filled;
    }
}
