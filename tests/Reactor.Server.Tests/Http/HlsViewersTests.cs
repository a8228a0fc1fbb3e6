using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Xml.Linq;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Control;
using Reactor.Server.Tests.Hooks;
using static Reactor.Server.Tests.Http.HlsFilm;

namespace Reactor.Server.Tests.Http;

/// <summary>Who watches by HLS: counted, limited, told to hooks, and shed.</summary>
[TestFixture]
public sealed class HlsViewersTests
{
    private const int Port = 7002;
    private const string Playlist = "/live/a.m3u8";
    private const string Hook = "http://127.0.0.1:9/";

    [Test]
    public void Viewers_are_counted_while_they_ask()
    {
        using var server = new ServerInMemory();
        var publisher = Publish(server);
        server.Play();
        Film(server, publisher, 0, 1000);
        using var one = new HttpPeer(server, Port);
        using var two = new HttpPeer(server, Port);
        for (var time = 1000u; time < 60_000; time += 2000)
        {
            one.Get(Playlist, "User-Agent: one\n");
            if (time < 20_000)
                two.Get(Playlist, "User-Agent: two\n");
            Film(server, publisher, time, time + 2000);
            if (time == 9000)
                Expect(server, viewers: 2);
        }
        Expect(server, viewers: 1);

        Film(server, publisher, 61_000, 80_000);
        Expect(server, viewers: 0);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_connection_of_its_own_for_each_request_makes_no_other_viewer()
    {
        using var server = new ServerInMemory();
        var publisher = Publish(server);
        for (var time = 0u; time < 10_000; time += 1000)
        {
            using var visit = new HttpPeer(server, Port);
            visit.Get(Playlist);
            Film(server, publisher, time, time + 1000);
        }
        Assert.That(Viewers(server), Is.EqualTo(1));
        using var tokens = new HttpPeer(server, Port);
        tokens.Get($"{Playlist}?token=1");
        tokens.Get($"{Playlist}?token=2");
        Assert.That(Viewers(server), Is.EqualTo(3));
    }

    [TestCase(0, 2)]
    [TestCase(2, 0)]
    public void Limits_of_players_count_viewers_and_let_those_go_on_who_are_there(
        int ofServer, int ofStream)
    {
        using var server = new ServerInMemory(options: new ServerOptions
        {
            Limits = new LimitsOptions { MaxPlayers = ofServer },
            Defaults = new StreamOptions { Play = new PlayOptions { MaxPlayers = ofStream } },
        });
        var publisher = Publish(server);
        server.Play();
        using var viewer = new HttpPeer(server, Port);
        using var late = new HttpPeer(server, Port);
        viewer.Get(Playlist);
        Film(server, publisher, 0, 5001);
        viewer.Turn();

        late.Get(Playlist, "User-Agent: late\n");
        Assert.That(late.Last.Status, Is.EqualTo(503));
        Assert.That(late.Last.Text, Does.Contain("2 play"));
        Assert.That(server.Server.Struck[Limit.MaxPlayers], Is.EqualTo(1));
        Assert.That(viewer.Get(Playlist)?.Status, Is.EqualTo(200), "who is there stays");
        var player = server.Visit("a", publishes: false);
        server.Turns(8);
        Assert.That(player.IsStarted, Is.False, "viewers count for players, too");

        Film(server, publisher, 5001, 30_000);
        late.Get(Playlist, "User-Agent: late\n");
        Assert.That(late.Last.Status, Is.EqualTo(200), "the other one asks no more");
    }

    [Test]
    public void Hooks_hear_of_a_viewer_once_when_it_begins_and_once_when_it_ends()
    {
        using var server = Hooked(out var hook);
        var publisher = Publish(server);
        using var viewer = new HttpPeer(server, Port);
        for (var time = 0u; time < 10_000; time += 1000)
        {
            viewer.Get($"{Playlist}?token=t", "User-Agent: Player/1\nReferer: http://page/\n");
            hook.Turns(3);
            Film(server, publisher, time, time + 1000);
        }
        hook.Turns(3);
        Assert.That(Called(hook), Is.EqualTo(new[] { "/play" }));

        var asked = Body(hook.Last);
        for (var time = 10_000u; time < 40_000; time += 1000)
        {
            Film(server, publisher, time, time + 1000);
            hook.Turns(2);
        }

        Assert.That(Called(hook), Is.EqualTo(new[] { "/play", "/play_done" }));
        var done = Body(hook.Last);
        foreach (var field in (string[])["app", "stream", "ip", "client_id", "param", "pageUrl"])
        {
            Assert.That(
                done.GetProperty(field).GetString(),
                Is.EqualTo(asked.GetProperty(field).GetString()));
        }
        Assert.That(done.GetProperty("action").GetString(), Is.EqualTo("on_stop"));
        Assert.That(done.GetProperty("duration").GetInt64(), Is.InRange(8, 10));
        Assert.That(done.GetProperty("bytes").GetInt64(), Is.GreaterThan(500));
    }

    [Test]
    public void A_viewer_ends_with_its_output_and_is_told_then()
    {
        using var server = Hooked(out var hook);
        var publisher = Publish(server);
        using var viewer = new HttpPeer(server, Port);
        viewer.Get(Playlist);
        hook.Turns(3);
        Film(server, publisher, 0, 4000);
        server.Server.Stop();
        hook.Turns(5);

        Assert.That(Called(hook), Is.EqualTo(new[] { "/play", "/play_done" }));
    }

    [Test]
    public void Whom_a_hook_sent_to_another_name_is_asked_once_by_both_names()
    {
        using var server = Hooked(out var hook);
        hook.Answers = asked => asked.Path == "/play"
            ? HookPeer.Status(302, "Location: a\r\n")
            : HookPeer.Ok();
        var publisher = Publish(server);
        Film(server, publisher, 0, 1000);
        using var viewer = new HttpPeer(server, Port);
        for (var time = 1000u; time < 9000; time += 1000)
        {
            viewer.Get("/live/ticket7.m3u8");
            hook.Turns(4);
            Film(server, publisher, time, time + 1000);
        }
        viewer.Turn();
        var segment = viewer.Last.Text.Split('\n').Last(line => line.EndsWith(".ts"));

        Assert.That(viewer.Get($"/live/{segment}")?.Status, Is.EqualTo(200));
        Assert.That(Called(hook), Is.EqualTo(new[] { "/play" }));
        Assert.That(Viewers(server), Is.EqualTo(1));
    }

    [Test]
    public void A_viewer_is_a_client_that_an_operator_can_end([Values] bool byDrop)
    {
        using var server = Hooked(out var hook);
        var publisher = Publish(server);
        var control = new ControlPeer(server);
        using var viewer = new HttpPeer(server, Port);
        using var other = new HttpPeer(server, Port);
        foreach (var peer in (HttpPeer[])[viewer, other])
        {
            peer.Get(Playlist, $"User-Agent: {(peer == viewer ? "it" : "other")}\n");
            hook.Turns(4);
        }
        Film(server, publisher, 0, 5001);
        var clients = control.Json("/api/v1/clients").GetProperty("clients").EnumerateArray()
            .Where(client => client.GetProperty("protocol").GetString() == "hls").ToList();
        Assert.That(clients, Has.Count.EqualTo(2));
        Assert.That(clients[0].GetProperty("role").GetString(), Is.EqualTo("player"));
        Assert.That(clients[0].GetProperty("agent").GetString(), Is.EqualTo("it"));
        Assert.That(clients[0].GetProperty("app").GetString(), Is.EqualTo("live"));
        Assert.That(clients[0].GetProperty("bytes_out").GetInt64(), Is.GreaterThan(0));
        var described = control.Json("/api/v1/openapi.json").GetProperty("components")
            .GetProperty("schemas").GetProperty("Client");
        ApiTests.AssertFits(clients[0], described, "Client");
        var watching = control.Json("/api/v1/streams/live/a").GetProperty("watching");
        Assert.That(
            watching.EnumerateArray().Select(each => each.GetProperty("id").GetString()),
            Is.EqualTo(clients.Select(each => each.GetProperty("id").GetString())));

        EndOne(control, clients[0].GetProperty("id").GetString()!, byDrop);
        hook.Turns(3);
        Assert.That(Called(hook), Is.EqualTo(new[] { "/play", "/play", "/play_done" }));
        Assert.That(Viewers(server), Is.EqualTo(1));
        var segment = other.Get(Playlist, "User-Agent: other\n")!.Text.Split('\n')[^2];
        foreach (var path in (string[])[Playlist, $"/live/{segment}"])
        {
            Assert.That(viewer.Get(path, "User-Agent: it\n")?.Status, Is.EqualTo(403));
            Assert.That(viewer.Last.Text, Does.Contain("ended by an operator"));
            Assert.That(other.Get(path, "User-Agent: other\n")?.Status, Is.EqualTo(200));
        }

        for (var time = 5001u; time < 35_000; time += 5000)
        {
            Film(server, publisher, time, time + 5000);
            viewer.Get(Playlist, "User-Agent: it\n");
            Assert.That(viewer.Last.Status, Is.EqualTo(403), "as long as it keeps asking");
        }
        Film(server, publisher, 35_001, 55_001);
        viewer.Get(Playlist, "User-Agent: it\n");
        hook.Turns(4);
        viewer.Turn();
        Assert.That(viewer.Last.Status, Is.EqualTo(200), "and may come back, as others may");
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [TestCase(200, false)]
    [TestCase(403, true)]
    public void An_update_is_asked_about_a_viewer_and_its_refusal_ends_it(int status, bool isEnded)
    {
        var hooks = new HooksOptions
        {
            OnUpdate = Hook,
            NotifyUpdateTimeout = TimeSpan.FromSeconds(3),
            Format = HookFormat.Form,
        };
        using var server = new ServerInMemory(
            options: new ServerOptions { Defaults = new StreamOptions { Hooks = hooks } },
            takesCalls: true);
        var hook = new HookPeer(server);
        hook.Answers = asked => HookPeer.Status(
            asked.Body.Contains("update_play") ? status : 200);
        var publisher = Publish(server);
        using var viewer = new HttpPeer(server, Port);
        viewer.Get($"{Playlist}?token=t");
        for (var time = 0u; time < 5000; time += 1000)
        {
            Film(server, publisher, time, time + 1000);
            hook.Turns(2);
        }

        var asked = hook.Asked.Select(each => each.Body)
            .Single(body => body.Contains("call=update_play"));
        Assert.That(asked, Does.Contain("&name=a&").And.Contain("token=t"));
        viewer.Get($"{Playlist}?token=t");
        Assert.That(viewer.Last.Status, Is.EqualTo(isEnded ? 403 : 200));
    }

    [Test]
    public void Short_of_memory_those_go_first_whose_segment_nobody_else_holds()
    {
        using var server = new ServerInMemory(options: new ServerOptions
        {
            Limits = new LimitsOptions { MaxMemory = 12 << 20 },
            Defaults = new StreamOptions
            {
                Hls = new HlsOptions { OnDemand = false, HlsWindow = 3, DeleteThreshold = 0 },
                Play = new PlayOptions { SendTimeout = TimeSpan.FromMinutes(1) },
            },
        });
        var publisher = Publish(server);
        Film(server, publisher, 0, 9001, bytes: 20_000);
        using var behind = new HttpPeer(server, Port);
        Stall(server, behind);
        Film(server, publisher, 9001, 26_001, bytes: 20_000);
        using var beside = new HttpPeer(server, Port);
        Stall(server, beside);
        var slow = server.Play();
        Assert.That(behind.Socket.IsClosed, Is.False, "there is memory enough");

        var held = new List<Packet>();
        while (server.Pool.OutstandingBytes < 11_500_000)
            held.Add(server.Pool.Rent(64 << 10));
        server.Turns(2, 200);

        Assert.That(behind.Socket.IsClosed, Is.True);
        Assert.That(beside.Socket.IsClosed, Is.False, "its segment is in the window");
        Assert.That(slow.Socket.IsClosed, Is.False);
        Assert.That(server.Server.Shed, Is.EqualTo(1));
        Assert.That(server.Server.Struck[Limit.MaxMemory], Is.EqualTo(1));
        held.ForEach(packet => packet.Release());
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    /// <summary>As an operator does, by one interface or the other.</summary>
    private static void EndOne(ControlPeer control, string id, bool byDrop)
    {
        if (byDrop)
        {
            var dropped = control.Ask($"/control/drop/subscriber?app=live&clientid={id}");
            Assert.That(dropped.Text, Is.EqualTo("1"));
            return;
        }
        var path = $"/api/v1/clients/{id}";
        Assert.That(control.Ask(path, "DELETE").Status, Is.EqualTo(204));
        Assert.That(control.Ask(path, "DELETE").Status, Is.EqualTo(404));
    }

    /// <summary>Asks for the newest segment, and reads next to nothing of it.</summary>
    private static void Stall(ServerInMemory server, HttpPeer viewer)
    {
        viewer.Get(Playlist);
        var segment = viewer.Last.Text.Split('\n').Last(line => line.EndsWith(".ts"));
        viewer.Socket.Room = 1000;
        viewer.Get($"/live/{segment}");
        server.Turn();
    }

    private static ServerInMemory Hooked(out HookPeer hook)
    {
        var hooks = new HooksOptions { OnPlay = $"{Hook}play", OnPlayDone = $"{Hook}play_done" };
        var server = new ServerInMemory(
            options: new ServerOptions { Defaults = new StreamOptions { Hooks = hooks } },
            takesCalls: true);
        hook = new HookPeer(server);
        return server;
    }

    private static int Viewers(ServerInMemory server) =>
        new ControlPeer(server).Json("/api/v1/server").GetProperty("hls_viewers").GetInt32();

    private static string[] Called(HookPeer hook) => [.. hook.Asked.Select(asked => asked.Path)];

    private static JsonElement Body(Asked asked)
    {
        using var json = JsonDocument.Parse(asked.Body);
        return json.RootElement.Clone();
    }

    /// <summary>One RTMP player, and so many by HLS, wherever it is told.</summary>
    private static void Expect(ServerInMemory server, int viewers)
    {
        var control = new ControlPeer(server);
        var stream = control.Json("/api/v1/streams/live/a");
        Assert.That(stream.GetProperty("players").GetInt32(), Is.EqualTo(viewers + 1));
        Assert.That(stream.GetProperty("hls_viewers").GetInt32(), Is.EqualTo(viewers));
        var whole = control.Json("/api/v1/server");
        Assert.That(whole.GetProperty("players").GetInt32(), Is.EqualTo(viewers + 1));
        using var page = new HttpPeer(server, 7001);
        Assert.That(page.Get("/api/v1/streams")!.Text, Does.Contain($"\"players\":{viewers + 1},"));
        Assert.That(
            (int)XDocument.Parse(control.Ask("/stat").Text).Descendants("nclients").First(),
            Is.EqualTo(viewers + 2), "and the publisher");
        var metrics = control.Ask("/metrics").Text.Split('\n');
        Assert.That(metrics, Does.Contain($"reactor_players {viewers + 1}"));
        Assert.That(metrics, Does.Contain($"reactor_viewers{{way=\"hls\"}} {viewers}"));
        Assert.That(metrics, Does.Contain("reactor_viewers{way=\"rtmp\"} 1"));
    }
}
