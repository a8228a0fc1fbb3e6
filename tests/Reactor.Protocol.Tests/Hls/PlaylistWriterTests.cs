using System;
using System.Text;
using NUnit.Framework;
using Reactor.Protocol.Hls;
using Reactor.Testing.Hls;

namespace Reactor.Protocol.Tests.Hls;

[TestFixture]
public sealed class PlaylistWriterTests
{
    private static readonly DateTimeOffset Date = new(2026, 11, 26, 8, 30, 5, 78, TimeSpan.Zero);

    [Test]
    public void A_playlist_reads_as_rfc_8216_has_it()
    {
        var room = new byte[1000];
        var playlist = new PlaylistWriter(room);
        playlist.Header(3, 4, sequence: 1_700_000_000, discontinuities: 0);
        playlist.Begin(isDiscontinuity: false, Date);
        playlist.Segment(4004, "a%20b/"u8, 1_700_000_000);
        playlist.Begin(isDiscontinuity: true, Date.AddSeconds(4));
        playlist.Segment(67, "a%20b/"u8, 1_700_000_001);

        Assert.That(Encoding.ASCII.GetString(room, 0, playlist.Length), Is.EqualTo(
            """
            #EXTM3U
            #EXT-X-VERSION:3
            #EXT-X-TARGETDURATION:4
            #EXT-X-MEDIA-SEQUENCE:1700000000
            #EXT-X-PROGRAM-DATE-TIME:2026-11-26T08:30:05.078Z
            #EXTINF:4.004,
            a%20b/1700000000.ts
            #EXT-X-DISCONTINUITY
            #EXT-X-PROGRAM-DATE-TIME:2026-11-26T08:30:09.078Z
            #EXTINF:0.067,
            a%20b/1700000001.ts

            """));
    }

    [Test]
    public void Discontinuities_that_left_are_counted_and_the_end_is_told()
    {
        var room = new byte[1000];
        var playlist = new PlaylistWriter(room);
        playlist.Header(PlaylistWriter.UsualVersion, 2, sequence: 7, discontinuities: 3);
        playlist.Begin(isDiscontinuity: false, Date);
        playlist.Segment(2000, ""u8, 7);
        playlist.End();

        var text = Encoding.ASCII.GetString(room, 0, playlist.Length);
        Assert.That(text, Does.Contain("\n#EXT-X-DISCONTINUITY-SEQUENCE:3\n"));
        Assert.That(text, Does.EndWith("\n7.ts\n#EXT-X-ENDLIST\n"));
        Assert.That(() => new PlaylistChecker().Read(text), Throws.Nothing);
    }

    [Test]
    public void The_longest_lines_fit_into_the_room_that_is_told()
    {
        var room = new byte[PlaylistWriter.HeaderBytesMax + PlaylistWriter.SegmentBytesMax];
        var playlist = new PlaylistWriter(room);

        playlist.Header(int.MaxValue, int.MaxValue, long.MaxValue, long.MaxValue);
        playlist.Begin(isDiscontinuity: true, Date);
        playlist.Segment(long.MaxValue, ""u8, long.MaxValue);
        playlist.End();

        Assert.That(playlist.Length, Is.LessThanOrEqualTo(room.Length));
    }
}
