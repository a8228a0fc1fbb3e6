using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Control;
using Reactor.Testing.Hls;
using static Reactor.Server.Tests.Http.HlsFilm;

namespace Reactor.Server.Tests.Http;

/// <summary>HLS of low latency: what is held, and for how long (RFC 8216bis §6.2.5).</summary>
[TestFixture]
public sealed class HlsReloadTests
{
    private const int Port = 7002;
    private const string Playlist = "/live/a.m3u8";

    private ServerInMemory _server = null!;
    private HttpPeer _viewer = null!;
    private Peer _publisher = null!;
    private PlaylistChecker _seen = null!;
    private uint _time;

    /// <summary>Segments 0 to 2 are complete, and of the next one there is part 0.</summary>
    [SetUp]
    public void Begin() => Begin(new PlayOptions());

    private void Begin(PlayOptions play, string query = "", int window = 6)
    {
        End();
        _server = new ServerInMemory(options: new ServerOptions
        {
            Defaults = new StreamOptions
            {
                Play = play,
                Hls = new HlsOptions
                {
                    Type = HlsType.Ll,
                    OnDemand = false,
                    HlsWindow = window,
                },
            },
        });
        _publisher = Publish(_server);
        _viewer = new HttpPeer(_server, Port);
        _time = 0;
        Play(6241);
        _seen = new PlaylistChecker();
        _seen.Read(_viewer.Get(Playlist + query)!.Text);
    }

    [TearDown]
    public void End()
    {
        _viewer?.Dispose();
        _server?.Dispose();
        (_viewer, _server) = (null!, null!);
    }

    private long Next => _seen.Segments[^1].Sequence + 1;

    [Test]
    public void A_playlist_is_held_until_its_part_is_there_and_sent_in_that_turn()
    {
        _viewer.Get($"{Playlist}?_HLS_msn={Next}&_HLS_part=1");
        Play(6400);
        Assert.That(_viewer.Answers, Has.Count.EqualTo(1), "not yet");
        Assert.That(_viewer.Socket.Sent, Is.Empty);

        Show(_server, _publisher, _time, isKeyframe: false);    // the frame that ends the part

        Assert.That(_viewer.Socket.Sent, Is.Not.Empty, "in the same turn");
        _viewer.Turn();
        Assert.That(_viewer.Last.Status, Is.EqualTo(200));
        _seen.Read(_viewer.Last.Text);
        Assert.That(_seen.Parts.Hint, Is.EqualTo($"a/{Next}.2.m4s"));
    }

    [Test]
    public void What_is_listed_is_answered_at_once()
    {
        foreach (var query in new[]
        {
            $"_HLS_msn={Next}&_HLS_part=0", $"_HLS_msn={Next - 1}", "_HLS_msn=0",
            $"_HLS_msn={Next - 1}&_HLS_part=10", "_HLS_skip=YES", "_HLS_skip=v2", "",
        })
        {
            _viewer.Answers.Clear();
            Assert.That(_viewer.Get($"{Playlist}?{query}")?.Status, Is.EqualTo(200), query);
        }
    }

    [Test]
    public void A_whole_segment_can_be_waited_for()
    {
        _viewer.Get($"{Playlist}?_HLS_msn={Next}");
        Play(8000);
        Assert.That(_viewer.Answers, Has.Count.EqualTo(1));

        Play(8041);
        _viewer.Turn();

        var next = Next;
        _seen.Read(_viewer.Last.Text);
        Assert.That(_seen.Segments[^1].Sequence, Is.EqualTo(next));
    }

    //        what is asked, what is said
    [TestCase("_HLS_part=1", "_HLS_part needs _HLS_msn")]
    [TestCase("_HLS_msn=x", "is the number of a segment, not \"x\"")]
    [TestCase("_HLS_msn=-1", "is the number of a segment, not \"-1\"")]
    [TestCase("_HLS_msn={next}&_HLS_part=", "is the number of a part, not \"\"")]
    [TestCase("_HLS_msn={next}&_HLS_part=99999999999", "is the number of a part")]
    [TestCase("_HLS_msn={later}", "is more than 2 beyond")]
    [TestCase("_HLS_msn={next}&_HLS_part=16", "is more than 15 beyond part 0")]
    [TestCase("_HLS_skip=NO", "_HLS_skip is YES or v2, not \"NO\"")]
    public void What_cannot_be_waited_for_is_refused_with_a_reason(string query, string why)
    {
        var asked = query.Replace("{next}", $"{Next}").Replace("{later}", $"{Next + 2}");
        var answer = _viewer.Get($"{Playlist}?{asked}")!;

        Assert.That(answer.Status, Is.EqualTo(400));
        Assert.That(answer.Text, Does.Contain(why));
    }

