using System;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Http;

namespace Reactor.Server.Tests;

/// <summary>A server that quits: nobody new, and time for everybody else (A3).</summary>
public class QuitTests
{
    [Test]
    public void It_ends_when_the_last_publisher_and_player_have_ended()
    {
        using var server = new ServerInMemory();
        var publisher = server.Publish();
        var player = server.Play();
        publisher.Headers();
        publisher.Key(0);
        server.Turns(3);

        server.Server.Quit();
        publisher.Key(40);
        server.Turns(10, eachMs: 200);
        Assert.That(server.Server.IsStopping, Is.False);
        Assert.That(player.Video, Has.Exactly(3).Items, "the stream goes on");
        Assert.That(server.Network.Watched, Is.EqualTo(2), "no listener is left");

        publisher.End();
        server.Turns(3, eachMs: 200);
        Assert.That(server.Server.IsStopping, Is.False, "the player has its time too");
        player.End();
        server.Turns(3, eachMs: 200);
        Assert.That(server.Server.IsStopped);
    }

    [Test]
    public void After_the_grace_period_those_who_stay_are_told_and_sent_away()
    {
        using var server = new ServerInMemory(options: new ServerOptions
        {
            Process = new ProcessOptions { GracePeriod = TimeSpan.FromSeconds(2) },
        });
        var publisher = server.Publish();

        server.Server.Quit();
        for (uint time = 0; time < 1800; time += 200)
        {
            publisher.Key(time);
            server.Turn(200);
        }
        Assert.That(server.Server.IsStopping, Is.False);
        server.Turns(3, eachMs: 200);

        Assert.That(server.Server.IsStopping);
        Assert.That(publisher.Codes, Does.Contain("NetStream.Unpublish.Success"));
    }

    [Test]
    public void With_nobody_there_it_ends_at_once_and_an_idle_connection_does_not_hold_it()
    {
        using var server = new ServerInMemory();
        using var idle = new HttpPeer(server);
        idle.Get("/streams");

        server.Server.Quit();
        Assert.That(server.Server.IsStopping);

        idle.Socket.Leave();
        server.Turns(3, eachMs: 200);
        Assert.That(server.Server.IsStopped);
    }
}
