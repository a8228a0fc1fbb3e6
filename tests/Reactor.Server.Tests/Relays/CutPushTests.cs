using NUnit.Framework;
using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Relays;

/// <summary>A push whose connection is cut while the stream goes on.</summary>
[TestFixture]
public sealed class CutPushTests
{
    /// <summary>So long that the next attempt follows within half a second.</summary>
    private const int ProvenFrames = 11 * 25;

    [Test]
    public void Nothing_is_sent_twice_and_the_picture_goes_on_at_a_keyframe(
        [Values(0, 5, 27, 50, 80, 100)] int more)
    {
        using var world = Start();
        world.Film(ProvenFrames + more);
        world.Pass(100);                        // what was sent has arrived
        world.Cut();
        world.Film(250);
        world.Pass(200);

        Assert.That(world.Relay.Attempts, Is.EqualTo(2));
        world.ShouldHaveHeard(ProvenFrames + more + 250);
        world.ShouldHaveMissedUpToAKeyframe(ProvenFrames + more + 250);
        world.Server.Turns(2);
        Assert.That(world.Server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void What_the_connection_did_not_take_is_not_lost_with_it()
    {
        using var world = Start();
        world.Film(ProvenFrames + 30);          // a keyframe and four
        world.Pass(100);
        world.Stall();
        world.Film(20);
        world.Cut();
        world.Film(200);
        world.Pass(200);

        world.ShouldHaveHeard(ProvenFrames + 250);
        world.ShouldHaveMissedUpToAKeyframe(ProvenFrames + 250);
    }

    [Test]
    public void A_keyframe_that_the_peer_has_not_had_is_where_the_picture_goes_on()
    {
        using var world = Start();
        world.Film(ProvenFrames + 20);          // five before a keyframe
        world.Pass(100);
        world.Cut();
        world.IsHeld = true;
        world.Film(30);
        world.IsHeld = false;
        world.Film(200);
        world.Pass(200);

        var missed = world.ShouldHaveMissedUpToAKeyframe(ProvenFrames + 250);
        Assert.That(missed, Is.EqualTo(5));
    }

    private static RelayedServer Start()
    {
        var push = new RelayRule("rtmp://127.0.0.1:1935/live/c");
        return new RelayedServer(new StreamOptions(), new StreamOptions { Push = [push] });
    }
}