    [TestCase("_HLS_msn={later}")]
    [TestCase("_HLS_msn={next}&_HLS_part=15")]
    public void What_is_just_near_enough_is_waited_for(string query)
    {
        var asked = query.Replace("{next}", $"{Next}").Replace("{later}", $"{Next + 1}");
        _viewer.Get($"{Playlist}?{asked}");

        Assert.That(_viewer.Answers, Has.Count.EqualTo(1));
    }

    [Test]
    public void Nobody_waits_for_more_than_three_targets()
    {
        _viewer.Get($"{Playlist}?_HLS_msn={Next}&_HLS_part=1");
        _viewer.Turns(29, 200);
        Assert.That(_viewer.Answers, Has.Count.EqualTo(1));

        _viewer.Turns(2, 200);

        Assert.That(_viewer.Last.Status, Is.EqualTo(503));
        Assert.That(_viewer.Last.Headers["Retry-After"], Is.EqualTo("1"));
    }

    [Test]
    public void The_part_that_is_hinted_at_is_sent_in_the_turn_in_which_it_is_there()
    {
        using var other = new HttpPeer(_server, Port);
        var hint = $"/live/{_seen.Parts.Hint}";
        _viewer.Get(hint);
        other.Get(hint);
        Play(6400);
        Assert.That(_viewer.Answers, Has.Count.EqualTo(1));

        Show(_server, _publisher, _time, isKeyframe: false);

        Assert.That(_viewer.Socket.Sent, Is.Not.Empty, "in the same turn");
        Assert.That(other.Socket.Sent, Is.Not.Empty, "all of them");
        _viewer.Turn();
        other.Turn();
        Assert.That(_viewer.Last.Headers["Cache-Control"], Does.Contain("immutable"));
        Assert.That(other.Last.Body, Is.EqualTo(_viewer.Last.Body));
        Assert.That(_viewer.Get(hint)!.Body, Is.EqualTo(other.Last.Body), "and stays");
    }

    [Test]
    public void Where_a_segment_ends_before_the_part_that_was_hinted_at_it_is_not_there()
    {
        Play(8000);
        _viewer.Get($"/live/a/{Next}.9.m4s");
        Assert.That(_viewer.Answers, Has.Count.EqualTo(1));

        Play(8041);
        _viewer.Turn();
        Assert.That(_viewer.Last.Status, Is.EqualTo(200), "the last");
        Assert.That(_viewer.Get($"/live/a/{Next}.10.m4s")?.Status, Is.EqualTo(404));

        _viewer.Get($"/live/a/{Next + 1}.0.m4s");
        Assert.That(_viewer.Answers, Has.Count.EqualTo(3), "the first of the next comes");
        _publisher.End();
        _viewer.Turns(2, 200);
        Assert.That(_viewer.Last.Status, Is.EqualTo(404), "it was no part");
    }

    [TestCase("{next}.2")]
    [TestCase("{later}.0")]
    [TestCase("{last}.10")]
    [TestCase("{never}.0")]
    [TestCase("{next}")]
    public void What_is_not_next_is_not_waited_for(string name)
    {
        var path = name.Replace("{next}", $"{Next}").Replace("{later}", $"{Next + 1}")
            .Replace("{last}", $"{Next - 1}").Replace("{never}", $"{Next - 4}");

        Assert.That(_viewer.Get($"/live/a/{path}.m4s")?.Status, Is.EqualTo(404));
    }

    [Test]
    public void The_parts_of_a_segment_are_its_bytes()
    {
        Play(8041);
        var uris = Enumerable.Range(0, 10).Select(i => $"/live/a/{Next}.{i}.m4s");
        List<byte> parts = [.. uris.SelectMany(uri => _viewer.Get(uri)!.Body)];

        Assert.That(_viewer.Get($"/live/a/{Next}.m4s")!.Body, Is.EqualTo(parts));
    }

    [Test]
    public void Who_waits_is_answered_when_the_stream_ends()
    {
        _publisher.End();
        _server.Turns(140, 200);                // the grace is 30 s
        _viewer.Get($"{Playlist}?_HLS_msn={Next + 1}");
        _viewer.Turns(20, 200);

        Assert.That(_viewer.Last.Text, Does.EndWith("#EXT-X-ENDLIST\n"));
    }

