using System;
using System.Buffers.Binary;
using System.Text;

namespace Reactor.Testing.Mp4;

/// <summary>Walks through the boxes that lie side by side in some bytes (ISO 14496-12 §4.2).
/// </summary>
public ref struct Mp4Boxes(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Bytes that are not read yet: at the end none, or a torn box.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    public string Type { get; private set; } = "";

    /// <summary>What the box holds, its head left out.</summary>
    public ReadOnlySpan<byte> Body { get; private set; }

    /// <summary>The box, head and all.</summary>
    public ReadOnlySpan<byte> Whole { get; private set; }

    /// <summary>The next box that is there to its end.</summary>
    public bool TryRead()
    {
        if (_rest.Length < 8)
            return false;
        var length = BinaryPrimitives.ReadUInt32BigEndian(_rest);
        if (length < 8 || length > (uint)_rest.Length)
            return false;
        Type = Encoding.ASCII.GetString(_rest.Slice(4, 4));
        Whole = _rest[..(int)length];
        Body = Whole[8..];
        _rest = _rest[(int)length..];
        return true;
    }

    /// <summary>The only child of that type; empty where there is none.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> bytes, string type)
    {
        var boxes = new Mp4Boxes(bytes);
        while (boxes.TryRead())
        {
            if (boxes.Type == type)
                return boxes.Body;
        }
        return default;
    }
}
