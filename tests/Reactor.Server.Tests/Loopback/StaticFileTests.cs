using System;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using NUnit.Framework;
using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Loopback;

/// <summary>Files of a real disk over real sockets.</summary>
[TestFixture]
public sealed class StaticFileTests
{
    private const int FilmBytes = 24 << 20;
    private string _folder = null!;

    [SetUp]
    public void Make()
    {
        _folder = Directory.CreateTempSubdirectory("reactor-").FullName;
        Directory.CreateDirectory(PathOf("html"));
        File.WriteAllText(PathOf("secret.txt"), "secret");
        File.WriteAllText(PathOf("html/a.txt"), "a");
    }

    [TearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_large_file_reaches_a_slow_reader_whole_and_lies_in_memory_in_pieces()
    {
        var film = RandomNumberGenerator.GetBytes(FilmBytes);
        File.WriteAllBytes(PathOf("html/film.mp4"), film);
        using var world = Serve();
        using var client = Ask(world, "GET /film.mp4 HTTP/1.0\r\n\r\n");
        client.ReceiveBufferSize = 16 << 10;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[32 << 10];
        var (head, body, most) = ("", 0L, 0L);
        world.Until(
            () =>
            {
                most = Math.Max(most, world.Server.Loop.Pool.OutstandingBytes);
                world.Server.Loop.Mailbox.TryPost(() => { });   // the next turn does not sleep
                if (client.Available == 0)
                    return false;
                var count = client.Client.Receive(buffer);
                var start = 0;
                if (head.Length == 0)
                {
                    start = buffer.AsSpan(0, count).IndexOf("\r\n\r\n"u8) + 4;
                    head = Encoding.ASCII.GetString(buffer, 0, start);
                }
                hash.AppendData(buffer, start, count - start);
                body += count - start;
                return body >= FilmBytes;
            },
            "all of it");

        Assert.That(head, Does.Contain($"Content-Length: {FilmBytes}\r\n"));
        Assert.That(hash.GetHashAndReset(), Is.EqualTo(SHA256.HashData(film)));
        Assert.That(most, Is.LessThan(1 << 20));
        client.Close();
        world.Until(
            () => world.Server.ConnectionCount == 0 && world.Server.Files.IsIdle, "all is closed");
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public void A_link_out_of_the_root_leads_nowhere_and_one_within_it_does()
    {
        File.CreateSymbolicLink(PathOf("html/out.txt"), "../secret.txt");
        Directory.CreateSymbolicLink(PathOf("html/up"), _folder);
        File.CreateSymbolicLink(PathOf("html/within.txt"), "a.txt");
        using var world = Serve();

        Assert.That(Answer(world, "/a.txt"), Does.StartWith("HTTP/1.1 200 ").And.EndsWith("\na"));
        Assert.That(Answer(world, "/within.txt"), Does.StartWith("HTTP/1.1 200 "));
        foreach (var path in (string[])["/out.txt", "/up", "/up/", "/up/secret.txt"])
            Assert.That(Answer(world, path), Does.StartWith("HTTP/1.1 404 "), path);
    }

    [Test]
    public void A_folder_a_name_that_is_too_long_and_a_file_as_folder_are_not_found()
    {
        Directory.CreateDirectory(PathOf("html/folder"));
        using var world = Serve();
        var tooLong = new string('a', 300);

        foreach (var path in (string[])["/folder", "/folder/", "/a.txt/b", $"/{tooLong}"])
            Assert.That(Answer(world, path), Does.StartWith("HTTP/1.1 404 "), path);
        File.WriteAllText(PathOf("html/folder/index.html"), "here");
        Assert.That(Answer(world, "/folder"), Does.Contain("\r\nLocation: /folder/\r\n"));
        Assert.That(Answer(world, "/folder/"), Does.EndWith("\r\n\r\nhere"));
    }

    /// <summary>Links to copy need the port that the system gave.</summary>
    [Test]
    public void A_port_that_the_system_chose_is_told_to_the_page()
    {
        using var world = Serve();
        var ports = world.Server.Listening.Select(local => local.Port).ToArray();

        var told = Answer(world, "/api/v1/player");
        Assert.That(told, Does.Contain($"\"rtmp_port\":{ports[0]},"));
        Assert.That(told, Does.Contain($"\"flv\":{{\"port\":{ports[1]}}}"));
    }

    private LoopbackServer Serve()
    {
        HttpListen[] listen = [new() { Address = ListenAddress.Parse("127.0.0.1:0") }];
        return new LoopbackServer(new ServerOptions
        {
            Http = new HttpOptions
            {
                Listen = listen,
                Static = new StaticOptions { Root = PathOf("html") },
            },
        });
    }

    private static TcpClient Ask(LoopbackServer world, string request)
    {
        var client = new TcpClient();
        client.Connect(world.Server.Listening.Last());
        client.Client.Send(Encoding.ASCII.GetBytes(request));
        return client;
    }

    /// <summary>All that comes until the server closes.</summary>
    private static string Answer(LoopbackServer world, string path)
    {
        using var client = Ask(world, $"GET {path} HTTP/1.0\r\n\r\n");
        var answer = new MemoryStream();
        var buffer = new byte[4096];
        world.Until(
            () =>
            {
                if (!client.Client.Poll(0, SelectMode.SelectRead))
                    return false;
                var count = client.Client.Receive(buffer);
                answer.Write(buffer, 0, count);
                return count == 0;
            },
            "the answer ends");
        client.Close();
        world.Until(() => world.Server.ConnectionCount == 0, "it has left");
        return Encoding.Latin1.GetString(answer.ToArray());
    }

    private string PathOf(string name) => Path.Combine(_folder, name);
}
