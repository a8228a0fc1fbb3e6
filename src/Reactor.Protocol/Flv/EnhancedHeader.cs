using System;
using Reactor.Primitives;

namespace Reactor.Protocol.Flv;

/// <summary>What audio and video of Enhanced RTMP have in common behind their first byte.</summary>
/// <remarks>
/// <code>
/// ModEx, any number:   | size - 1: 8 | or 255 and size - 1: 16 | data | type 4 | next 4 |
/// Multitrack:          | how 4 | packet type 4 |
/// unless each track has its own:              | FourCC 32 |
/// of each track, if Multitrack:               | FourCC 32, if own | id 8 | size 24, if many |
/// </code>
/// </remarks>
/// <param name="PacketType">What is left once ModEx and Multitrack are taken off.</param>
/// <param name="Codec">Of the first track, if there are several.</param>
/// <param name="TrackId">Of the first track; 0 for the plain form.</param>
/// <param name="Tracks">How many, and whether they share a codec.</param>
/// <param name="BytesBehind">Those of other tracks, behind the first one's.</param>
internal readonly record struct EnhancedHeader(
    int PacketType, FourCc Codec, byte TrackId, Multitrack Tracks, int BytesBehind)
{
    private const int ModEx = 7;

    /// <summary>Reads up to the first track's contents.</summary>
    /// <param name="input">Stands behind the payload's first byte; moved on.</param>
    /// <param name="packetType">The first byte's low four bits.</param>
    /// <param name="multitrack">The packet type that means Multitrack: 6 or 5.</param>
    /// <param name="header">What was read.</param>
    /// <returns>False when the payload ends first, or names a form that is not known.</returns>
    public static bool TryRead(
        ref ByteReader input, int packetType, int multitrack, out EnhancedHeader header)
    {
        header = default;
        while (packetType == ModEx)             // each takes three bytes at least: it ends
        {
            if (!TrySkipModEx(ref input, out packetType))
                return false;
        }
        if (packetType != multitrack)
        {
            header = new(packetType, ReadCodec(ref input), 0, Multitrack.None, 0);
            return !header.Codec.IsNone;
        }

        if (!input.TryReadByte(out var bits) || bits >> 4 > 2 || (bits & 0x0F) == multitrack)
            return false;
        var tracks = Multitrack.OneTrack + (bits >> 4);
        var codec = ReadCodec(ref input);       // shared, or the first track's: the same place
        if (!input.TryReadByte(out var trackId))
            return false;
        var length = (uint)input.Remaining;
        if (tracks != Multitrack.OneTrack && !input.TryReadUInt24(out length))
            return false;
        header = new(
            bits & 0x0F, codec, trackId, tracks, Math.Max(0, input.Remaining - (int)length));
        return !codec.IsNone;
    }

    private static bool TrySkipModEx(ref ByteReader input, out int packetType)
    {
        packetType = 0;
        if (!input.TryReadByte(out var shortSize))
            return false;
        var size = shortSize + 1;
        if (size == 256)
        {
            if (!input.TryReadUInt16(out var longSize))
                return false;
            size = longSize + 1;
        }
        if (!input.TrySkip(size) || !input.TryReadByte(out var bits))
            return false;
        packetType = bits & 0x0F;
        return true;
    }

    private static FourCc ReadCodec(ref ByteReader input) =>
        input.TryReadUInt32(out var letters) ? new FourCc(letters) : default;
}
