using System;

namespace Reactor.Protocol.Rtmp;

/// <summary>Tells a client's first byte from the first byte of other protocols.</summary>
internal static class HandshakeGreeting
{
    /// <summary>The only version that is spoken; higher offers are answered with it too.</summary>
    public const byte Version = 3;

    /// <summary>Refuses what is no C0, by the name that the log should have (Q5, Q6).</summary>
    /// <param name="start">The first bytes that came, one at least; only the first decides.</param>
    /// <exception cref="ProtocolException">
    /// <see cref="ProtocolError.HandshakeVersion"/> for RTMP that is not plain,
    /// <see cref="ProtocolError.NotRtmp"/> for all else that is not 3 to 31.
    /// </exception>
    public static void Check(ReadOnlySpan<byte> start)
    {
        switch (start[0])
        {
            case 6 or 8 or 9:
                throw Refusal(ProtocolError.HandshakeVersion, start, "RTMPE, encrypted RTMP");
            case < Version:
                throw Refusal(ProtocolError.HandshakeVersion, start, "an outdated version");
            case 0x0D:
                throw Refusal(ProtocolError.NotRtmp, start, "PROXY header of version 2");
            case 0x16:
                throw Refusal(ProtocolError.NotRtmp, start, "TLS ClientHello");
            case <= 31:                         // reserved, to be answered with 3 (§5.2.2)
                return;
            case (byte)'P' when start.Length == 1:
                throw Refusal(ProtocolError.NotRtmp, start, "HTTP request or PROXY header");
            case (byte)'P' when start.StartsWith("PROX"u8[..Math.Min(4, start.Length)]):
                throw Refusal(ProtocolError.NotRtmp, start, "PROXY header");
            case >= (byte)'A' and <= (byte)'Z':
                throw Refusal(ProtocolError.NotRtmp, start, "HTTP request");
            case 0xF3:
                throw Refusal(ProtocolError.NotRtmp, start, "PROXY header of SRS");
            default:
                throw Refusal(ProtocolError.NotRtmp, start, "no protocol that is known");
        }
    }

    private static ProtocolException Refusal(
        ProtocolError error, ReadOnlySpan<byte> start, string what) =>
        new(error, $"{what} (first byte 0x{start[0]:x2})");
}
