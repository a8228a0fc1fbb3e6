using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Server.Relays;
using Reactor.Server.Tests.Loopback;

namespace Reactor.Server.Tests.Relays;

/// <summary>A server that relays to itself under other names, over real sockets.</summary>
[TestFixture]
public sealed class RelayLoopbackTests
{
    private static readonly byte[] Metadata = [2, 0, 10, .. "onMetaData"u8, 8, 0, 0, 0, 0, 0, 0, 9];
    private static readonly byte[] VideoHeader = [0x17, 0, 0, 0, 0, 1, 0x64, 0, 0x1F, 0xFF, 0xE0];
    private static readonly byte[] Inter = [0x27, 1, 0, 0, 0, 0, 0, 0, 2, 9, 0x10];
    private static readonly byte[] Keyframe = [0x17, 1, 0, 0, 0, 0, 0, 0, 2, 9, 0x10];

    [Test]
    public void A_stream_is_pushed_while_it_is_published()
    {
        using var world = Start((port, options) => options with
        {
            Push = [new RelayRule($"rtmp://127.0.0.1:{port}/copy/{{stream}}")],
        });
        var player = world.Play("a", "copy");
        var publisher = world.Publish("a");
        world.Until(() => publisher.Conversation.IsStarted, "the publisher starts");
        Feed(publisher);

        world.Until(() => player.Received.Count == 3, "the frames arrive");
        Assert.That(
            player.Received.Select(frame => frame.Payload),
            Is.EqualTo(new[] { VideoHeader, Keyframe, Inter }));
        var push = world.Server.RelayApi.List().Single();
        Assert.That(
            (push.Key, push.State, push.Origin, push.LastError),
            Is.EqualTo(("push:live/a", RelayState.Running, "config", "")));

        publisher.Conversation.End();
        world.Until(() => world.Server.PublisherCount == 0, "both publishers are gone");
        Assert.That(world.Server.RelayApi.List(), Is.Empty);
    }

    [Test]
    public void A_push_tells_metadata_as_encoders_do_and_a_player_gets_it_bare()
    {
        using var world = Start((port, options) => options with
        {
            Push = [new RelayRule($"rtmp://127.0.0.1:{port}/copy/{{stream}}")],
        });
        var player = world.Play("a", "copy");
        var publisher = world.Publish("a");
        world.Until(() => publisher.Conversation.IsStarted, "the publisher starts");
        publisher.Conversation.SendMedia(MessageType.Data, 0, Metadata);
        Feed(publisher);

        world.Until(() => player.Received.Count == 3, "the frames arrive");
        Assert.That(player.Data, Does.Contain(Metadata));                   // Q45
    }

    [Test]
    public void A_stream_is_pulled_for_its_first_player_and_until_its_last_has_left()
    {
        using var world = Start(null, (port, options) => options with
        {
            PullStopAfter = TimeSpan.FromMilliseconds(300),
            Pull = [new RelayRule($"rtmp://127.0.0.1:{port}/live/{{stream}}")],
        });
        var publisher = world.Publish("a");
        world.Until(() => publisher.Conversation.IsStarted, "the publisher starts");
        Feed(publisher);
        Assert.That(world.Server.RelayApi.List(), Is.Empty);

        var first = world.Play("a", "copy");
        var second = world.Play("a", "copy");
        world.Until(
            () => first.Received.Count >= 3 && second.Received.Count >= 3, "the frames arrive");
        var pull = world.Server.RelayApi.List().Single();
        Assert.That(
            (pull.Key, pull.State, pull.Attempts),
            Is.EqualTo(("pull:copy/a", RelayState.Running, 1)));

        first.Close();
        second.Close();
        world.Until(() => !world.Server.RelayApi.List().Any(), "the pull ends");
        world.Until(() => world.Server.PublisherCount == 1, "only the source is left");
        Assert.That(publisher.IsClosed, Is.False);
    }

    [Test]
    public void Players_stay_while_a_pull_connects_anew()
    {
        using var world = Start(null, (port, options) => options with
        {
            Pull = [new RelayRule($"rtmp://127.0.0.1:{port}/live/{{stream}}")],
            PullReconnect = TimeSpan.FromSeconds(1),
        });
        var publisher = world.Publish("a");
        world.Until(() => publisher.Conversation.IsStarted, "the publisher starts");
        Feed(publisher);
        var player = world.Play("a", "copy");
        world.Until(() => player.Received.Count >= 3, "the frames arrive");
        var before = player.Received.Count;

        publisher.Close();
        world.Until(() => world.Server.PublisherCount <= 1, "the source is gone");
        var again = world.Publish("a");
        world.Until(() => again.Conversation.IsStarted, "the publisher is back");
        Feed(again);

        world.Until(() => player.Received.Count >= before + 3, "the frames go on");
        Assert.That(player.IsClosed, Is.False);
        Assert.That(player.Received.Select(frame => frame.Time), Is.Ordered);
    }

