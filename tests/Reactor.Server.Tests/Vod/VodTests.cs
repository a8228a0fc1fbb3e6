using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Recording;
using Reactor.Testing.Simulation;
using Reactor.Transport;

namespace Reactor.Server.Tests.Vod;

/// <summary>Recordings played back, from a disk in memory.</summary>
[TestFixture]
public sealed class VodTests
{
    private const string Film = "record/live/film.flv";

    private const int Seconds = RecordedServer.Seconds;

    [Test]
    public void A_recording_is_played_where_nobody_publishes_whole_and_at_its_own_pace()
    {
        using var server = RecordedServer.Open();
        var player = Play(server, "film");
        server.Turns(25, 40);
        var early = player.Video.Max(seen => seen.Time);
        Assert.That(early, Is.InRange(3000, 4500), "a few seconds ahead, and no more");
        server.Turns(Seconds * 25, 40);

        var file = new RecordedFile(server.Disk.Read("record/live/film.flv"));
        var recorded = file.Media.Where(tag => tag.Type == MessageType.Video).ToArray();
        Assert.That(
            player.Video.Skip(1).Select(seen => (seen.Time, seen.Payload.Length)),
            Is.EqualTo(recorded.Skip(1).Select(tag => (tag.TimeMs, tag.Payload.Length))));
        Assert.That(player.Codes, Is.SupersetOf(new[]
        {
            StatusCode.PlayReset, StatusCode.PlayStart, StatusCode.PlayStop,
        }));
        Assert.That(player.Codes[^1], Is.EqualTo(StatusCode.PlayStop));
        player.End();
        server.Turns(3, 40);
        Assert.That(server.Disk.Opened, Is.Zero);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [TestCase(0, 0)]
    [TestCase(5, 5000)]
    [TestCase(5900, 5000)]
    [TestCase(6000, 6000)]
    [TestCase(11, 11_000)]
    [TestCase(11.9, 11_000)]
    [TestCase(99_000, 11_000)]
    public void A_start_in_seconds_or_milliseconds_begins_at_the_keyframe_before_it(
        double start, int keyframeMs)
    {
        using var server = RecordedServer.Open();                  // S2.26, S2.29
        var player = Play(server, "film", start);
        server.Turns(10, 40);

        var first = player.Video.First(seen => !seen.IsHeader);
        Assert.That(first.IsKeyframe, Is.True);
        Assert.That(first.Time, Is.EqualTo(keyframeMs));
        Assert.That(player.Video.First().IsHeader, Is.True, "its configuration comes first");
    }

    [Test]
    public void A_file_without_an_index_is_sought_in_as_exactly([Values] bool isTorn)
    {
        using var server = RecordedServer.Open();
        var bytes = server.Disk.Read("record/live/film.flv");
        var file = new RecordedFile(bytes);
        byte[] bare = [.. bytes[..13], .. bytes[(int)file.Tags[1].Position..]];
        server.Disk.Put("record/live/bare.flv", isTorn ? bare[..^7] : bare);

        var player = Play(server, "bare", 7300);
        server.Turns(10, 40);

        Assert.That(player.Video.First(seen => !seen.IsHeader).Time, Is.EqualTo(7000));
    }

    [TestCase(0, 1)]
    [TestCase(2, 50)]
    [TestCase(2000, 50)]
    public void A_duration_ends_it(double duration, int frames)
    {
        using var server = RecordedServer.Open();
        var player = Play(server, "film", 3, duration);
        server.Turns(100, 40);

        var video = player.Video.Count(seen => !seen.IsHeader);
        Assert.That(video, Is.InRange(frames, frames + 1));
        Assert.That(player.Codes[^1], Is.EqualTo(StatusCode.PlayStop));
    }

    [Test]
    public void It_is_paused_resumed_and_sought_in_also_after_its_end()
    {
        using var server = RecordedServer.Open();
        var player = Play(server, "film");
        server.Turns(5, 40);
        player.Call(1, "pause", AmfValue.Of(true), AmfValue.Of(0));
        server.Turns(2, 40);
        var before = player.Seen.Count;
        server.Turns(100, 100);
        Assert.That(player.Seen, Has.Count.EqualTo(before), "it stands still");
        Assert.That(player.Last, Is.EqualTo(StatusCode.PauseNotify));

        player.Call(1, "pause", AmfValue.Of(false), AmfValue.Of(0));
        server.Turns(Seconds * 25, 40);
        Assert.That(player.Last, Is.EqualTo(StatusCode.PlayStop));
        var times = player.Video.Where(seen => !seen.IsHeader).Select(seen => seen.Time).ToArray();
        Assert.That(times, Is.Ordered);
        Assert.That(times, Is.Unique);
        Assert.That(times, Has.Length.EqualTo(Seconds * 25), "nothing is missing");

        player.Seen.Clear();
        player.Call(1, "seek", AmfValue.Of(4321));
        server.Turns(10, 40);
        Assert.That(player.Codes, Does.Contain(StatusCode.SeekNotify));
        Assert.That(player.Video.First(seen => !seen.IsHeader).Time, Is.EqualTo(4000));
        player.Call(1, "seek", AmfValue.Of(400_000));
        server.Turns(2, 40);
        Assert.That(player.Last, Is.EqualTo(StatusCode.SeekFailed));
    }

    [Test]
    public void A_live_stream_is_played_rather_than_its_recording_unless_a_start_is_named()
    {
        using var server = RecordedServer.Open();
        var publisher = server.Publish("film");
        publisher.Headers();
        publisher.Key(0, 77);
        server.Turns(2);

        var live = server.Play("film");
        server.Turns(2, 40);
        Assert.That(live.Video.Last().Payload, Has.Length.EqualTo(77));
        var recorded = Play(server, "film", 0);
        server.Turns(10, 40);
        Assert.That(recorded.Video.Count(), Is.GreaterThan(20));
    }

    [Test]
    public void What_is_not_there_is_waited_for_as_live_or_refused_where_a_start_is_named()
    {
        using var server = RecordedServer.Open();
        var waiting = server.Play("nothing");
        Assert.That(waiting.Last, Is.EqualTo(StatusCode.PlayStart));
        var refused = Play(server, "nothing", 0, isRefused: true);
        Assert.That(refused.Last, Is.EqualTo(StatusCode.PlayStreamNotFound));
    }

    [Test]
    public void A_prefix_or_an_ending_names_no_other_recording()                          // Q44
    {
        using var server = RecordedServer.Open();
        foreach (var name in (string[])["mp4:film", "flv:film", "film.flv", "film.mp4"])
            Assert.That(Play(server, name, 0).Codes, Does.Contain(StatusCode.PlayStart), name);
    }

    [Test]
    public void A_name_of_the_network_reaches_no_other_folder()
    {
        using var server = RecordedServer.Open();
        server.Disk.Put("secret.flv", server.Disk.Read("record/live/film.flv"));

        foreach (var name in (string[])["..%252fsecret", "%2e%2e%2fsecret", "../../secret"])
            Assert.That(Play(server, name, 0, isRefused: true).Video, Is.Empty, name);
    }

    /// <summary>A power failure may leave that.</summary>
    [Test]
    public void What_is_torn_in_the_middle_is_played_up_to_there_and_is_nobodys_fault()
    {
        using var server = RecordedServer.Open();
        var bytes = server.Disk.Read(Film);
        bytes.AsSpan(bytes.Length / 2).Fill(0xFF);
        server.Disk.Put(Film, bytes);
        var player = Play(server, "film");
        server.Turns(500, 40);

        Assert.That(player.Codes, Has.One.EqualTo(StatusCode.PlayFailed));
        Assert.That(player.LastWords, Does.StartWith($"{Film}: no whole recording: "));
        Assert.That(player.Codes, Has.None.EqualTo(StatusCode.PlayStop));
        Assert.That(
            player.Video.Count(), Is.InRange(5 * 25, 7 * 25), "half of twelve seconds");
        Assert.That(server.Server.Loop.Faults, Is.Zero);
        Assert.That(server.Server.Closed.GetValueOrDefault(CloseReason.Protocol), Is.Zero);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_disk_that_fails_is_not_the_end_of_a_recording()
    {
        using var server = RecordedServer.Open();
        var player = Play(server, "film");
        server.Turns(20, 40);
        player.Call(1, "pause", AmfValue.Of(true), AmfValue.Of(0.0));
        server.Turns(5, 40);
        server.Disk.Faults = new DiskFaults { Failing = 1000 };
        player.Call(1, "pause", AmfValue.Of(false), AmfValue.Of(0.0));
        server.Turns(100, 40);

        Assert.That(player.Codes, Has.One.EqualTo(StatusCode.PlayFailed));
        Assert.That(player.Codes, Has.None.EqualTo(StatusCode.PlayStop));
        server.Disk.Faults = DiskFaults.None;
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void Whoever_seeks_behind_other_headers_is_given_those([Values] bool isKilled)
    {
        using var server = RecordedServer.Open("record/{app}/two.{ext}");
        var publisher = server.Publish("source");
        Assert.That(server.Server.RecordingApi.Start("live", "source", "second").Why, Is.Empty);
        server.Film(publisher, 4);
        byte[] other = [0x17, 0, 0, 0, 0, 9, 9, 9];
        publisher.Send(MessageType.Video, 4000, other);
        server.Film(publisher, 4, from: 4);
        if (!isKilled)
            publisher.End();
        server.Turns(40, 40);
        var player = Play(server, "two");
        server.Turns(10, 40);
        player.Seen.Clear();
        player.Call(1, "seek", AmfValue.Of(6000.0));
        server.Turns(10, 40);

        var seen = player.Video.SkipWhile(each => !each.IsHeader).ToList();
        var last = seen.TakeWhile(each => each.IsHeader).Last();
        Assert.That(last.Payload, Is.EqualTo(other), "what the keyframe behind it needs");
        Assert.That(seen.First(each => !each.IsHeader).IsKeyframe, Is.True);
        Assert.That(seen.First(each => !each.IsHeader).Time, Is.EqualTo(6000));
    }

    [Test]
    public void A_thousand_that_are_paused_hold_no_pieces_of_files()
    {
        using var server = RecordedServer.Open();
        server.Turn(1000);
        var players = new List<Peer>();
        for (var i = 0; i < 1000; i++)
            players.Add(server.Visit("film", publishes: false));
        server.Turns(40, 1);
        Assert.That(players, Has.All.Matches<Peer>(player => player.IsStarted));
        foreach (var player in players)
            player.Call(1, "pause", AmfValue.Of(true), AmfValue.Of(0));
        server.Turns(5, 40);

        Assert.That(server.Disk.Opened, Is.EqualTo(1000));
        Assert.That(server.Pool.OutstandingBytes / 1000, Is.LessThanOrEqualTo(1 << 10), "a player");
        Assert.That(server.Server.Loop.Timers.Count, Is.LessThan(10), "nothing ticks");
        players.ForEach(player => player.End());
        server.Turns(5, 40);
        Assert.That(server.Disk.Opened, Is.Zero);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_name_without_a_file_of_its_own_is_its_newest_recording()
    {
        using var server = RecordedServer.Open("record/{app}/{stream}_{unix}.{ext}");    // S2.26
        var film = server.Disk.Read("record/live/film.flv");
        var part = film[..(int)new RecordedFile(film).Tags[100].Position];
        foreach (var (name, bytes) in ((string, byte[])[])[
            ("a_10.flv", film), ("a_9.flv", film), ("a_9-1.flv", part),         // the newest
            ("a_11.flv", []), ("a_b_12.flv", film), ("a_x.flv", film), ("ba_13.flv", film)])
        {
            server.Turn(2000);
            server.Disk.Put($"record/live/{name}", bytes);
        }
        server.Disk.Put("record/other/a_99.flv", film);

        var player = Play(server, "a", 0);
        server.Turns(Seconds * 25, 40);
        Assert.That(
            player.Video.Count(seen => !seen.IsHeader),
            Is.EqualTo(new RecordedFile(part).Media.Count(tag => tag.Payload is [_, 1, ..]
                && tag.Type == MessageType.Video)));
        var unnamed = Play(server, "a");                // start is -2: live, else recorded
        server.Turns(5, 40);
        Assert.That(unnamed.Video.Count(), Is.GreaterThan(20));
        Assert.That(Play(server, "c", 0, isRefused: true).Last,
            Is.EqualTo(StatusCode.PlayStreamNotFound));
    }

    [Test]
    public void A_recording_that_lies_elsewhere_is_not_played()
    {
        using var server = RecordedServer.Open("elsewhere/{app}/{stream}_{unix}.{ext}");
        server.Disk.Put("elsewhere/live/a_1.flv", server.Disk.Read("record/live/film.flv"));

        Assert.That(Play(server, "a", 0, isRefused: true).Video, Is.Empty);
        Assert.That(server.Disk.Opened, Is.Zero);
    }

    [Test]
    public void A_player_of_a_recording_has_a_place_in_its_app_until_it_leaves()
    {
        using var server = RecordedServer.Open(change: options => options with
        {
            Play = new PlayOptions { MaxAppPlayers = 1 },
        });
        server.Turns(10, 1000);
        var first = Play(server, "film");
        var second = server.Visit("film", publishes: false);
        server.Turns(10, 40);
        Assert.That(second.Last, Is.EqualTo(StatusCode.PlayFailed));
        Assert.That(server.Server.AudienceCount, Is.EqualTo(1));

        first.End();
        server.Turns(3, 40);
        Assert.That(server.Server.AudienceCount, Is.Zero);
        var third = Play(server, "film");
        server.Turns(5, 40);
        Assert.That(third.Video.Count(), Is.GreaterThan(20));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void The_length_of_a_recording_is_told()
    {
        using var server = RecordedServer.Open();
        var player = server.Play("other");
        player.Seen.Clear();
        player.Results.Clear();
        player.Ask(7, "getStreamLength", AmfValue.Of("film"));              // Q27
        player.Ask(8, "getStreamLength", AmfValue.Of("other"));
        server.Turns(5, 40);

        Assert.That(player.Results[7], Is.EqualTo(Seconds - 0.04).Within(0.1));
        Assert.That(player.Results[8], Is.Zero);
    }

    [TestCase("film?key=right", Seconds - 0.04)]
    [TestCase("film?key=wrong", 0)]
    [TestCase("film", 0)]
    public void The_length_of_a_recording_is_told_to_those_who_may_play_it(
        string name, double seconds)
    {
        using var server = RecordedServer.Open(change: options => options with
        {
            Auth = options.Auth with { Play = [AuthMethod.Key] },
            Play = options.Play with { Key = ["right"] },
        });
        var player = server.Visit("other", publishes: true);
        server.Turns(10);
        player.Ask(7, "getStreamLength", AmfValue.Of(name));
        server.Turns(5, 40);

        Assert.That(player.Results[7], Is.EqualTo(seconds).Within(0.1));
    }

    [Test]
    public void A_length_that_a_hook_would_have_to_allow_is_not_told_and_the_hook_not_asked()
    {
        using var server = RecordedServer.Open(change: options => options with
        {
            Hooks = new HooksOptions { OnPlay = "http://127.0.0.1:9/play" },
        });
        server.Network.TakesCalls = true;
        var player = server.Visit("other", publishes: true);
        server.Turns(10);
        player.Ask(7, "getStreamLength", AmfValue.Of("film"));
        server.Turns(5, 40);

        Assert.That(player.Results[7], Is.Zero);
        Assert.That(server.Network.Called, Is.Empty);
    }

    private static Peer Play(
        ServerInMemory server,
        string name,
        double? start = null,
        double duration = -1,
        bool isRefused = false)
    {
        var player = start is null ? server.Play(name) : server.Play("somewhere-else");
        if (start is not null)
        {
            player.Codes.Clear();
            player.Call(1, "play", AmfValue.Of(name), AmfValue.Of(start.Value),
                AmfValue.Of(duration));
            server.Turns(8, 1);
            Assert.That(
                player.Codes.Contains(StatusCode.PlayStart), Is.Not.EqualTo(isRefused), name);
        }
        return player;
    }
}
