using System.Linq;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Http;
using static Reactor.Server.Tests.Hooks.HookTests;

namespace Reactor.Server.Tests.Hooks;

/// <summary>Hooks hear of streams that nobody publishes, or nobody watches any more.</summary>
[TestFixture]
public sealed class AudienceHookTests
{
    private const string Url = "http://127.0.0.1:9/";

    [TestCase("")]
    [TestCase("/live/a.flv")]
    public void Who_may_not_wait_for_a_publisher_is_told_as_not_found(string path)
    {
        using var server = Open(
            new HooksOptions { OnStreamNotFound = Url },
            out var hook,
            new PlayOptions { IdleStreams = false });
        if (path.Length == 0)
        {
            server.Visit("a?token=t", publishes: false);
            hook.Turns(12);
        }
        else
        {
            using var player = new HttpPeer(server);
            player.Say($"GET {path}?token=t HTTP/1.1\r\nHost: x\r\n\r\n");
            hook.Turns(5);
            player.Turn();
            Assert.That(player.Last.Status, Is.EqualTo(404));
        }

        Assert.That(hook.Asked, Has.Count.EqualTo(1));
        Assert.That(hook.Last.Body, Does.Contain("\"action\":\"on_stream_not_found\""));
        Assert.That(hook.Last.Body, Does.Contain("\"param\":\"?token=t\""));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_playlist_of_nobodys_stream_is_told_as_not_found_unless_it_is_a_file(
        [Values] bool isFile, [Values] bool waits)
    {
        using var server = Open(
            new HooksOptions { OnStreamNotFound = Url },
            out var hook,
            new PlayOptions { IdleStreams = waits });
        if (isFile)
            server.Disk.Put("html/live/a.m3u8", "#EXTM3U"u8);
        using var viewer = new HttpPeer(server, 7002);
        viewer.Say("GET /live/a.m3u8?token=t HTTP/1.1\r\nHost: x\r\n\r\n");
        hook.Turns(12);
        viewer.Turn();

        Assert.That(viewer.Last.Status, Is.EqualTo(isFile ? 200 : 404));
        Assert.That(hook.Asked, Has.Count.EqualTo(isFile ? 0 : 1));
        if (!isFile)
        {
            Assert.That(hook.Last.Body, Does.Contain("\"action\":\"on_stream_not_found\""));
            Assert.That(hook.Last.Body, Does.Contain("\"param\":\"?token=t\""));
        }
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_stream_is_told_as_idle_when_the_last_has_left_by_whatever_way()
    {
        using var server = Open(
            new HooksOptions { OnStreamIdle = Url }, out var hook,
            hls: new HlsOptions { OnDemand = false });
        var publisher = HlsFilm.Publish(server);
        var player = server.Play();
        HlsFilm.Film(server, publisher, from: 0, to: 4000);
        using var viewer = new HttpPeer(server, 7002);
        viewer.Get("/live/a.m3u8");
        player.End();
        HlsFilm.Film(server, publisher, from: 4000, to: 8000);
        hook.Turns(5);
        Assert.That(hook.Asked, Is.Empty, "somebody watches by HLS still");

        HlsFilm.Film(server, publisher, from: 8000, to: 24_000);
        hook.Turns(5);
        Assert.That(
            hook.Asked.Select(asked => asked.Body),
            Has.Exactly(1).Contains("\"action\":\"on_stream_idle\""));
        player = server.Play();
        player.End();
        hook.Turns(8);
        Assert.That(hook.Asked, Has.Count.EqualTo(2));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }
}
