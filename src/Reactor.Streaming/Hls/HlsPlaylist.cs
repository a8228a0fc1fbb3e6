using System;
using Reactor.Primitives;
using Reactor.Protocol.Hls;

namespace Reactor.Streaming.Hls;

/// <summary>The playlist of some segments in a row.</summary>
public static class HlsPlaylist
{
    /// <summary>Writes it.</summary>
    /// <param name="pool">Where the packet comes from.</param>
    /// <param name="targetSeconds">No segment is longer, rounded to seconds.</param>
    /// <param name="segments">At least one, oldest first, with no number left out.</param>
    /// <param name="folder">What stands before their names; percent-encoded, or empty.</param>
    /// <param name="isEnded">Whether no segment will follow.</param>
    /// <returns>Owned by the caller.</returns>
    public static Packet Write(
        PacketPool pool,
        int targetSeconds,
        ReadOnlySpan<HlsSegment> segments,
        ReadOnlySpan<byte> folder,
        bool isEnded)
    {
        Invariant.Holds(!segments.IsEmpty);
        var packet = pool.Rent(PlaylistWriter.HeaderBytesMax
            + (segments.Length * (PlaylistWriter.SegmentBytesMax + folder.Length))
            + (CountInits(segments) * (PlaylistWriter.MapBytesMax + folder.Length)));
        var playlist = new PlaylistWriter(packet.Free);
        var first = segments[0];
        playlist.Header(
            first.Init is null ? PlaylistWriter.UsualVersion : PlaylistWriter.MapVersion,
            targetSeconds,
            first.Sequence,
            first.Discontinuities - (first.IsDiscontinuity ? 1 : 0));
        HlsInit? init = null;
        foreach (var segment in segments)
        {
            if (segment.Init is { } needed && needed != init)
                playlist.Map(folder, needed.Sequence);
            init = segment.Init;
            playlist.Segment(
                segment.DurationMs, segment.IsDiscontinuity, segment.StartUtc, folder,
                segment.Sequence, segment.Ending);
        }
        if (isEnded)
            playlist.End();
        packet.Advance(playlist.Length);
        return packet;
    }

    private static int CountInits(ReadOnlySpan<HlsSegment> segments)
    {
        var count = 0;
        HlsInit? init = null;
        foreach (var segment in segments)
        {
            count += segment.Init != init ? 1 : 0;
            init = segment.Init;
        }
        return count;
    }
}
