using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Redis;
using Reactor.Server.Storage;

namespace Reactor.Server.Tests.Storage;

/// <summary>Against a real Redis server, over real sockets.</summary>
public class RedisClientTests
{
    [Test]
    public void What_is_set_is_got_and_what_is_not_there_is_null()
    {
        using var redis = new RedisProcess();
        using var world = new RedisWorld(redis);

        Assert.That(world.Ask("SET", "room", "grüße\r\n").Value.Text, Is.EqualTo("OK"));
        Assert.That(world.Ask("GET", "room").Value.Text, Is.EqualTo("grüße\r\n"));
        Assert.That(world.Ask("GET", "nowhere").Value.IsNull);
        Assert.That(world.Ask("DEL", "room").Value.Integer, Is.EqualTo(1));
    }

    [Test]
    public void A_thousand_commands_in_one_turn_are_answered_in_order()
    {
        using var redis = new RedisProcess();
        using var world = new RedisWorld(redis);
        world.UntilReady();
        var answers = new List<long>();

        for (var i = 0; i < 1000; i++)
            world.Client.Ask(answer => answers.Add(answer.Value.Integer), "INCR", "n");
        world.Until(() => answers.Count == 1000, "all are answered");

        Assert.That(answers, Is.EqualTo(Enumerable.Range(1, 1000)));
    }

    [Test]
    public void More_commands_than_may_wait_fail_at_once()
    {
        using var redis = new RedisProcess();
        var settings = new RedisSettings("127.0.0.1", redis.Port) { CommandsMax = 4 };
        using var world = new RedisWorld(settings with { RetryMs = 50, RetryMsMax = 200 });
        world.UntilReady();
        var troubles = new List<string>();

        for (var i = 0; i < 5; i++)
            world.Client.Ask(answer => troubles.Add(answer.Trouble), "PING");

        Assert.That(troubles, Is.EqualTo(new[] { "4 commands wait for Redis already" }));
        world.Until(() => troubles.Count == 5, "the others are answered");
        Assert.That(troubles.Skip(1), Is.All.Empty);
    }

    [Test]
    public void A_command_that_Redis_refuses_costs_only_itself()
    {
        using var redis = new RedisProcess();
        using var world = new RedisWorld(redis);

        var refused = world.Ask("NOSUCH", "x");
        Assert.That(refused.Trouble, Does.Contain("unknown command"));
        Assert.That(refused.Value.IsNull);
        Assert.That(world.Ask("PING").Value.Text, Is.EqualTo("PONG"));
        Assert.That(world.Client.Connections, Is.EqualTo(1));
    }

    [Test]
    public void Password_and_database_are_given()
    {
        using var redis = new RedisProcess("--requirepass", "se cret");
        var settings = new RedisSettings("127.0.0.1", redis.Port)
        {
            Password = "se cret",
            Database = 3,
            RetryMs = 50,
            RetryMsMax = 200,
        };
        using var world = new RedisWorld(settings);

        world.Ask("SET", "a", "in 3");
        using var other = new RedisWorld(settings with { Database = 0 });
        using var named = new RedisWorld(settings with { User = "default" });

        Assert.That(other.Ask("GET", "a").Value.IsNull);
        Assert.That(named.Ask("GET", "a").Value.Text, Is.EqualTo("in 3"));
    }

    [TestCase("", "NOAUTH", TestName = "No password where one is wanted")]
    [TestCase("wrong", "WRONGPASS", TestName = "A wrong password")]
    public void Who_is_not_let_in_says_why_and_asks_nothing(string password, string why)
    {
        using var redis = new RedisProcess("--requirepass", "right");
        using var world = new RedisWorld(new RedisSettings("127.0.0.1", redis.Port)
        {
            Password = password,
            RetryMs = 50,
            RetryMsMax = 200,
        });

        world.Until(() => world.Client.Trouble.Contains(why), "Redis refuses");
        Assert.That(world.Client.Connections, Is.Zero);
        Assert.That(world.Client.Trouble, Does.Not.Contain("wrong,"));
        world.Until(() => world.Client.State == RedisState.Waiting, "it waits");
        Assert.That(world.Ask("GET", "a").Trouble, Does.Contain(why));
    }

    [Test]
    public void Nobody_there_is_said_at_once_and_found_when_it_comes()
    {
        using var redis = new RedisProcess();
        redis.Kill();
        using var world = new RedisWorld(redis);

        Assert.That(world.Ask("PING").Trouble, Does.Contain("Redis is away"));
        redis.Restart();
        world.UntilReady();
        Assert.That(world.Ask("PING").Value.Text, Is.EqualTo("PONG"));
    }