    /// <summary>They waited out their time for what was never to come.</summary>
    [Test]
    public void Who_waits_where_a_fault_ends_the_output_is_sent_away_in_that_turn()
    {
        using var other = new HttpPeer(_server, Port);
        _viewer.Get($"{Playlist}?_HLS_msn={Next}&_HLS_part=1");
        other.Get($"/live/{_seen.Parts.Hint}");

        _server.Time.Trouble = new InvalidOperationException("a bug");
        Show(_server, _publisher, _time, isKeyframe: false);
        Assert.That(_server.Time.Trouble, Is.Null, "its frame asks for the date");
        _viewer.Turn();
        other.Turn();

        Assert.That(_viewer.Last.Status, Is.EqualTo(503));
        Assert.That(_viewer.Last.Headers["Retry-After"], Is.EqualTo("1"));
        Assert.That(other.Last.Status, Is.EqualTo(404), "it will be no part");
        _viewer.Get(Playlist);
        Play(12_000);
        _viewer.Turn();
        Assert.That(_viewer.Last.Status, Is.EqualTo(200), "another output has begun");
    }

    [Test]
    public void A_cache_may_keep_what_was_waited_for_and_a_delta_is_another_thing()
    {
        var plain = _viewer.Get(Playlist)!;
        Assert.That(plain.Headers["Cache-Control"], Is.EqualTo("public, max-age=1"));
        var held = _viewer.Get($"{Playlist}?_HLS_msn={Next}&_HLS_part=0")!;
        Assert.That(held.Headers["Cache-Control"], Is.EqualTo("public, max-age=12"));
        Assert.That(held.Headers["ETag"], Is.EqualTo(plain.Headers["ETag"]));

        var delta = _viewer.Get($"{Playlist}?_HLS_skip=YES")!;
        Assert.That(delta.Headers["ETag"], Is.Not.EqualTo(plain.Headers["ETag"]));
    }

    /// <summary>A stall of the publisher ends, and half a minute of media comes at once.</summary>
    [Test]
    public void A_delta_leaves_out_nothing_that_came_since_whoever_asks_has_read()
    {
        Begin(new PlayOptions(), window: 30);
        var asked = Next;
        Play(35_000);

        var answer = _viewer.Get($"{Playlist}?_HLS_msn={asked}&_HLS_part=1&_HLS_skip=YES")!;
        Assert.That(answer.Text, Does.Not.Contain("#EXT-X-SKIP"));
        Assert.That(answer.Text, Does.Contain($"a/{asked}.m4s"));
        _seen.Read(answer.Text);
        var delta = _viewer.Get($"{Playlist}?_HLS_msn={Next - 1}&_HLS_skip=YES")!;
        Assert.That(delta.Text, Does.Contain("#EXT-X-SKIP"));
    }

    [Test]
    public void Who_asks_for_another_part_each_time_is_one_viewer()
    {
        _viewer.Get($"{Playlist}?_HLS_msn={Next}&_HLS_part=0");
        _viewer.Get($"{Playlist}?_HLS_msn={Next}&_HLS_part=0&_HLS_skip=YES");
        _viewer.Get($"/live/a/{Next}.0.m4s");

        Assert.That(
            new ControlPeer(_server).Json("/api/v1/server").GetProperty("hls_viewers").GetInt32(),
            Is.EqualTo(1));
    }

    [Test]
    public void What_a_viewer_has_shown_stands_behind_parts_too()
    {
        Begin(new PlayOptions { Key = ["secret"] }, "?key=secret");

        var text = _viewer.Get($"{Playlist}?key=secret&_HLS_msn={Next}&_HLS_part=0")!.Text;

        Assert.That(text, Does.Contain($"URI=\"a/{Next}.0.m4s?key=secret\""));
        Assert.That(text, Does.Contain($"URI=\"a/{Next}.1.m4s?key=secret\"\n"));
        Assert.That(text, Does.Not.Contain("_HLS_"));
        Assert.That(_viewer.Get($"/live/a/{Next}.0.m4s")?.Status, Is.EqualTo(401));
        Assert.That(_viewer.Get($"/live/a/{Next}.0.m4s?key=secret")?.Status, Is.EqualTo(200));
    }

    [Test]
    public void Who_left_is_not_answered_and_nothing_is_left_of_who_waits()
    {
        using (var gone = new HttpPeer(_server, Port))
        {
            gone.Get($"{Playlist}?_HLS_msn={Next + 1}");
            gone.Socket.Leave();
            _server.Turns(2, 20);
        }
        _viewer.Get($"{Playlist}?_HLS_msn={Next + 1}");
        Play(7000);

        Assert.That(_server.LeftAfterStop(), Is.Empty);
    }

    private void Play(uint until)
    {
        Film(_server, _publisher, _time, until);
        _time = (until + 39) / 40 * 40;
    }
}
