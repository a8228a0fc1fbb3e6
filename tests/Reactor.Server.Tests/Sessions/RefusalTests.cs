using NUnit.Framework;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;

namespace Reactor.Server.Tests.Sessions;

/// <summary>A refusal ends the session at once, also for what came in the same segment.</summary>
[TestFixture]
public sealed class RefusalTests
{
    [Test]
    public void A_publish_behind_a_refused_one_holds_no_name()
    {
        using var server = new ServerInMemory();
        server.Publish("taken");
        var peer = server.Publish("first");
        peer.Call(0, "deleteStream", AmfValue.Of(1));
        peer.Call(0, "createStream");
        peer.Call(0, "createStream");
        peer.Call(2, "publish", AmfValue.Of("taken"));
        peer.Call(3, "publish", AmfValue.Of("free"));
        server.Turns(3);
        Assert.That(peer.Last, Is.EqualTo(StatusCode.PublishBadName));
        Assert.That(server.Server.PublisherCount, Is.EqualTo(1), "the one that holds the name");

        peer.Socket.Leave();
        server.Turn();
        Assert.That(server.Publish("free").IsStarted, Is.True);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_publish_behind_close_holds_no_name()
    {
        using var server = new ServerInMemory();
        var peer = server.Publish("first");
        peer.Call(0, "createStream");
        peer.Call(0, "close");
        peer.Call(2, "publish", AmfValue.Of("free"));
        server.Turns(3);

        Assert.That(server.Server.PublisherCount, Is.Zero);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }
}
