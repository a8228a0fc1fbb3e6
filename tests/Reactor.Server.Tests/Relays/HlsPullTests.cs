using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Http;

namespace Reactor.Server.Tests.Relays;

/// <summary>A stream that is pulled because somebody watches it by HLS.</summary>
[TestFixture]
public sealed class HlsPullTests
{
    private const int Port = 7002;

    [Test]
    public void A_playlist_that_is_asked_for_starts_the_pull_and_keeps_it([Values] bool onDemand)
    {
        using var server = Start(onDemand);
        var publisher = HlsFilm.Publish(server);
        HlsFilm.Film(server, publisher, 0, 1000);
        Assert.That(server.Server.RelayApi.List(), Is.Empty);

        using var viewer = new HttpPeer(server, Port);
        viewer.Get("/copy/a.m3u8");
        var pull = server.Server.RelayApi.List().Single();
        Assert.That((pull.Key, pull.Origin), Is.EqualTo(("pull:copy/a", "config")));
        var origin = server.Network.Visit();            // it calls this very server
        var calling = server.Network.Called.Single();
        for (var time = 1000u; time < 30_000; time += 40)
        {
            Carry(calling, origin);
            HlsFilm.Film(server, publisher, time, time + 1);
            viewer.Turn();
            if (time % 2000 == 0)
                viewer.Get("/copy/a.m3u8");
        }

        Assert.That(viewer.Last.Status, Is.EqualTo(200), viewer.Last.Text);
        Assert.That(viewer.Last.Text, Does.Contain(".ts"));
        Assert.That(server.Server.RelayApi.List().Single().Attempts, Is.EqualTo(1), "it lasted");

        for (var time = 30_000u; time < 60_000; time += 40)
        {
            Carry(calling, origin);
            HlsFilm.Film(server, publisher, time, time + 1);
        }
        Assert.That(server.Server.RelayApi.List(), Is.Empty, "nobody has asked for long");
        Assert.That(server.Server.PublisherCount, Is.EqualTo(1));
    }

    /// <summary>What one end has sent arrives at the other.</summary>
    private static void Carry(
        Reactor.Testing.MemorySocket one, Reactor.Testing.MemorySocket other)
    {
        foreach (var (from, to) in new[] { (one, other), (other, one) })
        {
            if (from.Sent.Count > 0)
                to.Arrive(from.Sent.ToArray());
            from.Sent.Clear();
            if (from.IsClosed)
                to.Leave();
        }
    }

    private static ServerInMemory Start(bool onDemand)
    {
        var usual = new StreamOptions
        {
            Hls = new HlsOptions { OnDemand = onDemand, HlsDispose = TimeSpan.FromSeconds(10) },
            PullStopAfter = TimeSpan.FromSeconds(5),
        };
        var copy = usual with { Pull = [new RelayRule("rtmp://127.0.0.1:1935/live/{stream}")] };
        return new ServerInMemory(
            options: new ServerOptions
            {
                Apps = new AppTable(
                    [new AppRule("live", usual, []), new AppRule("copy", copy, [])]),
            },
            takesCalls: true);
    }
}
