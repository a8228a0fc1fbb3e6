using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Testing;

namespace Reactor.Server.Tests.Vod;

/// <summary>Recordings as files over HTTP.</summary>
[TestFixture]
public sealed class VodRouteTests
{
    [Test]
    public void A_recording_is_served_whole_in_ranges_and_not_again()
    {
        using var server = Start(out var file);
        var client = Visit(server);

        var whole = Get(server, client, "/live/film.flv");
        Assert.That(whole.Head, Does.StartWith("HTTP/1.1 200 "));
        Assert.That(whole.Body, Is.EqualTo(file));
        var tag = whole.Head.Split("ETag: ")[1].Split('\r')[0];

        var part = Get(server, client, "/live/film.flv", "Range: bytes=1000-1999\r\n");
        Assert.That(part.Head, Does.StartWith("HTTP/1.1 206 "));
        Assert.That(part.Head, Does.Contain($"Content-Range: bytes 1000-1999/{file.Length}"));
        Assert.That(part.Body, Is.EqualTo(file[1000..2000]));
        var same = Get(server, client, "/live/film.flv", $"If-None-Match: {tag}\r\n");
        Assert.That(same.Head, Does.StartWith("HTTP/1.1 304 "));
        var none = Get(server, client, "/live/film.flv", $"Range: bytes={file.Length}-\r\n");
        Assert.That(none.Head, Does.StartWith("HTTP/1.1 416 "));
        Assert.That(server.Disk.Opened, Is.Zero);
    }

    [Test]
    public void MP4_is_served_in_ranges_as_browsers_ask_for_it()
    {
        using var server = Start(out var file);
        server.Disk.Put("record/live/film.mp4", file);
        var client = Visit(server);

        var whole = Get(server, client, "/live/film.mp4");
        Assert.That(whole.Head, Does.StartWith("HTTP/1.1 200 "));
        Assert.That(whole.Head, Does.Contain("Content-Type: video/mp4"));
        Assert.That(whole.Body, Is.EqualTo(file));
        var part = Get(server, client, "/live/film.mp4", "Range: bytes=1000-1999\r\n");
        Assert.That(part.Head, Does.StartWith("HTTP/1.1 206 "));
        Assert.That(part.Body, Is.EqualTo(file[1000..2000]));
        var none = Get(server, client, "/live/nothing.mp4");
        Assert.That(none.Head, Does.StartWith("HTTP/1.1 404 "));
        Assert.That((server.Disk.Opened, server.Server.AudienceCount), Is.EqualTo((0, 0)));
    }

    [TestCase("0", 0u)]
    [TestCase("4", 4000u)]
    [TestCase("7.9", 7000u)]
    public void A_start_begins_at_the_keyframe_before_it_behind_the_configurations(
        string start, uint keyframeMs)
    {
        using var server = Start(out _);

        var answer = Get(server, Visit(server), $"/live/film.flv?start={start}");

        using var reader = new FlvReader(new PacketPool(), 1 << 20);
        ReadOnlySpan<byte> body = answer.Body;
        Assert.That(reader.TryRead(ref body, out var header), Is.True);
        Assert.That(header.Payload.Written[1], Is.Zero, "the sequence header");
        Assert.That(reader.TryRead(ref body, out var frame), Is.True);
        Assert.That(frame.TimestampMs, Is.EqualTo(keyframeMs));
        Assert.That(frame.Payload.Written[0], Is.EqualTo(0x17));
    }

    [TestCase("-1")]
    [TestCase("99")]
    [TestCase("x")]
    [TestCase("NaN")]
    public void A_start_that_is_none_is_refused(string start)
    {
        using var server = Start(out _);

        var answer = Get(server, Visit(server), $"/live/film.flv?start={start}");

        Assert.That(answer.Head, Does.StartWith("HTTP/1.1 400 "));
        Assert.That(server.Disk.Opened, Is.Zero);
    }

