using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Authorisation;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Control;
using Reactor.Testing.Hls;
using static Reactor.Server.Tests.Http.HlsFilm;

namespace Reactor.Server.Tests.Http;

[TestFixture]
public sealed class HlsRoutesTests
{
    private const int Port = 7002;
    private const string Playlist = "/live/a.m3u8";

    [Test]
    public void A_playlist_is_answered_once_its_first_segment_is_complete()
    {
        using var server = new ServerInMemory();
        using var viewer = new HttpPeer(server, Port);
        var publisher = Publish(server);
        Film(server, publisher, 0, 1500);

        viewer.Get(Playlist);
        Assert.That(viewer.Answers, Is.Empty);
        Film(server, publisher, 1500, 3001);    // it begins with the GOP that was cached
        viewer.Turn();
        viewer.Turns(3, 200);

        Assert.That(viewer.Last.Status, Is.EqualTo(200));
        Assert.That(viewer.Last.Headers["Content-Type"],
            Is.EqualTo("application/vnd.apple.mpegurl"));
        Assert.That(viewer.Last.Headers["Cache-Control"], Is.EqualTo("public, max-age=1"));
        Assert.That(viewer.Last.Headers["Content-Length"],
            Is.EqualTo($"{viewer.Last.Body.Count}"));
        var segments = Segments(viewer.Last.Text);
        Assert.That(segments, Has.Count.EqualTo(1));
        Assert.That(segments[0].Duration, Is.EqualTo(2.0m));
    }

    [Test]
    public void Segments_are_the_same_bytes_for_all_and_never_change()
    {
        using var server = new ServerInMemory();
        using var viewer = new HttpPeer(server, Port);
        using var other = new HttpPeer(server, Port);
        var publisher = Publish(server);
        Watch(server, publisher, viewer, 9001);
        var checker = new TsChecker();

        foreach (var segment in Segments(viewer.Last.Text))
        {
            var one = viewer.Get($"/live/{segment.Uri}")!;
            var same = other.Get($"/live/{segment.Uri}")!;
            Assert.That(one.Status, Is.EqualTo(200));
            Assert.That(one.Headers["Content-Type"], Is.EqualTo("video/mp2t"));
            Assert.That(one.Headers["Cache-Control"], Does.Contain("immutable"));
            Assert.That(same.Body, Is.EqualTo(one.Body));
            checker.Read([.. one.Body], segment.IsDiscontinuity);
        }
        Assert.That(checker.Frames.Count(frame => frame.IsRandomAccess), Is.GreaterThan(2));
    }

    [Test]
    public void What_a_client_has_is_not_sent_again()
    {
        using var server = new ServerInMemory();
        using var viewer = new HttpPeer(server, Port);
        var publisher = Publish(server);
        Watch(server, publisher, viewer, 5001);
        var uri = $"/live/{Segments(viewer.Last.Text)[0].Uri}";
        var tag = viewer.Last.Headers["ETag"];

        Assert.That(viewer.Get(Playlist, $"If-None-Match: {tag}\n")?.Status, Is.EqualTo(304));
        var segment = viewer.Get(uri)!.Headers["ETag"];
        Assert.That(viewer.Get(uri, $"If-None-Match: {segment}\n")?.Status, Is.EqualTo(304));
        Assert.That(viewer.Get(uri, $"If-Match: {segment}\n")?.Status, Is.EqualTo(200));
        Assert.That(viewer.Get(uri, "If-Match: \"x\"\n")?.Status, Is.EqualTo(412));
        Assert.That(viewer.Last.Headers["Cache-Control"], Is.EqualTo("no-store"));

        Film(server, publisher, 5001, 9001);
        Assert.That(viewer.Get(Playlist, $"If-None-Match: {tag}\n")?.Status, Is.EqualTo(200));
        Assert.That(viewer.Last.Headers["ETag"], Is.Not.EqualTo(tag));
    }

