using System;

namespace Reactor.Protocol.Codecs;

/// <summary>The head of a packet of Opus (RFC 6716 §3.1).</summary>
/// <remarks>
/// <code>
/// | configuration 5 | stereo 1 | frames: 0 one, 1 and 2 two, 3 any: 2 | then | ... 2 | number 6 |
/// </code>
/// </remarks>
public static class OpusPacket
{
    /// <summary>A packet lasts 120 ms at most (§3.2.5).</summary>
    private const int SamplesMax = 5760;

    /// <returns>How long it lasts, in samples of 48 kHz; 0 when it is none.</returns>
    public static int SamplesOf(ReadOnlySpan<byte> packet)
    {
        if (packet.IsEmpty || ((packet[0] & 3) == 3 && packet.Length < 2))
            return 0;
        var frames = (packet[0] & 3) switch { 0 => 1, 3 => packet[1] & 0x3F, _ => 2 };
        var samples = frames * FrameSamples(packet[0] >> 3);
        return samples <= SamplesMax ? samples : 0;
    }

    /// <summary>Table 2: 10 to 60 ms of SILK, 10 or 20 of both, 2.5 to 20 of CELT.</summary>
    private static int FrameSamples(int configuration) => configuration switch
    {
        < 12 when (configuration & 3) == 3 => 2880,
        < 12 => 480 << (configuration & 3),
        < 16 => 480 << (configuration & 1),
        _ => 120 << (configuration & 3),
    };
}
