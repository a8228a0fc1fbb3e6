using System;
using System.Buffers.Binary;
using Reactor.Primitives;
using Reactor.Protocol.Codecs;

namespace Reactor.Protocol.Mp4;

/// <summary>NAL units behind lengths of four bytes (ISO 14496-15 §4.3.3.1).</summary>
internal static class NaluLengths
{
    private const int LengthBytes = 4;

    /// <summary>Whether a frame has that form already, to its last byte.</summary>
    public static bool AreWhole(ReadOnlySpan<byte> frame, int lengthBytes)
    {
        var units = new NaluReader(frame, lengthBytes);
        return lengthBytes == LengthBytes && !units.IsAnnexB && frame.Length > 0
            && LengthOf(units) == frame.Length;
    }

    /// <summary>Gives a frame that form.</summary>
    /// <returns>False where it has no unit.</returns>
    public static bool TryWrite(
        PacketPool pool, ReadOnlySpan<byte> frame, int lengthBytes, out Mp4Slice sample)
    {
        sample = default;
        var units = new NaluReader(frame, lengthBytes);
        var length = LengthOf(units);
        if (length is 0 or > PacketPool.CapacityMax)
            return false;
        var packet = pool.Rent((int)length);
        while (units.TryRead(out var nalu))
        {
            BinaryPrimitives.WriteInt32BigEndian(packet.Free, nalu.Length);
            packet.Advance(LengthBytes);
            packet.Append(nalu);
        }
        sample = new Mp4Slice(packet, 0, packet.Length);
        return true;
    }

    /// <summary>Of all units, each with its four bytes.</summary>
    private static long LengthOf(NaluReader units)
    {
        var length = 0L;
        while (units.TryRead(out var nalu))
            length += LengthBytes + nalu.Length;
        return length;
    }
}