    [TestCase("/live/a/index.m3u8", "live/a/index: nobody publishes it; "
        + "the playlist of live/a is /live/a.m3u8\n")]
    [TestCase("/live/b/index.m3u8", "live/b/index: nobody publishes it\n")]
    [TestCase("/live/index.m3u8", "live/index: nobody publishes it\n")]
    public void Who_asks_as_other_servers_have_it_is_told_where_the_playlist_is(
        string path, string told)
    {
        using var server = new ServerInMemory();
        server.Publish();
        using var viewer = new HttpPeer(server, Port);

        Assert.That(viewer.Get(path)!.Text, Is.EqualTo(told));
    }

    [TestCase("/live/b.m3u8", 404, "nobody publishes it")]
    [TestCase("/a.m3u8", 400, "invalid path")]
    [TestCase("/live/a/999.ts", 404, "there is no segment 999")]
    [TestCase("/live/b/1.ts", 404, "there is no segment 1")]
    [TestCase("/live/a/x.ts", 404, "does not exist")]
    [TestCase("/live/a/99999999999999999999.ts", 404, "does not exist")]
    [TestCase("/off/a.m3u8", 404, "HLS is switched off for off/a")]
    [TestCase("/nolive/a.m3u8", 404, "not configured")]
    public void What_is_not_there_is_refused_with_a_reason(string path, int status, string why)
    {
        var off = new StreamOptions { Hls = new HlsOptions { Enabled = false } };
        using var server = new ServerInMemory(options: new ServerOptions
        {
            Apps = new AppTable(
            [
                new AppRule("off", off, []),
                new AppRule("nolive", new StreamOptions { Live = false }, []),
                new AppRule("*", new StreamOptions(), []),
            ]),
        });
        using var viewer = new HttpPeer(server, Port);
        var publisher = Publish(server);
        Watch(server, publisher, viewer, 5001);

        var answer = viewer.Get(path)!;

        Assert.That(answer.Status, Is.EqualTo(status));
        Assert.That(answer.Text, Does.Contain(why));
    }

    [Test]
    public void Head_tells_the_length_and_sends_no_body()
    {
        using var server = new ServerInMemory();
        using var viewer = new HttpPeer(server, Port);
        var publisher = Publish(server);
        Watch(server, publisher, viewer, 5001);
        var length = viewer.Last.Body.Count;

        viewer.Say($"HEAD {Playlist} HTTP/1.0\nHost: reactor\n\n");
        server.Turn();
        server.Turn();

        var answer = System.Text.Encoding.ASCII.GetString([.. viewer.Socket.Sent]);
        Assert.That(answer, Does.Contain($"Content-Length: {length}\r\n"));
        Assert.That(answer, Does.EndWith("\r\n\r\n"));
    }

    [Test]
    public void Pages_of_other_origins_may_play()
    {
        using var server = new ServerInMemory();
        using var viewer = new HttpPeer(server, Port);
        var publisher = Publish(server);
        Watch(server, publisher, viewer, 5001);

        var answer = viewer.Get(Playlist, "Origin: http://page.example\n")!;

        Assert.That(answer.Headers["Access-Control-Allow-Origin"], Is.EqualTo("*"));
    }

    [Test]
    public void A_publisher_that_returns_within_its_grace_makes_one_discontinuity()
    {
        using var server = new ServerInMemory();
        using var viewer = new HttpPeer(server, Port);
        var publisher = Publish(server);
        Watch(server, publisher, viewer, 5001);
        var checker = new PlaylistChecker();
        checker.Read(viewer.Last.Text);

        publisher.End();
        server.Turns(20, 500);
        checker.Read(viewer.Get(Playlist)!.Text);
        publisher = Publish(server);
        Film(server, publisher, 0, 5001);
        checker.Read(viewer.Get(Playlist)!.Text);

        Assert.That(checker.All.Count(segment => segment.IsDiscontinuity), Is.EqualTo(1));
        Assert.That(checker.IsEnded, Is.False);
    }

