using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Rtmp;

namespace Reactor.Server.Tests.Sessions;

/// <summary>A publisher comes for a name whose publisher says nothing, and may be gone.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class NameClaimTests : IDisposable
{
    private const int StaleMs = 3000;

    private readonly ServerInMemory _server = new(
        publish: new() { ReplaceStale = TimeSpan.FromMilliseconds(StaleMs) });

    private readonly Peer _first;
    private readonly Peer _player;

    public NameClaimTests()
    {
        _first = _server.Publish();
        _player = _server.Play();
        _first.Headers();
        _first.Key(0);
        _server.Turn();
    }

    public void Dispose() => _server.Dispose();

    [TestCase(0)]
    [TestCase(249)]
    public void Who_has_just_sent_a_frame_keeps_the_name_at_once(int silentMs)
    {
        var second = Come(silentMs);

        Assert.That(second.Last, Is.EqualTo(StatusCode.PublishBadName));
        Assert.That(second.Socket.HasEndedSending);
    }

    [Test]
    public void A_frame_is_a_sign_of_life_and_the_newcomer_is_refused()
    {
        var second = Come(silentMs: 1000);
        _server.Turn(500);
        Assert.That(second.Codes, Has.None.EqualTo(StatusCode.PublishBadName), "it waits");
        _first.Inter(1500);
        _server.Turn();
        _server.Turn(250);

        Assert.That(second.Last, Is.EqualTo(StatusCode.PublishBadName));
        Assert.That(_first.Socket.HasEndedSending, Is.False);
        Assert.That(_server.Server.PublisherCount, Is.EqualTo(1));
    }

    [Test]
    public void Who_gives_none_is_replaced_without_another_try_and_nothing_is_lost()
    {
        var second = Come(silentMs: 400);
        _server.Turns(10, eachMs: StaleMs / 10);
        second.Command("releaseStream");        // it is heard, and waits on
        Assert.That(second.IsStarted, Is.True);
        second.Headers();
        second.Key(0, bytes: 77);
        _server.Turn(250);

        Assert.That(second.Codes, Has.Some.EqualTo(StatusCode.PublishStart));
        Assert.That(_first.Last, Is.EqualTo(StatusCode.PublishIdle));
        Assert.That(_player.Video.Last().Payload, Has.Length.EqualTo(77));
    }

    [Test]
    public void Who_leaves_meanwhile_leaves_nothing()
    {
        var second = Come(silentMs: 1000);
        second.Socket.Leave();
        _server.Turns(20, eachMs: 250);

        Assert.That(_server.Server.PublisherCount, Is.EqualTo(1));
        Assert.That(_first.Socket.HasEndedSending, Is.False);
        Assert.That(_server.LeftAfterStop(), Is.Empty);
    }

    private Peer Come(int silentMs)
    {
        _server.Time.Advance(silentMs);
        var second = _server.Visit("a", publishes: true);
        _server.Turns(8);
        return second;
    }
}
