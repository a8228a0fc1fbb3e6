using System;

namespace Reactor.Protocol.Codecs;

/// <summary>Walks through the NAL units of a frame, behind lengths or start codes.</summary>
/// <remarks>
/// Frames in FLV have a length before each unit; some encoders write start codes instead (Q52).
/// 00 00 01 xx is also the length of a unit of 256 to 511 bytes, so lengths are tried first: as
/// long as they lead exactly to the frame's end they are lengths.
/// </remarks>
public ref struct NaluReader
{
    private readonly int _lengthBytes;
    private ReadOnlySpan<byte> _rest;

    /// <param name="frame">All units of one frame.</param>
    /// <param name="lengthBytes">1 to 4, from the configuration.</param>
    public NaluReader(ReadOnlySpan<byte> frame, int lengthBytes)
        : this(frame, lengthBytes, StartsWithCode(frame) && !AreLengths(frame, lengthBytes))
    {
    }

    private NaluReader(ReadOnlySpan<byte> frame, int lengthBytes, bool isAnnexB)
    {
        _rest = frame;
        _lengthBytes = lengthBytes;
        IsAnnexB = isAnnexB;
    }

    /// <summary>Whether start codes are between the units (H.264 annex B).</summary>
    public bool IsAnnexB { get; }

    /// <summary>For bytes that are known to begin with a start code.</summary>
    public static NaluReader AnnexB(ReadOnlySpan<byte> bytes) => new(bytes, 4, isAnnexB: true);

    public static bool StartsWithCode(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0, 0, 1])
        || bytes.StartsWith((ReadOnlySpan<byte>)[0, 0, 0, 1]);

    /// <summary>The next unit, which has a byte at least.</summary>
    /// <returns>
    /// False at the end; what is cut short there is left out, and so are empty units.
    /// </returns>
    public bool TryRead(out ReadOnlySpan<byte> nalu)
    {
        while (IsAnnexB ? TryReadCoded(out nalu) : TryReadCounted(out nalu))
        {
            if (!nalu.IsEmpty)
                return true;
        }
        return false;
    }

    private static bool AreLengths(ReadOnlySpan<byte> frame, int lengthBytes)
    {
        var input = new NaluReader(frame, lengthBytes, isAnnexB: false);
        while (input.TryReadCounted(out var nalu))
        {
            if (nalu.IsEmpty || nalu[0] >= 0x80)    // forbidden_zero_bit
                return false;
        }
        return input._rest.IsEmpty;
    }

    private bool TryReadCounted(out ReadOnlySpan<byte> nalu)
    {
        nalu = default;
        if (_rest.Length < _lengthBytes)
            return false;
        var length = 0u;
        foreach (var part in _rest[.._lengthBytes])
            length = (length << 8) | part;
        if (length > (uint)(_rest.Length - _lengthBytes))
            return false;
        nalu = _rest.Slice(_lengthBytes, (int)length);
        _rest = _rest[(_lengthBytes + (int)length)..];
        return true;
    }

    /// <summary>From behind one start code to the next, without the zeros before it.</summary>
    private bool TryReadCoded(out ReadOnlySpan<byte> nalu)
    {
        ReadOnlySpan<byte> code = [0, 0, 1];
        nalu = default;
        var start = _rest.IndexOf(code);
        if (start < 0)
            return false;
        _rest = _rest[(start + code.Length)..];
        var end = _rest.IndexOf(code);
        nalu = (end < 0 ? _rest : _rest[..end]).TrimEnd((byte)0);
        _rest = end < 0 ? default : _rest[end..];
        return true;
    }
}
