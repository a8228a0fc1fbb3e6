using System;
using System.Buffers.Binary;
using System.Numerics;

namespace Reactor.Protocol.WebSocket;

/// <summary>The mask of a client's payloads (RFC 6455 §5.3); to apply it twice undoes it.</summary>
internal static class WebSocketMask
{
    /// <param name="from">Bytes of the payload.</param>
    /// <param name="to">As many bytes of room, which may be the same.</param>
    /// <param name="key">The four bytes of the key, the first on top.</param>
    /// <param name="position">Of the first byte within the payload.</param>
    public static void Apply(ReadOnlySpan<byte> from, Span<byte> to, uint key, long position)
    {
        key = BitOperations.RotateLeft(key, (int)(position & 3) * 8);
        var wide = ((ulong)key << 32) | key;
        var i = 0;
        for (; i <= from.Length - 8; i += 8)
        {
            var bytes = BinaryPrimitives.ReadUInt64BigEndian(from[i..]);
            BinaryPrimitives.WriteUInt64BigEndian(to[i..], bytes ^ wide);
        }
        for (; i < from.Length; i++)
            to[i] = (byte)(from[i] ^ (key >> (24 - ((i & 3) * 8))));
    }
}