    [Test]
    public void A_server_that_dies_fails_what_waits_and_is_found_again()
    {
        using var redis = new RedisProcess();
        using var world = new RedisWorld(redis);
        world.UntilReady();
        RedisAnswer? blocked = null;
        world.Client.Ask(answer => blocked = answer, "BLPOP", "nothing", "0");
        Assert.That(world.Client.Pending, Is.EqualTo(1));

        redis.Kill();
        world.Until(() => blocked is not null, "what waited has failed");
        Assert.That(blocked!.Value.Trouble, Does.StartWith("Redis is away"));
        redis.Restart();
        world.UntilReady();

        Assert.That(world.Ask("PING").Value.Text, Is.EqualTo("PONG"));
        Assert.That(world.Client.Connections, Is.EqualTo(2));
    }

    [Test]
    public void A_frozen_server_is_away_after_two_seconds_and_the_loop_turns_on()
    {
        using var redis = new RedisProcess();
        using var world = new RedisWorld(redis);
        world.UntilReady();
        redis.Freeze();
        var began = world.Loop.NowMs;
        var answers = new List<RedisAnswer>();
        world.Client.Ask(answers.Add, "GET", "a");
        var beats = 0;
        var beat = world.Loop.CreateTimer(() => beats++, owner: null);

        while (answers.Count == 0)
        {
            if (!beat.IsSet)
                beat.Set(20);
            world.Loop.RunOnce();
        }
        beat.Cancel();

        Assert.That(answers[0].Trouble, Does.Contain("no answer within 2000 ms"));
        Assert.That(world.Loop.NowMs - began, Is.InRange(1990, 2500));
        Assert.That(beats, Is.GreaterThan(50));
        redis.Thaw();
        world.UntilReady();
        Assert.That(world.Ask("PING").Value.Text, Is.EqualTo("PONG"));
        Assert.That(answers, Has.Count.EqualTo(1), "the late answer went with its connection");
    }

    [Test]
    public void What_is_asked_while_a_frozen_server_is_tried_again_fails_at_once()
    {
        using var redis = new RedisProcess();
        using var world = new RedisWorld(
            new RedisSettings("127.0.0.1", redis.Port) { CommandMs = 200, RetryMs = 50 });
        world.UntilReady();
        redis.Freeze();
        Assert.That(world.Ask("GET", "a").Trouble, Does.Contain("no answer within 200 ms"));
        world.Until(() => world.Client.State == RedisState.Greeting, "it is tried again");

        RedisAnswer? got = null;
        world.Client.Ask(answer => got = answer, "GET", "a");

        Assert.That(got?.Trouble, Does.Contain("no answer within 200 ms"));
        redis.Thaw();
        world.UntilReady();
        Assert.That(world.Ask("PING").Value.Text, Is.EqualTo("PONG"));
    }

    [Test]
    public void A_frozen_server_is_noticed_though_nobody_asks_anything()
    {
        using var redis = new RedisProcess();
        using var world = new RedisWorld(new RedisSettings("127.0.0.1", redis.Port)
        {
            PingMs = 100,
            CommandMs = 300,
        });
        world.UntilReady();
        redis.Freeze();

        world.Until(() => world.Client.State == RedisState.Waiting, "Redis is away");
        Assert.That(world.Client.Trouble, Does.Contain("no answer"));
        Assert.That(world.Struck[Limit.RedisTimeout], Is.EqualTo(1));
        redis.Thaw();
    }

    [Test]
    public void The_answer_of_one_who_has_gone_is_dropped_and_shifts_nobody()
    {
        using var redis = new RedisProcess();
        using var world = new RedisWorld(redis);
        world.UntilReady();
        var answers = new List<string>();

        var gone = world.Client.Ask(answer => answers.Add("gone"), "ECHO", "1");
        world.Client.Ask(answer => answers.Add(answer.Value.Text), "ECHO", "2");
        gone.Forget();
        world.Until(() => answers.Count == 1, "the second is answered");

        Assert.That(answers, Is.EqualTo(new[] { "2" }));
    }

    [Test]
    public void A_host_is_looked_up_off_the_loop()
    {
        using var redis = new RedisProcess();
        using var world = new RedisWorld(new RedisSettings("localhost", redis.Port)
        {
            RetryMs = 50,
            RetryMsMax = 200,
        });

        Assert.That(world.Client.State, Is.EqualTo(RedisState.Resolving));
        world.UntilReady();
    }

    [Test]
    public void A_host_that_nobody_knows_is_said_so()
    {
        using var world = new RedisWorld(new RedisSettings("no-such-host.invalid", 6379));

        world.Until(() => world.Client.State == RedisState.Waiting, "the look-up fails");
        Assert.That(world.Client.Trouble, Does.Contain("no-such-host.invalid"));
    }

    [Test]
    public void An_answer_of_version_3_is_understood()
    {
        using var redis = new RedisProcess();
        using var world = new RedisWorld(redis);

        Assert.That(world.Ask("HELLO", "3").Value.Kind, Is.EqualTo(RespKind.Map));
        Assert.That(world.Ask("GET", "nothing").Value.IsNull);
        world.Ask("HSET", "h", "f", "v");
        Assert.That(world.Ask("HGETALL", "h").Value.Kind, Is.EqualTo(RespKind.Map));
    }
}
