using System.IO;
using System.Linq;
using NUnit.Framework;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>Relays to and from nginx's RTMP module, with restarts in between.</summary>
[TestFixture]
public sealed class NginxRelayTests
{
    private const string ShortGrace = "defaults.publish.grace=1s";
    private const string QuickPush = "defaults.push_reconnect=1s";
    private const string WholeFilm = "defaults.play.gop_num=8";    // however late a push begins
    private const string QuickPull = "defaults.pull_reconnect=1s";

    [Test]
    public void What_is_pushed_to_nginx_arrives_there_whole()
    {
        using var nginx = NginxRtmp.Start();
        using var server = ReactorProcess.Start(PushTo(nginx), QuickPush, WholeFilm);
        using var player = Player.Start(nginx.Url("live/a"));
        using var publisher = Publisher.Start(Film.Usual, server.Url("live/a"));

        publisher.Finish();
        player.Finish().ShouldEqual(Film.Usual.Recording);
    }

    [Test]
    public void What_is_pulled_from_nginx_for_two_players_arrives_whole()
    {
        using var nginx = NginxRtmp.Start();
        using var server = ReactorProcess.Start(PullFrom(nginx), QuickPull, ShortGrace);
        using var first = Player.Start(server.Url("live/a"));
        using var second = Player.Start(server.Url("live/a"));
        using var publisher = Publisher.Start(Film.Usual, nginx.Url("live/a"));

        publisher.Finish();
        first.Finish().ShouldEqual(Film.Usual.Recording);
        second.Finish().ShouldEqual(Film.Usual.Recording);
    }

    [Test]
    public void A_push_goes_on_after_nginx_was_killed_and_came_back()
    {
        var nginx = NginxRtmp.Start();
        using var server = ReactorProcess.Start(PushTo(nginx), QuickPush);
        using var publisher = Publisher.Start(Film.Long, server.Url("live/a"));
        publisher.WaitForFrame(40);
        nginx.Dispose();
        using var again = NginxRtmp.Start(nginx.Port);
        using var player = Player.Start(again.Url("live/a"));
        player.WaitForStream();

        var sent = publisher.Leave();
        player.Finish().ShouldEndAt(Film.Long.Recording, sent);
    }

    [Test]
    public void A_push_that_nginx_cuts_goes_on_with_what_nginx_has_not_had()
    {
        using var folder = new TemporaryFolder();
        using var nginx = NginxRtmp.Start(
            $"record all; record_path {folder.Path}; record_append on;");
        using var server = ReactorProcess.Start(
            PushTo(nginx), QuickPush, WholeFilm);
        using var publisher = Publisher.Start(Film.Usual, server.Url("live/a"));
        publisher.WaitForFrame(Film.FramesInGop * 5 / 2);
        nginx.DropPublisher("a");
        publisher.Finish();
        server.Stop();

        var file = Directory.GetFiles(folder.Path).Single();
        var recorded = Ffmpeg.Record(file);
        var film = Film.Usual.Recording;
        var places = Recording.PlacesOf(recorded.Video, film.Video).ToList();
        Assert.That(places, Is.Ordered.And.Unique.And.All.Not.Negative, "no picture comes twice");
        Assert.That(places, Does.Contain(film.Video.Count - 1));
        var gap = places.Zip(places.Skip(1)).Single(pair => pair.Second > pair.First + 1);
        Assert.That(gap.Second % Film.FramesInGop, Is.Zero, "it goes on at a keyframe");
        Assert.That(gap.Second - gap.First, Is.LessThanOrEqualTo(Film.FramesInGop));
        var sounds = Recording.PlacesOf(recorded.Audio, film.Audio).ToList();
        Assert.That(sounds, Is.Ordered.And.Unique.And.All.Not.Negative, "no sound comes twice");
    }

    [Test]
    public void A_player_stays_while_the_nginx_that_is_pulled_from_is_killed_and_comes_back()
    {
        var nginx = NginxRtmp.Start();
        using var server = ReactorProcess.Start(
            PullFrom(nginx), QuickPull, "defaults.publish.grace=15s");
        using var player = Player.Start(server.Url("live/a"));
        using var lost = Publisher.Start(Film.Usual, nginx.Url("live/a"));
        lost.WaitForFrame(60);
        nginx.Dispose();
        lost.End();
        using var again = NginxRtmp.Start(nginx.Port);
        using var returned = Publisher.Start(Film.Usual, again.Url("live/a"));

        returned.Finish();
        var video = player.Finish().Video;
        var film = Film.Usual.Recording.Video;
        Assert.That(video.Count, Is.GreaterThan(film.Count / 2 + 50));
        Assert.That(video.Select(frame => frame.Dts), Is.Ordered);
        Assert.That(
            Recording.PlacesOf([.. video.TakeLast(50)], film),
            Is.EqualTo(Enumerable.Range(film.Count - 50, 50)));
    }

    [Test]
    public void An_error_of_nginx_is_told_to_whoever_runs_the_server()
    {
        using var nginx = NginxRtmp.Start();
        using var other = Publisher.Start(Film.Long, nginx.Url("live/a"));
        other.WaitForFrame(10);
        using var server = ReactorProcess.Start(PushTo(nginx), QuickPush);
        using var publisher = Publisher.Start(Film.VideoOnly, server.Url("live/a"));

        server.Process.WaitForLine(
            line => line.Contains("push:live/a") && line.Contains("NetStream.Publish.BadName"),
            Ffmpeg.Deadline);
    }

    private static string PushTo(NginxRtmp nginx) =>
        $"defaults.push=rtmp://127.0.0.1:{nginx.Port}/live";

    private static string PullFrom(NginxRtmp nginx) =>
        $"defaults.pull=rtmp://127.0.0.1:{nginx.Port}/live";
}
