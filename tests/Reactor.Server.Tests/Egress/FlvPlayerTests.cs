using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Http;

namespace Reactor.Server.Tests.Egress;

/// <summary>HTTP-FLV: what a player is answered, and when.</summary>
[TestFixture]
public sealed class FlvPlayerTests
{
    private static readonly byte[] Metadata = [2, 0, 10, .. "onMetaData"u8, 5];

    [Test]
    public void A_joiner_has_metadata_headers_and_the_GOP_at_once()
    {
        using var server = new ServerInMemory();
        var publisher = Begin(server);
        using var player = new HttpPeer(server);
        var answer = player.Get("/live/a.flv")!;

        Assert.That(answer.Status, Is.EqualTo(200));
        Assert.That(answer.Headers["Content-Type"], Is.EqualTo("video/x-flv"));
        Assert.That(answer.Headers["Transfer-Encoding"], Is.EqualTo("chunked"));
        Assert.That((answer.HasAudio, answer.HasVideo), Is.EqualTo((true, true)));
        Assert.That(answer.Tags[0].Payload, Is.EqualTo(Metadata));
        Assert.That(answer.Tags.Skip(1).Take(2).Select(tag => tag.IsHeader), Is.All.True);
        Assert.That(answer.Tags[3].IsKeyframe);
        Assert.That(answer.Tags.Select(tag => tag.Time), Is.EqualTo(new[] { 0, 0, 0, 0, 40 }));

        publisher.Inter(80);
        player.Turn();
        Assert.That(answer.Tags[^1].Time, Is.EqualTo(80));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [TestCase("1.0", "", ExpectedResult = null)]
    [TestCase("1.1", "?chunked=0", ExpectedResult = null)]
    [TestCase("1.1", "?chunked=1", ExpectedResult = "chunked")]
    public string? Whoever_cannot_read_chunks_gets_none(string version, string query)
    {
        using var server = new ServerInMemory();
        Begin(server);
        using var player = new HttpPeer(server);
        var answer = player.Get($"/live/a.flv{query}", version: version)!;

        Assert.That(answer.Tags, Has.Count.EqualTo(5));
        return answer.Headers["Transfer-Encoding"];
    }

    [Test]
    public void A_stream_with_sound_alone_says_so_after_a_short_look()
    {
        using var server = new ServerInMemory();
        var publisher = server.Publish();
        publisher.Send(MessageType.Audio, 0, 0xAF, 0, 0x12, 0x10);
        publisher.Sound(0);
        server.Turn();
        using var player = new HttpPeer(server);

        Assert.That(player.Get("/live/a.flv"), Is.Null, "a picture may come");
        for (uint time = 20; time <= 600; time += 20)
        {
            publisher.Sound(time);
            player.Turn(afterMs: 20);
        }
        Assert.That((player.Last.HasAudio, player.Last.HasVideo), Is.EqualTo((true, false)));
        Assert.That(player.Last.Tags[0].IsHeader);
        var times = player.Last.Tags.Skip(1).Select(tag => tag.Time).ToArray();
        Assert.That(times, Is.EqualTo(Enumerable.Range(0, times.Length).Select(i => i * 20)));
        Assert.That(times, Has.Length.GreaterThan(3));
    }

    [TestCase("?has_audio=1&has_video=1", true, true, 5)]
    [TestCase("?has_audio=0", false, true, 4)]
    [TestCase("?has_video=off", true, false, 2)]
    public void Tracks_are_announced_as_the_player_wishes(
        string query, bool hasAudio, bool hasVideo, int tags)
    {
        using var server = new ServerInMemory();
        Begin(server);
        using var player = new HttpPeer(server);
        var answer = player.Get($"/live/a.flv{query}")!;

        Assert.That((answer.HasAudio, answer.HasVideo), Is.EqualTo((hasAudio, hasVideo)));
        Assert.That(answer.Tags.Count(tag => tag.IsHeader || tag.Type != MessageType.Data),
            Is.LessThanOrEqualTo(tags));
    }

    [TestCase("?start_at=key", 0)]
    [TestCase("?start_at=now", 1)]
    public void A_joiner_starts_where_its_query_says(string query, int frames)
    {
        using var server = new ServerInMemory();
        var publisher = Begin(server);
        using var player = new HttpPeer(server);
        player.Get($"/live/a.flv{query}");
        publisher.Inter(80);
        player.Turn();

        Assert.That(player.Last.Video.Count(tag => !tag.IsHeader), Is.EqualTo(frames));
    }

    [Test]
    public void A_query_that_makes_no_sense_is_refused_with_what_would()
    {
        using var server = new ServerInMemory();
        Begin(server);
        using var player = new HttpPeer(server);

        Assert.That(player.Get("/live/a.flv?start_at=soon")!.Status, Is.EqualTo(400));
        Assert.That(player.Last.Text, Is.EqualTo("start_at is one of gop, key, now\n"));
    }

    [Test]
    public void A_player_before_its_publisher_is_answered_when_there_is_something()
    {
        using var server = new ServerInMemory();
        using var player = new HttpPeer(server);
        Assert.That(player.Get("/live/a.flv"), Is.Null);

        Begin(server);
        player.Turn();
        Assert.That(player.Last.Status, Is.EqualTo(200));
        Assert.That(player.Last.Tags.Count(tag => tag.IsKeyframe), Is.EqualTo(1));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void Frames_that_are_delivered_together_reach_a_beginner_once()
    {
        using var server = new ServerInMemory();
        using var player = new HttpPeer(server);
        player.Get("/live/a.flv");
        var publisher = server.Publish();
        publisher.Send(MessageType.Video, 0, 0x17, 0, 0, 0, 0, 1, 0x64);
        player.Turn();
        publisher.Send(MessageType.Audio, 0, 0x2F, 1, 2, 3);    // MP3 has no header, and waits
        publisher.Key(0);                                       // for this
        publisher.Inter(40);
        player.Turn();

        Assert.That(player.Last.Video.Select(tag => tag.Time), Is.EqualTo(new[] { 0, 0, 40 }));
        publisher.Key(80);
        player.Turn();
        Assert.That(player.Last.Video.Count(), Is.EqualTo(4));
    }

    [Test]
    public void A_player_waits_no_longer_than_configured_and_may_ask_again()
    {
        using var server = new ServerInMemory(
            new PlayOptions { WaitTimeout = TimeSpan.FromSeconds(2) });
        using var player = new HttpPeer(server);
        Assert.That(player.Get("/live/a.flv"), Is.Null);
        player.Turns(12, eachMs: 200);

        Assert.That(player.Last.Status, Is.EqualTo(404));
        Assert.That(server.Server.PlayerCount, Is.Zero);
        Assert.That(server.Server.Hub.Count, Is.Zero);
        Assert.That(player.Get("/streams")!.Status, Is.EqualTo(200));
    }

    [Test]
    public void A_stream_that_is_not_to_be_waited_for_is_not_found()
    {
        using var server = new ServerInMemory(new PlayOptions { IdleStreams = false });
        using var player = new HttpPeer(server);

        Assert.That(player.Get("/live/a.flv")!.Status, Is.EqualTo(404));
        Assert.That(player.Last.Text, Is.EqualTo("live/a: nobody publishes it\n"));
        Assert.That(player.Get("/a.flv")!.Status, Is.EqualTo(400), "no application");
    }

    [Test]
    public void A_publisher_that_returns_in_time_is_played_on_and_time_goes_on()
    {
        using var server = new ServerInMemory();
        var first = Begin(server);
        using var player = new HttpPeer(server);
        player.Get("/live/a.flv");
        first.End();
        player.Turns(20, eachMs: 1000);
        Assert.That(player.IsEnded, Is.False);

        Begin(server);
        player.Turn();
        var frames = player.Last.Video.Where(tag => !tag.IsHeader).ToList();
        Assert.That(frames, Has.Count.EqualTo(4));
        Assert.That(frames.Select(tag => tag.Time), Is.Ordered);
        Assert.That(frames[2].Time, Is.GreaterThan(frames[1].Time));
    }

    [Test]
    public void A_publisher_that_stays_away_ends_the_body_in_good_order()
    {
        using var server = new ServerInMemory();
        var publisher = Begin(server);
        using var player = new HttpPeer(server);
        player.Get("/live/a.flv");
        publisher.End();
        player.Turns(40, eachMs: 1000);

        Assert.That(player.IsDone, "the last chunk has come");
        Assert.That(player.IsEnded);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_stop_ends_the_body_in_good_order_and_answers_who_waits()
    {
        using var server = new ServerInMemory();
        Begin(server);
        using var playing = new HttpPeer(server);
        using var waiting = new HttpPeer(server);
        playing.Get("/live/a.flv");
        waiting.Get("/live/b.flv");
        server.Server.Stop();
        playing.Turn();
        waiting.Turn();

        Assert.That(playing.IsDone);
        Assert.That(waiting.Last.Status, Is.EqualTo(503));
    }

    [Test]
    public void A_player_that_lags_resumes_at_a_keyframe()
    {
        using var server = new ServerInMemory(
            new PlayOptions { QueueLength = TimeSpan.FromSeconds(1) });
        var publisher = Begin(server);
        using var player = new HttpPeer(server);
        player.Get("/live/a.flv");
        player.Socket.Room = 0;
        for (uint time = 80; time < 4000; time += 40)
        {
            if (time % 1000 == 0)
                publisher.Key(time);
            else
                publisher.Inter(time);
            player.Turn(afterMs: 40);
        }
        player.Socket.Room = long.MaxValue;
        player.Turn();

        var times = player.Last.Video.Where(tag => !tag.IsHeader).ToList();
        var gap = times.FindIndex(1, tag => tag.Time > times[times.IndexOf(tag) - 1].Time + 40);
        Assert.That(gap, Is.GreaterThan(0), "something was dropped");
        Assert.That(times[gap].IsKeyframe);
    }

    [Test]
    public void An_end_of_the_peer_is_noticed_at_once()
    {
        using var server = new ServerInMemory();
        Begin(server);
        using var player = new HttpPeer(server);
        player.Get("/live/a.flv");
        player.Socket.Leave();
        server.Turn();

        Assert.That(server.Server.PlayerCount, Is.Zero);
    }

    private static Peer Begin(ServerInMemory server)
    {
        var publisher = server.Publish();
        publisher.Send(MessageType.Data, 0, Metadata);
        publisher.Headers();
        publisher.Key(0);
        publisher.Inter(40);
        server.Turn();
        return publisher;
    }
}
