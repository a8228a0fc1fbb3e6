using System.IO;
using System.Linq;
using NUnit.Framework;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>ffmpeg publishes, ffmpeg plays, and nothing is lost between the two.</summary>
/// <remarks>
/// The grace is short, because it is what ends a player once its publisher has left.
/// </remarks>
[TestFixture]
public sealed class RelayTests
{
    private const string ShortGrace = "defaults.publish.grace=1s";

    [Test]
    public void Players_that_wait_for_a_publisher_receive_every_packet()
    {
        using var server = ReactorProcess.Start(ShortGrace);
        using var first = Player.Start(server.Url("live/a"));
        using var second = Player.Start(server.Url("live/a"));
        using var publisher = Publisher.Start(Film.Usual, server.Url("live/a"));

        publisher.Finish();
        first.Finish().ShouldEqual(Film.Usual.Recording);
        second.Finish().ShouldEqual(Film.Usual.Recording);
    }

    [Test]
    public void A_late_joiner_begins_at_a_keyframe_and_misses_nothing_after_it()
    {
        using var server = ReactorProcess.Start(ShortGrace);
        using var publisher = Publisher.Start(Film.Long, server.Url("live/a"));
        publisher.WaitForFrame(Film.FramesInGop * 5 / 2);       // in the middle of the third
        using var player = Player.Start(server.Url("live/a"));
        player.WaitForStream();
        var joined = publisher.Frames;

        var sent = publisher.Leave();
        var missed = player.Finish().ShouldEndAt(Film.Long.Recording, sent);
        Assert.That(missed, Is.InRange(Film.FramesInGop * 2, joined + Film.FramesInGop));
    }

    [Test]
    public void Audio_alone_arrives_whole()
    {
        ArrivesWhole(Film.AudioOnly);
    }

    [Test]
    public void Video_alone_arrives_whole()
    {
        ArrivesWhole(Film.VideoOnly);
    }

    [Test]
    public void Twenty_megabits_a_second_arrive_whole()
    {
        // ffmpeg closes without reading what it was sent last. An acknowledgement that is on its
        // way then becomes a reset, and that costs the last packets: so this server sends none. Nor
        // does the player, which may be so slow that it would find a server that has closed.
        ArrivesWhole(Film.Heavy, ["rtmp.in_ack_window=100m", "rtmp.ack_window=100m"]);
    }

    [TestCase("16774", Description = "0xFFFFFF ms is in it: timestamps become extended")]
    [TestCase("2147480", Description = "2^31 ms is in it: ffmpeg begins again at zero (S1.41)")]
    public void A_film_arrives_whole_although_its_clock_overflows(string offset)
    {
        ArrivesWhole(Film.Usual, options: ["-output_ts_offset", offset]);
    }

    [Test]
    public void Timestamps_beyond_24_bits_reach_a_player_that_is_not_rebased()
    {
        const string Jitter = "defaults.play.time_jitter=off";
        using var server = ReactorProcess.Start(ShortGrace, Jitter);
        using var player = Player.Start(server.Url("live/a"));
        using var publisher = Publisher.Start(
            Film.Usual, server.Url("live/a"), "-output_ts_offset", "16774");

        publisher.Finish();
        var played = player.Finish();
        played.ShouldEqual(Film.Usual.Recording);
        Assert.That(played.Video[0].Dts, Is.InRange(16_773_900, 16_774_100));
        Assert.That(played.Video[^1].Dts, Is.GreaterThan(0xFFFFFF));
    }

    [Test]
    public void An_app_may_have_two_levels()
    {
        using var server = ReactorProcess.Start(ShortGrace);
        using var player = Player.Start(
            server.Url("live"), "-rtmp_app", "live", "-rtmp_playpath", "studio/a");
        using var publisher = Publisher.Start(Film.VideoOnly, server.Url("live/studio/a"));

        publisher.Finish();
        player.Finish().ShouldEqual(Film.VideoOnly.Recording);
    }

    [Test]
    public void An_edge_waits_for_what_is_live_where_its_origin_has_a_recording_of_it()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "live"));
        File.Copy(Film.Usual.Path, Path.Combine(folder.Path, "live", "a.flv"));
        using var origin = ReactorProcess.Start(
            ShortGrace, "defaults.vod.enabled=true", $"defaults.vod.path={folder.Path}");
        using var edge = ReactorProcess.Start(
            ShortGrace, $"defaults.pull=rtmp://127.0.0.1:{origin.Port}/live");
        using var player = Player.Start(edge.Url("live/a"));
        edge.Process.WaitForLine(line => line.Contains("runs, by"), Ffmpeg.Deadline);
        using var publisher = Publisher.Start(Film.VideoOnly, origin.Url("live/a"));

        publisher.Finish();
        player.Finish().ShouldEqual(Film.VideoOnly.Recording);
    }

    [Test]
    public void A_query_is_no_part_of_the_name_of_a_stream()
    {
        using var server = ReactorProcess.Start(ShortGrace);
        using var player = Player.Start(server.Url("live/a?token=viewer&x=1"));
        using var publisher = Publisher.Start(Film.VideoOnly, server.Url("live/a?token=secret"));

        publisher.Finish();
        player.Finish().ShouldEqual(Film.VideoOnly.Recording);
    }

    [Test]
    public void A_player_stays_when_its_publisher_is_killed_and_returns()
    {
        using var server = ReactorProcess.Start("defaults.publish.grace=1m");
        using var player = Player.Start(server.Url("live/a"));
        using var killed = Publisher.Start(Film.Usual, server.Url("live/a"));
        killed.WaitForFrame(60);
        killed.Kill();
        using var returned = Publisher.Start(Film.Usual, server.Url("live/a"));

        returned.Finish();
        var gone = 0;
        server.Process.WaitForLine(
            line => line.Contains(" published live/a: ") && ++gone == 2, Ffmpeg.Deadline);
        server.Stop();                          // nobody waits for the grace to be over
        var video = player.Finish().Video;
        var film = Film.Usual.Recording.Video;
        var before = video.Count - film.Count;
        Assert.That(before, Is.InRange(50, film.Count - 1));
        Assert.That(
            Recording.PlacesOf(video, film),
            Is.EqualTo(Enumerable.Range(0, before).Concat(Enumerable.Range(0, film.Count))));
        Assert.That(video.Select(frame => frame.Dts), Is.Ordered);
        Assert.That(video[before].Dts - video[before - 1].Dts, Is.LessThan(60_000));
    }

    [Test]
    public void A_second_publisher_is_refused_and_the_first_goes_on()
    {
        using var server = ReactorProcess.Start(ShortGrace);
        using var player = Player.Start(server.Url("live/a"));
        using var first = Publisher.Start(Film.Long, server.Url("live/a"));
        first.WaitForFrame(30);
        using var second = Publisher.Start(Film.VideoOnly, server.Url("live/a"));

        second.Fail();
        var sent = first.Leave();
        Assert.That(player.Finish().ShouldEndAt(Film.Long.Recording, sent), Is.Zero, "missed");
    }

    private static void ArrivesWhole(
        Film film, string[]? settings = null, string[]? options = null)
    {
        using var server = ReactorProcess.Start([ShortGrace, .. settings ?? []]);
        using var player = Player.Start(server.Url("live/a"));
        using var publisher = Publisher.Start(film, server.Url("live/a"), options ?? []);

        publisher.Finish();
        player.Finish().ShouldEqual(film.Recording);
    }
}
