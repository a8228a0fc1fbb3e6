using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Http;
using static Reactor.Server.Tests.Exec.ExecPushTests;

namespace Reactor.Server.Tests.Exec;

/// <summary>Programs that fetch a stream while somebody watches it (A35).</summary>
[TestFixture]
public sealed class ExecPullTests
{
    private static readonly ExecOptions Usual = new()
    {
        ExecPull = [new ExecRule(["fetch", "{stream}", "{query.cam}"])],
    };

    [Test]
    public void The_first_player_starts_it_and_it_ends_some_time_after_the_last()
    {
        using var server = Open(Usual);
        var player = server.Play("a?cam=7");
        server.Turn();
        Assert.That(Lines(server), Is.EqualTo(new[] { "fetch a 7" }));

        var fetched = server.Publish("a");      // it is what publishes
        server.Play("a");
        server.Turns(100, eachMs: 200);
        fetched.Key(0);
        player.End();
        server.Turn();
        Assert.That(server.Programs.All, Has.Count.EqualTo(1));
        Assert.That(server.Programs.All[0].Signals, Is.Empty, "one watches yet");
    }

    [Test]
    public void It_ends_some_time_after_the_last_player_and_begins_again_with_the_next()
    {
        using var server = Open(Usual);
        server.Play("a").End();
        server.Turns(45, eachMs: 200);
        var fetch = server.Programs.All.Single();
        Assert.That(fetch.Signals, Is.Empty, "pull_stop_after is 10 s");
        server.Turns(8, eachMs: 200);
        Assert.That(fetch.Signals, Is.EqualTo(new[] { KillSignal.Term }));
        Assert.That(server.Server.ProgramCount, Is.Zero);

        server.Play("a");
        server.Turn();
        Assert.That(server.Programs.All, Has.Count.EqualTo(2));
    }

    [Test]
    public void What_is_published_is_not_fetched()
    {
        using var server = Open(Usual);
        var publisher = server.Publish("a");
        publisher.Key(0);
        server.Play("a");
        server.Turns(5, eachMs: 200);
        Assert.That(server.Programs.All, Is.Empty);

        publisher.End();
        server.Turn();
        Assert.That(Lines(server), Is.EqualTo(new[] { "fetch a " }));
    }

    [Test]
    public void While_somebody_else_publishes_it_is_not_started_again()
    {
        using var server = Open(Usual);
        server.Play("a");
        server.Turn();
        var publisher = server.Publish("a");    // which the program could not then
        server.Programs.All[0].Exit(1);
        for (var i = 0; i < 100; i++)
        {
            publisher.Key((uint)i * 200);
            server.Turn(200);
        }
        Assert.That(server.Programs.All, Has.Count.EqualTo(1));

        publisher.End();
        server.Turns(3, eachMs: 200);
        Assert.That(server.Programs.All, Has.Count.EqualTo(2));
    }

    [Test]
    public void Who_plays_what_may_be_fetched_is_not_sent_away([Values] bool hasProgram)
    {
        using var server = new ServerInMemory(
            play: new PlayOptions { IdleStreams = false },
            options: new ServerOptions
            {
                Defaults = new StreamOptions { Exec = hasProgram ? Usual : new ExecOptions() },
            });
        var player = server.Visit("a", publishes: false);
        server.Turns(5);
        Assert.That(player.IsStarted, Is.EqualTo(hasProgram));
    }

    [Test]
    public void A_playlist_that_is_asked_for_starts_it_and_who_asks_no_more_ends_it()
    {
        using var server = new ServerInMemory(options: new ServerOptions
        {
            Defaults = new StreamOptions
            {
                Exec = Usual,
                Hls = new HlsOptions { HlsDispose = TimeSpan.FromSeconds(10) },
            },
        });
        using var viewer = new HttpPeer(server, 7002);
        viewer.Get("/live/a.m3u8");
        server.Turn();
        Assert.That(Lines(server), Is.EqualTo(new[] { "fetch a " }));

        var publisher = HlsFilm.Publish(server);
        for (var time = 0u; time < 60_000; time += 1000)
        {
            HlsFilm.Film(server, publisher, time, time + 1000);
            if (time < 20_000)
                viewer.Get("/live/a.m3u8");
            if (time == 20_000)
                Assert.That(server.Programs.All.Single().Signals, Is.Empty);
        }
        Assert.That(server.Programs.All.Single().Signals, Is.EqualTo(new[] { KillSignal.Term }));
    }

    [Test]
    public void A_reload_changes_what_runs()
    {
        using var server = Open(Usual);
        server.Play("a?cam=7");
        server.Turn();
        Reload(server, Usual with { ExecPull = [new ExecRule(["other", "{query.cam}"])] });
        Assert.That(Lines(server), Is.EqualTo(new[] { "fetch a 7", "other 7" }));
        Assert.That(server.Programs.All[0].Signals, Has.Count.EqualTo(1));

        Reload(server, new ExecOptions());
        Assert.That(server.Programs.All[1].Signals, Has.Count.EqualTo(1));
        Reload(server, Usual);
        Assert.That(Lines(server)[2], Is.EqualTo("fetch a 7"), "somebody watches yet");
    }
}
