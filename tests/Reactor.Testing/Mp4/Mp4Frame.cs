namespace Reactor.Testing.Mp4;

/// <summary>A sample of a fragment, its times in ticks of its track.</summary>
/// <param name="Track">What the file's head says of it.</param>
/// <param name="DecodeTime">When it is decoded.</param>
/// <param name="ShowTime">When it is shown.</param>
/// <param name="Duration">Until the next one.</param>
/// <param name="IsSync">Whether decoding can begin here.</param>
/// <param name="Fragment">Counted from 0.</param>
/// <param name="Bytes">Its contents.</param>
public sealed record Mp4Frame(
    Mp4Described Track, long DecodeTime, long ShowTime, uint Duration, bool IsSync, int Fragment,
    byte[] Bytes)
{
    public bool IsVideo => Track.IsVideo;

    public double TimeMs => DecodeTime * 1000.0 / Track.Timescale;

    public double ShowMs => ShowTime * 1000.0 / Track.Timescale;
}