    [Test]
    public void The_playlist_ends_after_the_grace_and_goes_after_the_last_request()
    {
        using var server = new ServerInMemory();
        using var viewer = new HttpPeer(server, Port);
        var publisher = Publish(server);
        Watch(server, publisher, viewer, 5001);
        publisher.End();

        server.Turns(62, 500);                  // the grace is 30 s
        using var again = new HttpPeer(server, Port);
        Assert.That(again.Get(Playlist)!.Text, Does.EndWith("#EXT-X-ENDLIST\n"));
        Idle(server, 59_000);
        using var late = new HttpPeer(server, Port);
        Assert.That(late.Get(Playlist)?.Status, Is.EqualTo(200));

        Idle(server, 61_000);                   // hls_dispose is 60 s
        using var later = new HttpPeer(server, Port);
        Assert.That(later.Get(Playlist)?.Status, Is.EqualTo(404));
        Assert.That(server.Server.Hub.Count, Is.Zero);
    }

    [Test]
    public void What_ended_is_kept_where_that_is_configured()
    {
        using var server = With(new HlsOptions { HlsKeepAfterEnd = true });
        using var viewer = new HttpPeer(server, Port);
        var publisher = Publish(server);
        Watch(server, publisher, viewer, 5001);
        publisher.End();

        Idle(server, 500_000);
        using var late = new HttpPeer(server, Port);
        Assert.That(late.Get(Playlist)?.Text, Does.EndWith("#EXT-X-ENDLIST\n"));
        publisher = Publish(server);
        Film(server, publisher, 0, 5001);
        Assert.That(late.Get(Playlist)?.Text, Does.Not.Contain("ENDLIST"));
    }

    [Test]
    public void On_demand_nothing_is_made_before_the_first_request_or_long_after_the_last()
    {
        using var server = new ServerInMemory();
        var publisher = Publish(server);
        Film(server, publisher, 0, 4001);
        Assert.That(Outputs(server), Is.Zero);

        using var viewer = new HttpPeer(server, Port);
        Watch(server, publisher, viewer, 5001, from: 4001);
        Film(server, publisher, 5001, 60_000);
        Assert.That(Outputs(server), Is.EqualTo(1));

        Film(server, publisher, 60_000, 80_000);
        Assert.That(Outputs(server), Is.Zero);
    }

    [Test]
    public void Without_demand_segments_are_there_at_the_first_request()
    {
        using var server = With(new HlsOptions { OnDemand = false });
        var publisher = Publish(server);
        Film(server, publisher, 0, 30_001);
        using var viewer = new HttpPeer(server, Port);

        Assert.That(Segments(viewer.Get(Playlist)!.Text), Has.Count.EqualTo(6));
    }

    [Test]
    public void A_codec_that_hls_is_not_used_for_is_refused_by_name()
    {
        using var server = new ServerInMemory();
        using var viewer = new HttpPeer(server, Port);
        var publisher = server.Publish();
        for (uint time = 0; time < 1000; time += 40)
        {
            publisher.Send(MessageType.Video, time, 0x1D, 1, 0, 0, 0, 7);
            server.Turn();
        }
        viewer.Get(Playlist);
        publisher.Send(MessageType.Video, 1000, 0x1D, 1, 0, 0, 0, 7);
        viewer.Turns(5, 200);

        Assert.That(viewer.Last.Status, Is.EqualTo(404));
        Assert.That(viewer.Last.Text, Does.Contain("AV1"));
        var stream = new ControlPeer(server).Json("/api/v1/streams/live/a");
        Assert.That($"{stream.GetProperty("hls_left_out")}", Is.EqualTo("[\"AV1\"]"));
    }

    [Test]
    public void A_request_that_waits_too_long_may_try_again()
    {
        using var server = new ServerInMemory();
        using var viewer = new HttpPeer(server, Port);
        Publish(server);
        viewer.Get(Playlist);
        Assert.That(viewer.Answers, Is.Empty);

        viewer.Turns(70, 200);

        Assert.That(viewer.Last.Status, Is.EqualTo(503));
        Assert.That(viewer.Last.Headers["Retry-After"], Is.EqualTo("1"));
    }

