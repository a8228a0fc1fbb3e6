using System.Linq;
using NUnit.Framework;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>Three servers and a Redis are one service.</summary>
[TestFixture]
public sealed class ClusterTests
{
    [Test]
    public void Players_of_any_server_get_a_stream_that_one_of_them_has()
    {
        using var redis = new RedisServer();
        using var first = Node(redis);
        using var second = Node(redis);
        using var third = Node(redis);
        using var early = Player.Start(second.Url("live/a"));
        using var publisher = Publisher.Start(Film.Long, first.Url("live/a"));
        publisher.WaitForFrame(30);
        using var late = Player.Start(third.Url("live/a"));
        early.WaitForStream();
        late.WaitForStream();

        var sent = publisher.Leave();
        early.Finish().ShouldEndAt(Film.Long.Recording, sent);
        late.Finish().ShouldEndAt(Film.Long.Recording, sent);
    }

    [Test]
    public void A_player_stays_when_the_server_that_had_the_stream_is_killed()
    {
        using var redis = new RedisServer();
        using var first = Node(redis);
        using var second = Node(redis, grace: "1m");
        using var third = Node(redis);
        using var player = Player.Start(second.Url("live/a"));
        using var lost = Publisher.Start(Film.Usual, first.Url("live/a"));
        player.WaitForStream();
        lost.WaitForFrame(110);
        first.Process.Kill();
        lost.End();
        using var moved = Publisher.Start(Film.Usual, third.Url("live/a"));

        moved.Finish();
        third.Process.WaitForLine(
            line => line.Contains(" played live/a: "), Ffmpeg.Deadline);
        second.Stop();                  // it has had all: nobody waits for its grace to be over
        var video = player.Finish().Video;
        var film = Film.Usual.Recording.Video;
        Assert.That(
            Recording.PlacesOf([.. video.TakeLast(25)], film),
            Is.EqualTo(Enumerable.Range(film.Count - 25, 25)), "the end of the second one");
        Assert.That(
            Recording.PlacesOf(video, film).Zip(Recording.PlacesOf(video.Skip(1), film))
                .Count(pair => pair.Second != pair.First + 1),
            Is.EqualTo(1), "behind a part of the first one");
        Assert.That(video.Select(frame => frame.Dts), Is.Ordered);
    }

    private static ReactorProcess Node(
        RedisServer redis, string grace = "6s") => ReactorProcess.Start(
        $"cluster.redis=127.0.0.1:{redis.Port}", "cluster.lease=2s",
        $"defaults.publish.grace={grace}", "defaults.pull_reconnect=1s",
        "defaults.pull_stop_after=1s", "defaults.pull_reconnect_max=1s");
}
