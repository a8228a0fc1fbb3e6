using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Sessions;

/// <summary>
/// Who is read now and then: whose stream nobody takes, or few while the loop is full.
/// </summary>
[TestFixture]
public sealed class UnhurriedTests
{
    [Test]
    public void What_nobody_takes_is_read_together()
    {
        using var server = new ServerInMemory();
        var publisher = Unwatched(server);

        publisher.Key(2000);
        publisher.Sound(2000);
        server.Turn(20);
        var soon = server.FramesIn;
        server.Turn(100);

        Assert.That(soon, Is.EqualTo(3));
        Assert.That(server.FramesIn, Is.EqualTo(5));
    }

    [Test]
    public void A_player_has_what_waited_in_the_turn_after_it_came()
    {
        using var server = new ServerInMemory();
        var publisher = Unwatched(server);
        publisher.Key(2000);
        publisher.Inter(2040);

        var player = server.Play();
        server.Turns(2);
        publisher.Inter(2080);
        server.Turns(2);

        var times = player.Video.Where(seen => !seen.IsHeader).Select(seen => seen.Time);
        Assert.That(times, Is.EqualTo(new uint[] { 0, 2000, 2040, 2080 }));
    }

    [Test]
    public void Whoever_is_watched_is_read_as_it_sends()
    {
        using var server = new ServerInMemory();
        var (publisher, players) = Watched(server);
        server.Turns(3, eachMs: 1000);

        publisher.Key(3000);
        server.Turn();

        Assert.That(players[0].Video.Count(seen => seen.IsKeyframe), Is.EqualTo(2));
    }

    [Test]
    public void While_the_loop_is_full_whom_few_watch_is_read_together_too_and_sent_at_once()
    {
        using var server = new ServerInMemory();
        var (publisher, players) = Watched(server);
        Fill(server);

        publisher.Key(3000);
        publisher.Inter(3040);
        server.Turn(20);
        var soon = server.FramesIn;
        server.Turn(100);

        Assert.That(soon, Is.EqualTo(3));
        Assert.That(players[0].Video.Count(seen => !seen.IsHeader), Is.EqualTo(3));
    }

    [Test]
    public void Whom_many_watch_is_read_at_once_and_sent_together()
    {
        using var server = new ServerInMemory();
        var (publisher, players) = Watched(server, players: 9);
        Fill(server);

        publisher.Key(3000);
        publisher.Inter(3040);
        server.Turns(2);
        var soon = players[0].Video.Count(seen => !seen.IsHeader);
        server.Turns(2, eachMs: 100);

        Assert.That(server.FramesIn, Is.EqualTo(5));
        Assert.That(soon, Is.EqualTo(1));
        Assert.That(players[0].Video.Count(seen => !seen.IsHeader), Is.EqualTo(3));
    }

    [Test]
    public void A_loop_at_ease_reads_at_once_again()
    {
        using var server = new ServerInMemory();
        var (publisher, players) = Watched(server);
        Fill(server);
        server.Turns(8, eachMs: 250);

        publisher.Key(6000);
        server.Turn();

        Assert.That(players[0].Video.Count(seen => seen.IsKeyframe), Is.EqualTo(2));
    }

    [Test]
    public void Nothing_waits_where_nothing_may()
    {
        using var server = new ServerInMemory(options: new ServerOptions
        {
            Reactor = new ReactorOptions { ReadCoalesce = TimeSpan.Zero },
        });
        var publisher = Unwatched(server);

        publisher.Key(2000);
        server.Turn();

        Assert.That(server.FramesIn, Is.EqualTo(4));
    }

    [Test]
    public void An_end_is_heard_at_once()
    {
        using var server = new ServerInMemory();
        var publisher = Unwatched(server);

        publisher.Key(2000);
        publisher.End();
        server.Turns(3);

        Assert.That(server.Server.PublisherCount, Is.Zero);
    }

    [Test]
    public void Whoever_sends_little_is_not_taken_for_silent()
    {
        using var server = new ServerInMemory(
            publish: new PublishOptions { DropIdlePublisher = TimeSpan.FromSeconds(2) });
        var publisher = Unwatched(server);

        for (uint second = 2; second < 20; second++)
        {
            publisher.Sound(second * 1000);
            server.Turn(1000);
        }

        Assert.That(server.Server.PublisherCount, Is.EqualTo(1));
    }

    /// <summary>A publisher of three frames, and whoever plays them.</summary>
    private static (Peer Publisher, Peer[] Players) Watched(ServerInMemory server, int players = 1)
    {
        var publisher = server.Publish();
        var all = Enumerable.Range(0, players).Select(_ => server.Play()).ToArray();
        publisher.Headers();
        publisher.Key(0);
        server.Turn();
        return (publisher, all);
    }

    /// <summary>A publisher of three frames, at whose deadlines was looked since.</summary>
    private static Peer Unwatched(ServerInMemory server)
    {
        var publisher = server.Publish();
        publisher.Headers();
        publisher.Key(0);
        server.Turns(3, eachMs: 1000);
        return publisher;
    }

    /// <summary>Turns take nearly all of the time for a while.</summary>
    private static void Fill(ServerInMemory server)
    {
        for (var i = 0; i < 8; i++)
        {
            server.Server.Loop.Pacing.EndTurn(server.Server.Loop.NowMs, busyMs: 240);
            server.Turn(250);
        }
    }
}
