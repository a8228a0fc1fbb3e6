using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Reactor.Load.Traffic;

/// <summary>What every frame of the load carries, so that its delivery can be verified.</summary>
/// <remarks>
/// Behind the codec's own bytes:  mark:32 sequence:32 sent:64 checksum:32, big-endian. The
/// checksum (CRC-32C) is of the whole payload but itself, so that a byte that was changed,
/// lost or taken from another frame is seen.
/// </remarks>
/// <param name="Sequence">Counts each track of a stream from 0.</param>
/// <param name="SentTicks">When it was sent, on the machine's monotonic clock.</param>
internal readonly record struct FrameStamp(uint Sequence, long SentTicks)
{
    /// <summary>
    /// Where the stamp stands: behind the tag header and the start of a NAL unit.
    /// </summary>
    public const int Offset = 10;

    /// <summary>The shortest payload that can carry a stamp.</summary>
    public const int PayloadBytesMin = ChecksumOffset + sizeof(uint);

    private const uint Mark = 0x5254_4C44;
    private const int ChecksumOffset = Offset + 16;

    /// <summary>Writes the stamp into a payload that is complete but for it.</summary>
    public void Write(Span<byte> payload)
    {
        var stamp = payload[Offset..];
        BinaryPrimitives.WriteUInt32BigEndian(stamp, Mark);
        BinaryPrimitives.WriteUInt32BigEndian(stamp[4..], Sequence);
        BinaryPrimitives.WriteInt64BigEndian(stamp[8..], SentTicks);
        BinaryPrimitives.WriteUInt32BigEndian(payload[ChecksumOffset..], Checksum(payload));
    }

    /// <summary>Reads the stamp; false for a payload that is not as it was sent.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out FrameStamp stamp)
    {
        stamp = default;
        if (payload.Length < PayloadBytesMin)
            return false;
        var bytes = payload[Offset..];
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes) != Mark
            || BinaryPrimitives.ReadUInt32BigEndian(payload[ChecksumOffset..]) != Checksum(payload))
        {
            return false;
        }
        stamp = new FrameStamp(
            BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[8..]));
        return true;
    }

    private static uint Checksum(ReadOnlySpan<byte> payload)
    {
        var checksum = Continue(uint.MaxValue, payload[..ChecksumOffset]);
        return ContinueByFour(checksum, payload[PayloadBytesMin..]);
    }

    /// <summary>
    /// Four checksums of every fourth word each, and one of them: the processor works on all four
    /// at once, and a load has no time to lose.
    /// </summary>
    private static uint ContinueByFour(uint checksum, ReadOnlySpan<byte> bytes)
    {
        const int step = 4 * sizeof(ulong);
        var (one, two, three, four) = (checksum, checksum, checksum, checksum);
        for (; bytes.Length >= step; bytes = bytes[step..])
        {
            var words = MemoryMarshal.Cast<byte, ulong>(bytes[..step]);
            one = BitOperations.Crc32C(one, words[0]);
            two = BitOperations.Crc32C(two, words[1]);
            three = BitOperations.Crc32C(three, words[2]);
            four = BitOperations.Crc32C(four, words[3]);
        }
        // Not in the lower half, which is added to the checksum: then two would be alike.
        one = BitOperations.Crc32C(one, (ulong)two << 32);
        one = BitOperations.Crc32C(one, (ulong)three << 32);
        one = BitOperations.Crc32C(one, (ulong)four << 32);
        return Continue(one, bytes);
    }

    private static uint Continue(uint checksum, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            checksum = BitOperations.Crc32C(checksum, word);
        }
        foreach (var each in bytes)
            checksum = BitOperations.Crc32C(checksum, each);
        return checksum;
    }
}
