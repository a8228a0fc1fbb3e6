using System.Text;
using System.Text.Json;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Http;

namespace Reactor.Server.Tests.Hooks;

/// <summary>Files that hooks are told of.</summary>
[TestFixture]
public sealed class HookFileTests
{
    private const string Url = "http://127.0.0.1:9/";

    [Test]
    public void A_segment_on_the_disk_is_told_when_it_is_there_and_listed()
    {
        using var server = HookTests.Open(
            new HooksOptions { OnHls = Url },
            out var hook,
            hls: new HlsOptions { Enabled = true, Store = HlsStore.Disk, Path = "hls" });
        var publisher = HlsFilm.Publish(server);
        for (var time = 0u; time < 8000; time += 40)
        {
            var before = hook.Asked.Count;
            HlsFilm.Film(server, publisher, time, time + 40);
            hook.Turns(2);
            if (hook.Asked.Count == before)
                continue;
            using var json = JsonDocument.Parse(hook.Last.Body);
            var file = json.RootElement.GetProperty("file").GetString()!;
            var number = json.RootElement.GetProperty("seq_no").GetInt64();
            Assert.That(file, Is.EqualTo($"hls/live/a/{number}.ts"));
            Assert.That(
                server.Disk.Read(file),
                Has.Length.EqualTo(json.RootElement.GetProperty("bytes").GetInt64()));
            var playlist = json.RootElement.GetProperty("m3u8").GetString()!;
            Assert.That(playlist, Is.EqualTo("hls/live/a/index.m3u8"));
            Assert.That(
                Encoding.ASCII.GetString(server.Disk.Read(playlist)), Does.Contain($"{number}.ts"));
        }
        Assert.That(hook.Asked, Has.Count.EqualTo(3), "two seconds each");
    }

    [Test]
    public void Each_segment_of_HLS_is_told_as_SRS_tells_it()
    {
        using var server = HookTests.Open(
            new HooksOptions { OnHls = Url },
            out var hook,
            hls: new HlsOptions { Enabled = true, OnDemand = false });
        var publisher = HlsFilm.Publish(server, "a b?token=t");
        HlsFilm.Film(server, publisher, from: 0, to: 5000);
        hook.Turns(10);

        using var json = JsonDocument.Parse(hook.Asked[0].Body);
        var root = json.RootElement;
        var number = root.GetProperty("seq_no").GetInt64();
        Assert.Multiple(() =>
        {
            Assert.That(root.GetProperty("action").GetString(), Is.EqualTo("on_hls"));
            Assert.That(root.GetProperty("stream").GetString(), Is.EqualTo("a b"));
            Assert.That(root.GetProperty("ip").GetString(), Is.EqualTo("127.0.0.1"));
            Assert.That(root.GetProperty("param").GetString(), Is.EqualTo("?token=t"));
            Assert.That(root.GetProperty("duration").GetDouble(), Is.EqualTo(2));
            Assert.That(root.GetProperty("cwd").GetString(), Is.Not.Empty);
            Assert.That(root.GetProperty("file").GetString(), Is.Empty, "it is in memory");
            Assert.That(root.GetProperty("m3u8_url").GetString(), Is.EqualTo("/live/a%20b.m3u8"));
            Assert.That(
                root.GetProperty("url").GetString(), Is.EqualTo($"/live/a%20b/{number}.ts"));
        });
        Assert.That(hook.Asked, Has.Count.GreaterThan(1));
        Assert.That(hook.Asked[1].Body, Does.Contain($"\"seq_no\":{number + 1}"));
        using var viewer = new HttpPeer(server, 7002);
        Assert.That(viewer.Get(root.GetProperty("url").GetString()!)!.Status, Is.EqualTo(200));
    }

    [Test]
    public void What_a_full_disk_did_not_take_is_not_told()
    {
        using var server = HookTests.Open(
            new HooksOptions { OnHls = Url },
            out var hook,
            hls: new HlsOptions { Store = HlsStore.Disk });
        server.Disk.CapacityBytes = 60_000;
        var publisher = HlsFilm.Publish(server);
        for (var time = 0u; time < 20_000; time += 1000)
        {
            HlsFilm.Film(server, publisher, time, time + 1000);
            hook.Turns(3);
        }

        Assert.That(hook.Asked, Has.Count.InRange(1, 8), "then the disk was full");
        using var json = JsonDocument.Parse(hook.Last.Body);
        var root = json.RootElement;
        var file = $"hls/live/a/{root.GetProperty("seq_no").GetInt64()}.ts";
        Assert.That(root.GetProperty("file").GetString(), Is.EqualTo(file));
        Assert.That(root.GetProperty("m3u8").GetString(), Is.EqualTo("hls/live/a/index.m3u8"));
        Assert.That(
            server.Disk.Read(file), Has.Length.EqualTo(root.GetProperty("bytes").GetInt64()));
    }
}
