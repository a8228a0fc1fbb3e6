using System.Linq;
using NLog;
using NUnit.Framework;
using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Limits;

/// <summary>What the log says of a limit: who was closed and why, and not too often.</summary>
[TestFixture]
[NonParallelizable]
public sealed class LogLineTests
{
    private CapturedLog _log = null!;

    [SetUp]
    public void Listen() => _log = new CapturedLog(LogLevel.Info);

    [TearDown]
    public void Restore() => _log.Dispose();

    [TestCase(10_000, 0)]
    [TestCase(10_200, 1)]
    public void Whoever_does_not_greet_in_time_is_named(int milliseconds, int lines)
    {
        using var server = new ServerInMemory();
        var client = new RawClient(server);
        client.Greet(isSecond: false);
        server.Turns(milliseconds / 200, eachMs: 200);

        var said = _log.Lines.Where(line => line.Contains("handshake did not come within 10 s"));
        Assert.That(said.Count(), Is.EqualTo(lines));
        Assert.That(said, Has.All.Contain(client.Socket.Remote.ToString()));
    }

    [TestCase("a", false)]
    [TestCase("b", true)]
    public void Who_plays_what_nobody_publishes_is_told_of(string name, bool isHinted)
    {
        using var server = new ServerInMemory();
        server.Publish("a");
        server.Play(name);

        var line = _log.Lines.Single(line => line.Contains($"plays live/{name}"));
        Assert.That(line.Contains(", which nobody publishes now"), Is.EqualTo(isHinted));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Of_a_publisher_without_a_frame_it_is_said_what_it_should_have_sent(bool hasSent)
    {
        using var server = new ServerInMemory();
        var publisher = server.Publish();
        if (hasSent)
            publisher.Sound(0);
        server.Turn();
        publisher.End();
        server.Turns(2);

        var line = _log.Lines.Single(line => line.Contains(" published live/a"));
        Assert.That(line.Contains("-f flv"), Is.Not.EqualTo(hasSent), line);
    }

    [TestCase(999, 1)]
    [TestCase(1000, 2)]
    [TestCase(1001, 2)]
    public void A_flood_of_visitors_makes_one_line_a_second(int milliseconds, int lines)
    {
        using var server = new ServerInMemory(options: new ServerOptions
        {
            Limits = new LimitsOptions { MaxConnections = 1 },
        });
        for (var i = 0; i < 50; i++)
            _ = new RawClient(server);
        server.Turn();
        server.Turn(milliseconds);
        _ = new RawClient(server);
        server.Turn();

        Assert.That(server.Server.Struck[Limit.MaxConnections], Is.EqualTo(50));
        var said = _log.Lines.Count(line => line.Contains("connection refused: 1 connections"));
        Assert.That(said, Is.EqualTo(lines));
    }
}
