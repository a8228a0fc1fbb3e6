using System;
using NUnit.Framework;
using Reactor.Server.Rooms;
using Reactor.Server.Tests.Storage;

namespace Reactor.Server.Tests.Rooms;

/// <summary>Against a real Redis server.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RedisRoomsTests : RoomStoreContract, IDisposable
{
    private static readonly string LivegoKey = new('L', 48);

    private readonly RedisProcess _redis = new();
    private readonly RedisWorld _world;

    public RedisRoomsTests()
    {
        _world = new RedisWorld(_redis);
        Store = new RedisRooms(_world.Client, new Random(1).NextBytes);
        _world.UntilReady();
    }

    internal override IRoomStore Store { get; }

    public void Dispose()
    {
        _world.Dispose();
        _redis.Dispose();
    }

    [Test]
    public void Both_directions_are_stored_as_livego_stores_them_and_have_no_end()
    {
        var key = Ask(Store.KeyOf, "movie").Value!;

        Assert.That(_world.Ask("GET", "movie").Value.Text, Is.EqualTo(key));
        Assert.That(_world.Ask("GET", key).Value.Text, Is.EqualTo("movie"));
        Assert.That(_world.Ask("TTL", key).Value.Integer, Is.EqualTo(-1));
        Ask(Store.Reset, "movie");
        Assert.That(_world.Ask("DBSIZE").Value.Integer, Is.EqualTo(2));
        Ask(Store.Delete, "movie");
        Assert.That(_world.Ask("DBSIZE").Value.Integer, Is.Zero);
    }

    [Test]
    public void The_keys_of_a_livego_installation_go_on_working()
    {
        _world.Ask("SET", "movie", LivegoKey);
        _world.Ask("SET", LivegoKey, "movie");

        Assert.That(Ask(Store.RoomOf, LivegoKey).Value, Is.EqualTo("movie"));
        Assert.That(Ask(Store.KeyOf, "movie").Value, Is.EqualTo(LivegoKey));
    }

    [Test]
    public void A_key_that_livego_left_behind_at_a_reset_opens_nothing()
    {
        var left = new string('O', 48);
        _world.Ask("SET", "movie", LivegoKey);
        _world.Ask("SET", LivegoKey, "movie");
        _world.Ask("SET", left, "movie");

        Assert.That(Ask(Store.RoomOf, left), Is.EqualTo(RoomAnswer.None));
    }

    [Test]
    public void Two_servers_that_make_a_key_for_one_room_agree()
    {
        using var other = new RedisWorld(_redis);
        var others = new RedisRooms(other.Client, new Random(2).NextBytes);
        other.UntilReady();
        RoomAnswer? one = null;
        RoomAnswer? two = null;
        Store.KeyOf("movie", answer => one = answer);
        others.KeyOf("movie", answer => two = answer);

        Until(() =>
        {
            if (other.Client.Pending > 0)
                other.Loop.RunOnce();
            return one is not null && two is not null;
        });

        Assert.That(one, Is.EqualTo(two));
        Assert.That(_world.Ask("DBSIZE").Value.Integer, Is.EqualTo(2), "the loser's key is gone");
    }

    [Test]
    public void While_Redis_is_away_nothing_opens_and_the_reason_is_told()
    {
        var key = Ask(Store.KeyOf, "movie").Value!;
        _redis.Kill();

        Assert.That(Ask(Store.RoomOf, key).Trouble, Does.Contain("Redis is away"));
        Assert.That(Ask(Store.KeyOf, "movie").Trouble, Does.Contain("Redis is away"));
        Assert.That(Ask(Store.Reset, "movie").Trouble, Does.Contain("Redis is away"));
        Assert.That(Ask(Store.Delete, "movie").Trouble, Does.Contain("Redis is away"));
    }

    [Test]
    public void What_was_opened_before_is_opened_again_where_that_is_wanted()
    {
        var remembered = new RememberedRooms(Store);
        var key = Ask(Store.KeyOf, "movie").Value!;
        var reset = Ask(Store.KeyOf, "other").Value!;
        Assert.That(Ask(remembered.RoomOf, key).Value, Is.EqualTo("movie"));
        Assert.That(Ask(remembered.RoomOf, reset).Value, Is.EqualTo("other"));
        Ask(remembered.Reset, "other");
        _redis.Kill();

        Assert.That(Ask(remembered.RoomOf, key).Value, Is.EqualTo("movie"));
        Assert.That(Ask(remembered.RoomOf, reset).Trouble, Does.Contain("Redis is away"));
        Assert.That(Ask(remembered.RoomOf, LivegoKey).Trouble, Does.Contain("Redis is away"));
        _redis.Restart();
        _world.UntilReady();
        Assert.That(Ask(remembered.RoomOf, key), Is.EqualTo(RoomAnswer.None), "Redis is believed");
    }

    private protected override void Until(Func<bool> isSo) => _world.Until(isSo, "an answer");
}