    [Test]
    public void After_a_stop_nothing_is_left([Values] bool hasSegments)
    {
        using var server = new ServerInMemory();
        using var viewer = new HttpPeer(server, Port);
        var publisher = Publish(server);
        Film(server, publisher, 0, 2000);
        viewer.Get(Playlist);
        if (hasSegments)
            Film(server, publisher, 2000, 9001);

        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void Segments_want_what_their_playlist_wants_and_shared_caches_keep_neither()
    {
        using var server = new ServerInMemory(play: new PlayOptions { Key = ["secret"] });
        using var viewer = new HttpPeer(server, Port);
        var publisher = Publish(server);
        Film(server, publisher, 0, 2000);
        Assert.That(viewer.Get(Playlist)?.Status, Is.EqualTo(401));
        Assert.That(viewer.Get($"{Playlist}?key=guess")?.Status, Is.EqualTo(403));
        Assert.That(Outputs(server), Is.Zero);

        viewer.Get($"{Playlist}?key=secret");
        Film(server, publisher, 2000, 6001);
        viewer.Turns(2, 200);
        var uri = Segments(viewer.Last.Text)[0].Uri;

        Assert.That(uri, Does.EndWith(".ts?key=secret"));       // A17
        Assert.That(viewer.Last.Headers["Cache-Control"], Is.EqualTo("private, max-age=1"));
        Assert.That(viewer.Get($"/live/{uri}")?.Status, Is.EqualTo(200));
        Assert.That(viewer.Last.Headers["Cache-Control"], Does.StartWith("private"));
        Assert.That(viewer.Get($"/live/{uri.Split('?')[0]}")?.Status, Is.EqualTo(401));
        Assert.That(viewer.Get($"/live/{uri}x")?.Status, Is.EqualTo(403));
    }

    [Test]
    public void A_signed_link_has_to_hold_when_its_viewer_begins()
    {
        var sign = new SignOptions { Secret = "s", ClockSkew = TimeSpan.Zero };
        using var server = new ServerInMemory(options: new ServerOptions
        {
            Defaults = new StreamOptions
            {
                Auth = new AuthOptions { Play = [AuthMethod.Sign], Sign = sign },
            },
        });
        using var viewer = new HttpPeer(server, Port);
        var publisher = Publish(server);
        var signed = $"{Playlist}?sign={SignedUrl.Sign("live/a", expires: 5, sign, "")}";
        Film(server, publisher, 0, 2000);
        viewer.Get(signed);
        Film(server, publisher, 2000, 12_001);
        viewer.Turns(2, 200);

        Assert.That(viewer.Get(signed)?.Status, Is.EqualTo(200));
        var uri = Segments(viewer.Last.Text)[^1].Uri;
        Assert.That(viewer.Get($"/live/{uri}")?.Status, Is.EqualTo(200));
        Assert.That(viewer.Get(signed + "&again")?.Status, Is.EqualTo(403));
    }

    [Test]
    public void Numbers_rise_when_the_output_begins_again()
    {
        using var server = new ServerInMemory();
        var publisher = Publish(server);
        using var viewer = new HttpPeer(server, Port);
        Watch(server, publisher, viewer, 9001);
        var last = Segments(viewer.Get(Playlist)!.Text)[^1].Sequence;
        Film(server, publisher, 9001, 90_000);
        Assert.That(Outputs(server), Is.Zero);

        using var late = new HttpPeer(server, Port);
        Watch(server, publisher, late, 95_001, from: 90_000);

        Assert.That(Segments(late.Last.Text)[0].Sequence, Is.GreaterThan(last));
    }

    private static ServerInMemory With(HlsOptions hls) => new(options: new ServerOptions
    {
        Defaults = new StreamOptions { Hls = hls },
    });

    private static int Outputs(ServerInMemory server) =>
        server.Server.Hub.Streams.Sum(stream => stream.SubscriberCount);

    /// <summary>The viewer asks at the beginning, and again at the end.</summary>
    private static void Watch(
        ServerInMemory server, Peer publisher, HttpPeer viewer, uint until, uint from = 0)
    {
        Film(server, publisher, from, from + 100);
        viewer.Get(Playlist);
        Film(server, publisher, from + 100, until);
        viewer.Turns(2, 200);
        viewer.Get(Playlist);
    }

    private static void Idle(ServerInMemory server, int milliseconds)
    {
        for (var passed = 0; passed < milliseconds; passed += 200)
            server.Turn(200);
    }

    private static IReadOnlyList<ListedSegment> Segments(string playlist)
    {
        var checker = new PlaylistChecker();
        checker.Read(playlist);
        return checker.Segments;
    }
}
