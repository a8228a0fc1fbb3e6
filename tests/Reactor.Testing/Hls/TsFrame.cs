namespace Reactor.Testing.Hls;

/// <summary>One PES packet of a transport stream.</summary>
/// <param name="StreamType">As the PMT says.</param>
/// <param name="Pts">Unwrapped, in ticks of 90 kHz.</param>
/// <param name="Dts">Likewise; the same where only one is written.</param>
/// <param name="IsRandomAccess">As its first packet says.</param>
/// <param name="Segment">The number of the segment that it was in, from 0.</param>
/// <param name="Bytes">What is in it.</param>
public sealed record TsFrame(
    byte StreamType, long Pts, long Dts, bool IsRandomAccess, int Segment, byte[] Bytes)
{
    public bool IsVideo => StreamType is 0x1B or 0x24;
}
