using System;
using System.Buffers;
using System.Buffers.Binary;
using Reactor.Protocol.Amf;

namespace Reactor.Protocol.Tests.Amf;

/// <summary>Bodies for the AMF tests, and what a reader says of them.</summary>
internal static class AmfWire
{
    public delegate void Write(ref Amf0Writer writer);

    public static byte[] Of(Write write)
    {
        // Of the pool: a new one for each of ten thousand commands is a collection for each third.
        var room = ArrayPool<byte>.Shared.Rent(1 << 20);
        var writer = new Amf0Writer(room);
        write(ref writer);
        var body = room[..writer.Length];
        ArrayPool<byte>.Shared.Return(room);
        return body;
    }

    /// <summary>Bytes by their digits; blanks are for the eye.</summary>
    public static byte[] Hex(string digits) =>
        Convert.FromHexString(digits.Replace(" ", "", StringComparison.Ordinal));

    public static void Put(byte[] body, int offset, uint value) =>
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(offset), value);

    /// <summary>Reads a body to its end.</summary>
    /// <returns>The detail of the exception that ended it, or null for a good body.</returns>
    public static string? Fault(ReadOnlySpan<byte> body)
    {
        var reader = new Amf0Reader(body);
        try
        {
            while (!reader.AtEnd)
                reader.Read();
            return null;
        }
        catch (ProtocolException fault) when (fault.Error == ProtocolError.Amf)
        {
            return fault.Detail;
        }
    }
}