    [Test]
    public void A_stream_is_not_relayed_to_itself()
    {
        using var world = Start((port, options) => options with
        {
            Push = [new RelayRule($"rtmp://127.0.0.1:{port}/live/{{stream}}")],
        });
        var publisher = world.Publish("a");
        world.Until(() => publisher.Conversation.IsStarted, "the publisher starts");

        world.Until(() => world.Server.RelayApi.List().Any(), "there is a push");
        var push = world.Server.RelayApi.List().Single();
        Assert.That(push.State, Is.EqualTo(RelayState.Waiting));
        Assert.That(push.LastError, Does.Contain("to itself"));
    }

    [Test]
    public void A_ring_of_pushes_is_refused_where_it_closes()
    {
        using var world = Start((port, options) => options with
        {
            Publish = options.Publish with { OnDuplicate = DuplicatePublish.Replace },
            Push = [new RelayRule($"rtmp://127.0.0.1:{port}/copy/{{stream}}")],
        }, (port, options) => options with
        {
            Push = [new RelayRule($"rtmp://127.0.0.1:{port}/live/{{stream}}")],
        });
        var publisher = world.Publish("a");
        world.Until(() => publisher.Conversation.IsStarted, "the publisher starts");
        Feed(publisher);

        world.Until(
            () => world.Server.RelayApi.List().Any(push => push.LastError.Length > 0),
            "one push is refused");
        var refused = world.Server.RelayApi.List().Single(push => push.LastError.Length > 0);
        Assert.That(refused.Key, Is.EqualTo("push:copy/a"));
        Assert.That(refused.LastError, Does.StartWith("NetStream.Publish.BadName: a ring"));
        Assert.That(publisher.IsClosed, Is.False);
    }

    [Test]
    public void A_ring_of_pulls_is_refused_where_it_closes()
    {
        using var world = Start((port, options) => options with
        {
            Pull = [new RelayRule($"rtmp://127.0.0.1:{port}/copy/{{stream}}")],
        }, (port, options) => options with
        {
            Pull = [new RelayRule($"rtmp://127.0.0.1:{port}/live/{{stream}}")],
        });
        var player = world.Play("a");
        world.Until(() => player.Conversation.IsStarted, "the player waits");

        world.Until(
            () => world.Server.RelayApi.List().Any(pull => pull.LastError.Contains("a ring")),
            "one pull is refused");
        Assert.That(
            world.Server.RelayApi.List().Single(pull => pull.LastError.Length > 0).LastError,
            Does.StartWith("NetStream.Play.StreamNotFound"));
    }

    [Test]
    public void A_publisher_here_is_not_disturbed_by_a_pull_of_its_name()
    {
        using var world = Start(null, (port, options) => options with
        {
            Pull = [new RelayRule($"rtmp://127.0.0.1:{port}/live/{{stream}}")],
        });
        var player = world.Play("a", "copy");
        world.Until(() => world.Server.RelayApi.List().Any(), "the pull begins");
        var publisher = world.Publish("a", "copy");
        world.Until(() => publisher.Conversation.IsStarted, "the publisher starts");
        Feed(publisher);

        world.Until(() => player.Received.Count == 3, "the frames arrive");
        Assert.That(world.Server.RelayApi.List(), Is.Empty);
    }

    [Test]
    public void The_api_pushes_and_pulls_in_livegos_words()
    {
        using var world = Start(null, null, "127.0.0.0/8");
        var port = world.Address.Port;
        var api = world.Server.RelayApi;
        var to = $"rtmp://127.0.0.1:{port}/copy/b";

        Assert.Multiple(() =>
        {
            Assert.That(
                api.Start(true, "live", "a", to).Text,
                Is.EqualTo($"<h1>push url start {to} ok</h1></br>"));
            Assert.That(
                api.Stop(false, "live", "a", to).Text,
                Is.EqualTo(
                    "session key[pull:live/a] not exist, please check it again."));
            Assert.That(
                api.Start(true, "live", "", to).Text,
                Is.EqualTo("control push parameter error, please check them."));
            Assert.That(
                api.Start(false, "live", "x", "http://h/").Text,
                Is.EqualTo("pull error=a relay speaks rtmp:// or rtmps://"));
            Assert.That(api.Start(true, "live", "a", to).IsDone, Is.True, "once more is the same");
            Assert.That(api.Start(true, "live", "a", to + "2").Text, Does.Contain("stop it"));
        });
        Assert.That(api.List().Single().State, Is.EqualTo(RelayState.Idle));

        var player = world.Play("b", "copy");
        var publisher = world.Publish("a");
        world.Until(() => publisher.Conversation.IsStarted, "the publisher starts");
        Feed(publisher);
        world.Until(() => player.Received.Count == 3, "the frames arrive");
        var pulled = api.Start(false, "copy", "c", $"rtmp://127.0.0.1:{port}/live/a");
        Assert.That(pulled.IsDone, Is.True, pulled.Text);
        world.Until(() => world.Server.PublisherCount == 3, "the pull publishes without a player");

        Assert.That(
            api.Stop(true, "live", "a", to).Text,
            Is.EqualTo($"<h1>push url stop {to} ok</h1></br>"));
        Assert.That(api.Stop(false, "copy", "c", "").IsDone, Is.True);
        world.Until(() => world.Server.PublisherCount == 1, "both are gone");
        Assert.That(api.List(), Is.Empty);
    }

