using NUnit.Framework;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Relays;

/// <summary>A pull whose connection is cut while the stream goes on.</summary>
/// <remarks>The server pulls from itself, over a wire that the test carries and cuts.</remarks>
[TestFixture]
public sealed class CutPullTests
{
    private const int ProvenFrames = 11 * 25;

    [Test]
    public void A_player_gets_each_frame_once_and_none_is_missing(
        [Values(0, 5, 27, 50, 80, 100)] int more)
    {
        using var world = Start();
        world.Film(ProvenFrames + more);        // no GOP ends within the next half second
        world.Player.Codes.Clear();
        world.Cut();
        world.Film(250);

        Assert.That(world.Relay.Attempts, Is.EqualTo(2));
        world.ShouldHaveGot(ProvenFrames + more + 250);
        Assert.That(world.Player.Codes, Is.Empty, "players hear nothing of it");
        world.Server.Turns(2);
        Assert.That(world.Server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_player_goes_on_at_the_next_keyframe_where_it_took_too_long()
    {
        using var world = Start();
        world.Film(ProvenFrames);
        world.Cut();
        world.IsHeld = true;
        world.Film(4 * 25);                     // from 2.75 GOPs to 3.75
        world.IsHeld = false;
        world.Film(150);
        world.Pass(200);

        world.ShouldHaveMissedUpToAKeyframe(ProvenFrames + 250);
    }

    [Test]
    public void It_is_given_up_when_nobody_is_found_there_any_more()
    {
        using var world = Start();
        world.Film(ProvenFrames);
        world.Server.Network.TakesCalls = false;
        world.Cut();
        Assert.That(world.IsPublished, Is.True, "for a moment");
        world.Film(25);

        Assert.That(world.IsPublished, Is.False);
    }

    [Test]
    public void It_is_given_up_when_the_pull_is_stopped_meanwhile()
    {
        using var world = Start();
        world.Film(ProvenFrames);
        world.IsHeld = true;
        world.Cut();
        world.Film(2);
        world.Player.End();
        world.Film(12 * 25);

        Assert.That(world.Server.Server.RelayApi.List(), Is.Empty);
        Assert.That(world.Server.Server.PublisherCount, Is.EqualTo(1));
        Assert.That(world.Server.Server.Hub.Find(RelayedServer.Copy), Is.Null);
    }

    [Test]
    public void A_publisher_may_have_the_name_meanwhile()
    {
        using var world = Start();
        world.Film(ProvenFrames);
        world.IsHeld = true;
        world.Cut();
        world.Film(2);
        Assert.That(world.IsPublished, Is.True);

        var publisher = world.Server.Publish("c");
        Assert.That(publisher.IsStarted, Is.True);
        Assert.That(world.Server.Server.RelayApi.List(), Is.Empty);
    }

    [Test]
    public void A_stream_that_is_silent_is_given_up_and_counted()
    {
        using var world = Start();
        world.Film(ProvenFrames);
        world.Pass(9800);
        Assert.That((world.IsPublished, world.Struck(Limit.PullTimeout)), Is.EqualTo((true, 0)));
        world.Pass(600);

        Assert.That((world.IsPublished, world.Struck(Limit.PullTimeout)), Is.EqualTo((false, 1)));
        Assert.That(world.Relay.LastError, Does.Contain("no media"));
    }

    [Test]
    public void A_stream_that_nobody_publishes_there_is_nobodys_here()
    {
        using var world = Start();
        world.Film(25);
        world.EndSource();
        world.Pass(16_000);

        Assert.That(world.Relay.Attempts, Is.EqualTo(2));
        Assert.That(world.IsPublished, Is.False, "an answer to play is no media");
    }

    [Test]
    public void Of_a_publisher_that_another_one_follows_there_nothing_is_kept_here()
    {
        using var world = Start();
        world.Film(25);
        world.EndSource();
        world.Pass(500);
        Assert.That(world.IsPublished, Is.True, "it may return");
        var silent = world.Server.Publish();
        silent.VideoHeader();
        for (var frame = 0u; frame < 10; frame++)
        {
            silent.Key(frame * 40);
            world.Pass(100);
        }

        var late = world.Server.Play("c");
        world.Pass(200);
        Assert.That(late.Video, Is.Not.Empty);
        Assert.That(late.Audio, Is.Empty, "there is no sound any more");
        Assert.That(world.Player.Last, Is.EqualTo(StatusCode.PlayPublishNotify));
        Assert.That(world.Relay.Attempts, Is.EqualTo(1), "by the same connection");
    }

    private static RelayedServer Start() => new(new StreamOptions
    {
        Pull = [new RelayRule("rtmp://127.0.0.1:1935/live/a") { Name = "c" }],
    });
}
