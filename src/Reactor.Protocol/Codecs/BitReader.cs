using System;

namespace Reactor.Protocol.Codecs;

/// <summary>Reads bits, highest first, and takes the bytes out that stand in for others.</summary>
/// <remarks>
/// Past the end it reads zeros and says so, so that a reader of a long syntax asks once, at its
/// end: loops over counts that were read have to be bounded on their own.
/// </remarks>
/// <param name="bytes">What to read from.</param>
/// <param name="hasEmulation">
/// Whether 00 00 03 stands for 00 00, as in NAL units (H.264 §7.4.1.1).
/// </param>
internal ref struct BitReader(ReadOnlySpan<byte> bytes, bool hasEmulation)
{
    /// <summary>Exp-Golomb codes above 2^32 − 2 are in no syntax.</summary>
    private const int LeadingZerosMax = 31;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _next;
    private int _zeros;
    private uint _current;
    private int _left;

    /// <summary>Whether more was asked for than there is, or a code has no value.</summary>
    public bool IsOverrun { get; private set; }

    public bool Flag()
    {
        if (_left == 0 && !TryNext())
        {
            IsOverrun = true;
            return false;
        }
        return ((_current >> --_left) & 1) != 0;
    }

    /// <param name="count">0 to 32.</param>
    public uint Bits(int count)
    {
        var value = 0u;
        for (; count > 0; count--)
            value = (value << 1) | (Flag() ? 1u : 0u);
        return value;
    }

    public void Skip(int count)
    {
        for (; count > 0 && !IsOverrun; count--)
            Flag();
    }

    /// <summary>ue(v): an unsigned Exp-Golomb code (H.264 §9.1).</summary>
    public uint Unsigned()
    {
        var zeros = 0;
        while (!Flag())
        {
            if (IsOverrun || ++zeros > LeadingZerosMax)
            {
                IsOverrun = true;
                return 0;
            }
        }
        return (1u << zeros) - 1 + Bits(zeros);
    }

    /// <summary>ue(v), bounded: a greater number counts as overrun.</summary>
    public int Unsigned(int max)
    {
        var value = Unsigned();
        if (value <= (uint)max)
            return (int)value;
        IsOverrun = true;
        return 0;
    }

    /// <summary>se(v): a signed Exp-Golomb code (H.264 §9.1.1).</summary>
    public int Signed()
    {
        var code = Unsigned();
        return (code & 1) != 0 ? (int)((code >> 1) + 1) : -(int)(code >> 1);
    }

    private bool TryNext()
    {
        if (hasEmulation && _zeros >= 2 && _next < _bytes.Length && _bytes[_next] == 3)
        {
            _next++;
            _zeros = 0;
        }
        if (_next == _bytes.Length)
            return false;
        _current = _bytes[_next++];
        _zeros = _current == 0 ? _zeros + 1 : 0;
        _left = 8;
        return true;
    }
}