    [Test]
    public void The_api_reaches_no_inside_address_and_has_a_bound()
    {
        using var world = Start();
        var api = world.Server.RelayApi;

        Assert.That(
            api.Start(true, "live", "a", "rtmp://127.0.0.1/live/b").Text,
            Does.StartWith("push error=127.0.0.1 is not a public address"));
        for (var i = 0; i < 16; i++)
            Assert.That(api.Start(true, "live", $"s{i}", "rtmp://203.0.113.9/x").IsDone, Is.True);
        Assert.That(
            api.Start(true, "live", "s16", "rtmp://203.0.113.9/x").Text,
            Is.EqualTo("push error=16 relays run already"));
        Assert.That(api.Stop(true, "live", "s0", "").IsDone, Is.True);
        Assert.That(api.Start(true, "live", "s16", "rtmp://203.0.113.9/x").IsDone, Is.True);
    }

    [Test]
    public void A_peer_that_is_not_there_is_tried_again()
    {
        var dead = FreePort();
        using var world = Start((port, options) => options with
        {
            Push = [new RelayRule($"rtmp://127.0.0.1:{dead}/copy/{{stream}}")],
            PushReconnect = TimeSpan.FromSeconds(1),
        });
        var publisher = world.Publish("a");
        world.Until(
            () => world.Server.RelayApi.List().Any(push => push.Attempts == 2), "a second try");

        Assert.That(world.Server.RelayApi.List().Single().LastError, Is.Not.Empty);
        Assert.That(publisher.IsClosed, Is.False);
    }

    [Test]
    public void An_edge_asks_one_origin_after_another_and_publishes_to_the_first_that_takes_it()
    {
        var dead = FreePort();
        var port = FreePort();
        string[] origins = [$"127.0.0.1:{dead}", $"127.0.0.1:{port}/origin"];
        using var world = Start(
            port, null, (_, options) => options with { Origin = origins });
        var source = world.Publish("copy/a", "origin");
        world.Until(() => source.Conversation.IsStarted, "the origin's publisher starts");
        Feed(source);

        var player = world.Play("a", "copy");
        world.Until(() => player.Received.Count >= 3, "the edge has it from the second origin");
        Assert.That(player.Received.Count, Is.GreaterThanOrEqualTo(3));

        var forwarded = world.Publish("b", "copy");
        world.Until(
            () => world.Server.Hub.Find(new("origin/copy", "b")) is { IsPublished: true },
            "the origin has what is published at the edge");
        Assert.That(forwarded.IsClosed, Is.False);
    }

    private static void Feed(LoopbackClient publisher)
    {
        publisher.Conversation.SendMedia(MessageType.Video, 0, VideoHeader);
        publisher.Conversation.SendMedia(MessageType.Video, 40, Keyframe);
        publisher.Conversation.SendMedia(MessageType.Video, 80, Inter);
    }

    private static LoopbackServer Start(
        Func<int, StreamOptions, StreamOptions>? live = null,
        Func<int, StreamOptions, StreamOptions>? copy = null,
        params string[] allowed) => Start(FreePort(), live, copy, allowed);

    private static LoopbackServer Start(
        int port,
        Func<int, StreamOptions, StreamOptions>? live,
        Func<int, StreamOptions, StreamOptions>? copy,
        params string[] allowed)
    {
        var usual = new StreamOptions();
        AppRule Rule(string name, Func<int, StreamOptions, StreamOptions>? change) =>
            new(name, change?.Invoke(port, usual) ?? usual, []);
        return new LoopbackServer(new ServerOptions
        {
            Rtmp = new RtmpOptions { Listen = [ListenAddress.Parse($"127.0.0.1:{port}")] },
            Http = new HttpOptions { Listen = [] },
            Apps = new AppTable([Rule("live", live), Rule("copy", copy), Rule("origin", null)]),
            Limits = new LimitsOptions
            {
                RelayAllow = [.. allowed.Select(AddressRange.Parse)],
            },
        });
    }

    private static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
