using System;
using System.Linq;
using System.Text.Json;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Server.Storage;

namespace Reactor.Server.Tests.Hooks;

/// <summary>Recordings that hooks are told of.</summary>
[TestFixture]
public sealed class RecordHookTests
{
    private const string Done = "http://127.0.0.1:9/done";
    private const string Failed = "http://127.0.0.1:9/failed";

    [Test]
    public void A_complete_file_is_told_as_SRS_tells_it()
    {
        using var server = Open(HookFormat.Json, out var hook);
        server.Film(server.Publish("a?token=t"), seconds: 4, keyBytes: 3000);
        Assert.That(hook.Asked, Is.Empty);
        Assert.That(server.Server.RecordingApi.Stop("live", "a", "main").Why, Is.Empty);
        hook.Turns(10);

        using var json = JsonDocument.Parse(hook.Asked.Single().Body);
        string Field(string name) => json.RootElement.GetProperty(name).GetString()!;
        Assert.Multiple(() =>
        {
            Assert.That(hook.Last.Path, Is.EqualTo("/done"));
            Assert.That(Field("action"), Is.EqualTo("on_dvr"));
            Assert.That(Field("app"), Is.EqualTo("live"));
            Assert.That(Field("stream"), Is.EqualTo("a"));
            Assert.That(Field("param"), Is.EqualTo("?token=t"));
            Assert.That(Field("ip"), Is.EqualTo("127.0.0.1"));
            Assert.That(Field("cwd"), Is.EqualTo(Environment.CurrentDirectory));
            Assert.That(Field("file"), Is.EqualTo("record/a.flv"));
            Assert.That(
                json.RootElement.GetProperty("duration").GetDouble(), Is.EqualTo(4).Within(0.1));
            Assert.That(
                json.RootElement.GetProperty("bytes").GetInt64(),
                Is.EqualTo(server.Disk.Read("record/a.flv").Length));
        });
    }

    [Test]
    public void A_complete_file_is_told_as_nginx_tells_it_and_every_split_is()
    {
        using var server = Open(
            HookFormat.Form, out var hook, rule => rule with
            {
                RecordInterval = TimeSpan.FromSeconds(2),
            });
        server.Film(server.Publish(), seconds: 5, keyBytes: 3000);
        hook.Turns(10);
        server.Server.Stop();                   // what is under way is completed and told
        hook.Turns(30, 20);

        Assert.That(
            hook.Asked.Select(asked => asked.Body),
            Is.All.Contains("call=record_done").And.All.Contains("&recorder=main"));
        Assert.That(
            hook.Asked.Select(asked => asked.Body.Split("&path=")[1].Split('&')[0]),
            Is.EqualTo(new[]
            {
                "record%2Fa.flv", "record%2Fa-1.flv", "record%2Fa-2.flv",
            }));
    }

    [Test]
    public void One_that_the_disk_ends_is_told_with_its_reason()
    {
        using var server = Open(HookFormat.Json, out var hook);
        server.Disk.CapacityBytes = 40_000;
        server.Film(server.Publish(), seconds: 10, keyBytes: 3000);
        hook.Turns(10);

        Assert.That(hook.Asked.Single().Path, Is.EqualTo("/failed"));
        Assert.That(hook.Last.Body, Does.Contain("\"action\":\"on_record_failed\""));
        Assert.That(hook.Last.Body, Does.Contain("no space left").And.Contain("record/a.flv"));
    }

    [Test]
    public void One_that_ends_for_want_of_room_is_told_as_both()
    {
        using var server = Open(
            HookFormat.Json, out var hook, rule => rule with { MinFree = 100_000 });
        server.Disk.CapacityBytes = 140_000;
        server.Film(server.Publish(), seconds: 12, keyBytes: 3000);
        hook.Turns(10);

        Assert.That(
            hook.Asked.Select(asked => asked.Path), Is.EquivalentTo(new[] { "/failed", "/done" }));
        Assert.That(
            hook.Asked.Single(asked => asked.Path == "/failed").Body, Does.Contain("min_free"));
    }

    private static ServerInMemory Open(
        HookFormat format, out HookPeer hook, Func<RecordOptions, RecordOptions>? change = null)
    {
        var rule = new RecordOptions
        {
            Name = "main",
            RecordPath = PathTemplate.TryParse("record/{stream}.{ext}", out _)!,
            MinFree = 0,
        };
        var server = new ServerInMemory(options: new ServerOptions
        {
            Defaults = new StreamOptions
            {
                Record = [change?.Invoke(rule) ?? rule],
                Hooks = new HooksOptions
                {
                    Format = format,
                    OnRecordDone = Done,
                    OnRecordFailed = Failed,
                },
            },
        });
        server.Network.TakesCalls = true;
        hook = new HookPeer(server);
        return server;
    }
}
