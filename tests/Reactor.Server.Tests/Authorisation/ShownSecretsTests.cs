using System.Linq;
using NLog;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Control;
using Reactor.Server.Tests.Http;

namespace Reactor.Server.Tests.Authorisation;

/// <summary>What opens something is in no line of the log, in no list and in no figure.</summary>
[TestFixture]
[NonParallelizable]
public sealed class ShownSecretsTests
{
    private const string Secret = "sesame";

    private static readonly string[] Lists =
    [
        "/api/v1/server", "/api/v1/streams", "/api/v1/clients", "/api/v1/relays",
        "/stat", "/stat?format=json", "/stat/livestat", "/metrics",
    ];

    private CapturedLog _log = null!;

    [SetUp]
    public void Listen() => _log = new CapturedLog(LogLevel.Trace);

    [TearDown]
    public void Restore() => _log.Dispose();

    [Test]
    public void Keys_of_publishers_and_players_are_nowhere()
    {
        using var server = new ServerInMemory(
            options: new ServerOptions
            {
                Defaults = new StreamOptions
                {
                    Publish = new PublishOptions { Key = [$"publish-{Secret}"] },
                    Play = new PlayOptions { Key = [$"play-{Secret}", "other"] },
                    Push = [new RelayRule($"rtmp://127.0.0.1:9/x/y?key=push-{Secret}")],
                },
            },
            takesCalls: true);
        var publisher = server.Publish($"a?key=publish-{Secret}");
        server.Play($"a?key=play-{Secret}");
        server.Visit($"b?key=guessed-{Secret}", publishes: true);
        using var flv = new HttpPeer(server);
        flv.Get($"/live/a.flv?key=play-{Secret}");
        using var guess = new HttpPeer(server);
        guess.Get($"/live/a.flv?key=guessed-{Secret}");
        using var hls = new HttpPeer(server, 7002);
        hls.Get($"/live/a.m3u8?key=play-{Secret}");
        server.Film(publisher, seconds: 8);
        using var other = new HttpPeer(server, 7002);
        var playlist = other.Get("/live/a.m3u8?key=other")!;

        Assert.That(server.Server.PlayerCount, Is.EqualTo(2), "they were let in by their keys");
        Assert.That(guess.Last.Status, Is.EqualTo(403));
        Assert.That(playlist.Text, Does.Contain(".ts?key=other").And.Not.Contain(Secret));
        var control = new ControlPeer(server);
        foreach (var list in Lists)
        {
            var answer = control.Ask(list);
            Assert.That(answer.Status, Is.EqualTo(200), list);
            Assert.That(answer.Text, Does.Not.Contain(Secret), list);
        }
        Assert.That(control.Ask("/api/v1/streams").Text, Does.Contain("\"name\":\"a\""));
        server.LeftAfterStop();
        Assert.That(_log.Lines.Count(line => line.Contains("live/a")), Is.GreaterThan(5));
        Assert.That(_log.Lines, Has.None.Contains(Secret));
    }
}
