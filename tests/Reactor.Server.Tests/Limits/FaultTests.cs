using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using NLog;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Http;
using Reactor.Server.Tests.Relays;
using Reactor.Transport;

namespace Reactor.Server.Tests.Limits;

/// <summary>A bug of ours costs the connection in which it shows, or the process.</summary>
[TestFixture]
[NonParallelizable]
public sealed class FaultTests
{
    private CapturedLog _log = null!;

    [SetUp]
    public void Listen() => _log = new CapturedLog(LogLevel.Warn);

    [TearDown]
    public void Restore() => _log.Dispose();

    [Test]
    public void A_fault_in_one_connection_ends_it_with_a_report_and_a_count_and_no_other()
    {
        using var server = new ServerInMemory();
        var publisher = server.Publish();
        var player = server.Play();
        var unlucky = server.Play();
        publisher.Headers();
        publisher.Key(0);
        server.Turn();

        unlucky.Socket.Trouble = new InvalidOperationException("a bug");
        server.Turn();
        publisher.Inter(40);
        server.Turn(afterMs: 100);

        Assert.That(unlucky.Socket.IsClosed, Is.True);
        Assert.That(server.Server.Closed[CloseReason.Fault], Is.EqualTo(1));
        Assert.That(server.Server.Loop.Faults, Is.EqualTo(1));
        Assert.That(player.Video.Count(), Is.EqualTo(3));
        Assert.That(_log.Lines, Has.One.Contains("fault of ours"));
        Assert.That(
            _log.Lines.Single(), Does.Contain("InvalidOperationException: a bug").And
                .Contain("Connection.Receive"), "with the place where it happened");
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_broken_invariant_of_one_connection_is_its_fault_alone()
    {
        using var server = new ServerInMemory();
        var unlucky = server.Publish();
        var other = server.Publish("b");

        unlucky.Socket.Trouble = new InvariantException("count >= 0");
        server.Turn();

        Assert.That(unlucky.Socket.IsClosed, Is.True);
        Assert.That(other.Socket.IsClosed, Is.False);
        Assert.That(server.Server.Closed[CloseReason.Fault], Is.EqualTo(1));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_fault_in_a_look_at_a_deadline_or_at_the_stop_is_that_connections_alone(
        bool isAtStop)
    {
        using var server = new ServerInMemory();
        var other = server.Publish();
        var faulty = server.Network.Visit(isAtStop ? 7002 : 7001);
        // Its deadline, or the stop, has it answered: which needs the date, and that is the bug.
        faulty.Arrive(Encoding.ASCII.GetBytes(
            isAtStop ? "GET /live/a.m3u8 HTTP/1.1\r\nHost: x\r\n\r\n" : "GET /"));
        server.Turns(2);
        server.Turn(afterMs: isAtStop ? 0 : 9800);
        Assert.That(faulty.IsClosed, Is.False);

        server.Time.Trouble = new InvalidOperationException("a bug");
        if (isAtStop)
            server.Server.Stop();
        server.Turns(2, eachMs: 200);

        Assert.That(faulty.IsClosed, Is.True);
        Assert.That(server.Server.Loop.Faults, Is.EqualTo(1));
        Assert.That(_log.Lines, Has.One.Contains("InvalidOperationException: a bug"));
        Assert.That(other.Socket.IsClosed, Is.False);
        Assert.That(other.Socket.HasEndedSending, Is.EqualTo(isAtStop), "it is told goodbye");
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [TestCase("HLS")]
    [TestCase("recording")]
    public void A_fault_in_what_is_made_of_a_stream_ends_that_and_not_its_publisher(string what)
    {
        using var server = new ServerInMemory(options: new ServerOptions
        {
            Defaults = new StreamOptions
            {
                Hls = new HlsOptions { Enabled = what == "HLS", OnDemand = false },
                Record = what == "HLS" ? [] : [new RecordOptions { MinFree = 0 }],
            },
        });
        var publisher = server.Publish();
        var player = server.Play();
        publisher.Headers();
        server.Turn();

        // Both look at the date when a frame comes, and that is the bug.
        server.Time.Trouble = new InvalidOperationException("a bug");
        publisher.Key(0);
        server.Turns(2);
        publisher.Inter(40);
        server.Turn(afterMs: 200);

        Assert.That(publisher.Socket.IsClosed, Is.False);
        Assert.That(player.Video.Count(), Is.EqualTo(3), "header, key and inter");
        Assert.That(server.Server.Loop.Faults, Is.EqualTo(1), "it hears of no more frames");
        Assert.That(_log.Lines, Has.One.Contains($"a fault of ours in its {what}"));
        Assert.That(server.Server.RecordingApi.List(), Is.Empty);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_fault_in_what_a_player_is_sent_ends_that_player_and_nobody_else()
    {
        using var server = new ServerInMemory();
        var waits = server.Network.Visit(7001);
        waits.Arrive("GET /live/a.flv HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        var publisher = server.Publish();
        var player = server.Play();
        Assert.That(server.Server.PlayerCount, Is.EqualTo(2));

        // The head of its answer, which the first frame brings, has the date: that is the bug.
        server.Time.Trouble = new InvalidOperationException("a bug");
        publisher.Headers();
        publisher.Key(0);
        server.Turn();
        publisher.Inter(40);
        server.Turns(2, eachMs: 200);

        Assert.That(waits.IsClosed, Is.True);
        Assert.That(publisher.Socket.IsClosed, Is.False);
        Assert.That(player.Video.Count(), Is.EqualTo(3));
        Assert.That(server.Server.Closed[CloseReason.Fault], Is.EqualTo(1));
        Assert.That(_log.Lines, Has.One.Contains("fault of ours"));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_fault_in_a_look_at_a_stream_in_segments_ends_those_and_no_other()
    {
        using var server = new ServerInMemory(options: new ServerOptions
        {
            Defaults = new StreamOptions
            {
                Hls = new HlsOptions { OnDemand = false },
                Publish = new PublishOptions { Grace = TimeSpan.Zero },
            },
        });
        var publishers = new[] { server.Publish("a"), server.Publish("b") };
        foreach (var publisher in publishers)
            publisher.Socket.Leave();
        server.Turn();
        Assert.That(server.Server.HlsCount, Is.EqualTo(2));

        // Nobody needs them any more, which is a line in the log, and that is the bug.
        _log.FailAt("HLS of live/a ends", Bug());
        server.Turns(3, eachMs: 61_000);

        Assert.That(server.Server.HlsCount, Is.Zero, "both are over");
        Assert.That(server.Server.Loop.Faults, Is.EqualTo(1));
        Assert.That(_log.Lines, Has.One.Contains("live/a: a fault of ours in its HLS"));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_fault_in_the_upkeep_keeps_nothing_else_from_being_looked_after()
    {
        using var server = new ServerInMemory();
        var publisher = HlsFilm.Publish(server);
        HlsFilm.Film(server, publisher, 0, 3000);
        using (var viewer = new HttpPeer(server, 7002))
            viewer.Get("/live/a.m3u8");
        var waits = server.Play("b");

        // A viewer that asks no more is a line in the log, and that is the bug.
        _log.FailAt("by HLS: ", Bug());
        for (var time = 3000u; time < 63_000 && !waits.Socket.IsClosed; time += 1000)
            HlsFilm.Film(server, publisher, time, time + 1000);

        Assert.That(waits.Socket.IsClosed, Is.True, "its time was over");
        Assert.That(publisher.Socket.IsClosed, Is.False);
        Assert.That(server.Server.Loop.Faults, Is.EqualTo(1));
        Assert.That(_log.Lines, Has.One.Contains("a fault of ours in the upkeep"));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    /// <summary>What begins because a stream has changed: relays, HLS, recordings.</summary>
    [TestCase("relay")]
    [TestCase("HLS")]
    [TestCase("recording")]
    public void A_fault_in_what_hears_of_streams_costs_neither_publisher_nor_player(string what)
    {
        var rules = new FailingRules();
        using var server = new ServerInMemory(options: new ServerOptions
        {
            Defaults = new StreamOptions
            {
                Hls = new HlsOptions { Enabled = what != "relay", OnDemand = false },
                Record = rules,
                Push = what == "relay" ? [new RelayRule("rtmp://{query.where}/x/y")] : [],
            },
        });
        var player = server.Play();
        rules.Fails = what == "recording";
        if (!rules.Fails)
            _log.FailAt(what == "HLS" ? "HLS of live/a begins" : "is no target", Bug());
        var publisher = server.Publish();
        server.Film(publisher, 2);

        Assert.That(server.Server.Loop.Faults, Is.EqualTo(1));
        Assert.That(publisher.Socket.IsClosed || player.Socket.IsClosed, Is.False);
        Assert.That(player.Video.Count(), Is.GreaterThan(2 * 25));
        var others = (server.Server.HlsCount, server.Server.RecordingApi.List().Count());
        Assert.That(
            others, Is.EqualTo(what == "recording" ? (1, 0) : (0, 1)),
            "others hear of it, and what had not begun is not half there");
        Assert.That(_log.Lines, Has.One.Contains("InvalidOperationException: a bug"));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_fault_in_a_look_at_a_relay_costs_that_relay_its_connection_and_nobody_else()
    {
        using var world = new RelayedServer(new StreamOptions
        {
            Pull = [new RelayRule("rtmp://127.0.0.1:1935/live/a") { Name = "c" }],
        });
        var player = world.Server.Play();
        world.Film(50);
        var connections = world.Server.Server.ConnectionCount;

        // Its stream is silent, which is a line in the log, and that is the bug.
        _log.FailAt("no media for", Bug());
        world.Pass(10_400);
        Assert.That(world.Server.Server.Loop.Faults, Is.EqualTo(1));
        Assert.That(world.Server.Server.Closed.Keys, Has.No.Member(CloseReason.Fault));
        Assert.That(_log.Lines, Has.One.Contains("pull:live/c: a fault of ours"));
        world.Pass(4000);
        world.Film(200);

        Assert.That(world.IsPublished, Is.True, "it was tried again");
        Assert.That(world.Relay.Attempts, Is.EqualTo(2));
        Assert.That(world.Got.Count(), Is.GreaterThan(100));
        Assert.That(player.Video.Count(seen => !seen.IsHeader), Is.EqualTo(250));
        Assert.That(
            world.Server.Server.ConnectionCount, Is.EqualTo(connections),
            "the first connection is closed");
        Assert.That(world.Server.Server.Loop.Faults, Is.EqualTo(1), "and that was all");
        Assert.That(world.Server.LeftAfterStop(), Is.Empty);
    }

    /// <summary>HLS on demand begins within a request, from what is cached of the stream.</summary>
    [Test]
    public void A_fault_in_the_beginning_of_HLS_ends_that_and_leaves_the_stream_and_the_request()
    {
        using var server = new ServerInMemory();
        var publisher = HlsFilm.Publish(server);
        HlsFilm.Film(server, publisher, 0, 3000);
        using var viewer = new HttpPeer(server, 7002);

        _log.FailAt("HLS of live/a begins", Bug());
        Assert.That(viewer.Get("/live/a.m3u8")?.Status, Is.EqualTo(500));
        Assert.That(server.Server.HlsCount, Is.Zero);
        Assert.That(server.Server.Loop.Faults, Is.EqualTo(1));
        Assert.That(publisher.Socket.IsClosed, Is.False);

        viewer.Get("/live/a.m3u8");
        HlsFilm.Film(server, publisher, 3000, 9000);
        Assert.That(server.Server.HlsCount, Is.EqualTo(1), "whoever asks next begins another");
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_broken_invariant_of_the_loop_or_the_pool_goes_up_to_the_process()
    {
        using var server = new ServerInMemory();
        var unlucky = server.Publish();
        unlucky.Socket.Trouble = new InvariantException("_owners > 0") { IsVital = true };

        var broken = Assert.Throws<InvariantException>(() => server.Turn());

        Assert.That(broken.IsVital, Is.True);
        unlucky.Socket.Trouble = null;
    }

    private static InvalidOperationException Bug() => new("a bug");

    /// <summary>One recorder, which cannot be looked up once.</summary>
    private sealed class FailingRules : IReadOnlyList<RecordOptions>
    {
        private readonly RecordOptions[] _rules = [new() { MinFree = 0 }];

        public bool Fails { get; set; }

        public int Count => _rules.Length;

        public RecordOptions this[int index] => _rules[index];

        public IEnumerator<RecordOptions> GetEnumerator()
        {
            if (!Fails)
                return _rules.AsEnumerable().GetEnumerator();
            Fails = false;
            throw Bug();
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