    [Test]
    public void A_client_that_leaves_in_the_middle_leaves_no_file_open()
    {
        using var server = Start(out _);
        var client = Visit(server);
        client.Room = 20_000;
        Get(server, client, "/live/film.flv");
        Assert.That(server.Disk.Opened, Is.EqualTo(1));

        client.Leave();
        server.Turns(5);

        Assert.That(server.Disk.Opened, Is.Zero);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_client_that_leaves_before_its_start_is_found_leaves_no_file_open(
        [Range(0, 9)] int turns)
    {
        using var server = Start(out _);
        var client = Visit(server);
        client.Arrive(
            "GET /live/film.flv?start=4 HTTP/1.1\r\nHost: reactor\r\n\r\n"u8.ToArray());
        server.Turns(turns);

        client.Leave();
        server.Turns(20);

        Assert.That(server.Disk.Opened, Is.Zero);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void Who_fetches_a_recording_is_a_player_of_its_app(int clients)
    {
        using var server = Start(out _, new PlayOptions { MaxAppPlayers = 2 });
        var sockets = new List<MemorySocket>();
        var statuses = new List<string>();
        for (var i = 0; i < clients; i++)
        {
            sockets.Add(Visit(server));
            sockets[^1].Room = 20_000;
            statuses.Add(Get(server, sockets[^1], "/live/film.flv").Head[9..12]);
        }
        Assert.That(statuses.Count(status => status == "200"), Is.EqualTo(Math.Min(2, clients)));
        Assert.That(server.Server.AudienceCount, Is.EqualTo(Math.Min(2, clients)));
        Assert.That(server.Server.Struck[Limit.MaxPlayers], Is.EqualTo(clients > 2 ? 1 : 0));
        var live = server.Visit("a", publishes: false);
        server.Turns(8);
        Assert.That(live.IsStarted, Is.EqualTo(clients < 2), "live or not, it is the same bound");

        sockets.ForEach(socket => socket.Leave());
        server.Turns(5);
        Assert.That(server.Server.AudienceCount, Is.EqualTo(server.Server.PlayerCount));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void What_is_fetched_counts_in_its_app_and_finds_its_bandwidth()
    {
        using var server = Start(out _, new PlayOptions { MaxBandwidth = 1_000_000 });
        var client = Visit(server);
        Assert.That(Get(server, client, "/live/film.flv").Head, Does.StartWith("HTTP/1.1 200 "));
        server.Turns(2, 600);                   // the rates are looked at once a second

        var refused = Get(server, client, "/live/film.flv");
        Assert.That(refused.Head, Does.StartWith("HTTP/1.1 503 "));
        Assert.That(
            Encoding.UTF8.GetString(refused.Body),
            Does.Contain("1000 kbit/s are sent in live already"));
        Assert.That(server.Disk.Opened, Is.Zero);
        server.Turns(10, 1000);
        Assert.That(Get(server, client, "/live/film.flv").Head, Does.StartWith("HTTP/1.1 200 "));
    }

    private static MemorySocket Visit(ServerInMemory server)
    {
        var socket = server.Network.Visit(port: 7001);
        server.Turn();
        return socket;
    }

    private static (string Head, byte[] Body) Get(
        ServerInMemory server, MemorySocket client, string path, string headers = "")
    {
        client.Sent.Clear();
        client.Arrive(Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: reactor\r\n{headers}\r\n"));
        server.Turns(30);
        var sent = client.Sent.ToArray();
        var end = sent.AsSpan().IndexOf("\r\n\r\n"u8) + 4;
        return (Encoding.ASCII.GetString(sent, 0, end), sent[end..]);
    }

    /// <summary>A server with a file of ten seconds, larger than a piece.</summary>
    private static ServerInMemory Start(out byte[] file, PlayOptions? play = null)
    {
        var server = new ServerInMemory(play, options: new ServerOptions
        {
            Defaults = new StreamOptions { Vod = new VodOptions { Enabled = true } },
        });
        var room = new byte[1 << 20];
        var writer = new ByteWriter(room);
        FlvWriter.Header(ref writer, false, true);
        Tag(ref writer, 0, [0x17, 0, 0, 0, 0, 1, 0x64]);
        for (var i = 0; i < 250; i++)
        {
            var payload = new byte[i % 25 == 0 ? 9000 : 1000];
            payload[0] = (byte)(i % 25 == 0 ? 0x17 : 0x27);
            payload[1] = 1;
            Tag(ref writer, (uint)i * 40, payload);
        }
        file = room[..writer.Length];
        server.Disk.Put("record/live/film.flv", file);
        return server;
    }

    private static void Tag(ref ByteWriter writer, uint time, byte[] payload)
    {
        FlvWriter.TagHeader(ref writer, MessageType.Video, time, payload.Length);
        writer.Bytes(payload);
        FlvWriter.BackPointer(ref writer, payload.Length);
    }
}
