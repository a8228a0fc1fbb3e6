using System;
using System.Linq;
using System.Net.Http;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using NUnit.Framework;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>The program as its owner meets it: signals, ports, strangers, leftovers.</summary>
[TestFixture]
public sealed class ProgramTests
{
    /// <summary>The listener, and the port on which .NET answers its own tools.</summary>
    private const int IdleSocketsMax = 2;

    private static readonly TimeSpan Soon = Patience.Long;

    [TestCase(PosixSignal.SIGINT)]
    [TestCase(PosixSignal.SIGTERM)]
    public void A_signal_stops_it_cleanly_and_players_and_publishers_end(PosixSignal signal)
    {
        using var server = ReactorProcess.Start();
        using var publisher = Publisher.Start(Film.Long, server.Url("live/a"));
        using var player = Player.Start(server.Url("live/a"));
        player.WaitForStream();

        server.Process.Send(signal);
        Assert.That(server.Process.WaitForExit(Soon), Is.Zero, "exit code");
        player.End();
        publisher.End();
    }

    [TestCase("0", 128 << 20)]
    [TestCase("32m", 32 << 20)]
    public void Media_may_take_half_of_the_memory_unless_told_otherwise(string set, int bytes)
    {
        var http = RtmpServerProcess.FreePort();
        using var server = ReactorProcess.StartWithin(
            256 << 20, $"http.listen=127.0.0.1:{http}", $"limits.max_memory={set}");
        server.Process.WaitForLine(line => line.Contains("up to"), Soon);   // all are open
        using var client = new HttpClient();

        var metrics = client.GetStringAsync(new Uri($"http://127.0.0.1:{http}/metrics")).Result;

        Assert.That(metrics, Does.Contain($"\nreactor_memory_ceiling_bytes {bytes}\n"));
    }

    [Test]
    public void A_port_in_use_is_one_clear_line_and_exit_code_2()
    {
        using var first = ReactorProcess.Start();
        using var second = ReactorProcess.Launch(first.Port);

        Assert.That(second.WaitForExit(Soon), Is.EqualTo(2), "exit code");
        var named = second.Lines.Where(line => line.Contains($"{first.Port}"));
        Assert.That(named, Has.Exactly(1).Items);
        Assert.That(named, Has.All.Contains("in use"), "the reason");
        Assert.That(named, Has.All.Contains("rtmp.listen, or --listen"), "what to do");
        Assert.That(second.Lines, Has.None.Contains("   at "), "no stack trace");
    }

    [Test]
    public void Who_may_not_publish_is_told_in_the_log_who_does()
    {
        using var server = ReactorProcess.Start();
        using var first = Publisher.Start(Film.Long, server.Url("live/a"));
        var line = server.Process.WaitForLine(each => each.Contains("publishes live/a"), Soon);
        var number = line.Split(" INFO  ")[1].Split(' ')[0];

        using var second = Publisher.Start(Film.Usual, server.Url("live/a"));
        var refused = server.Process.WaitForLine(each => each.Contains("refused: "), Soon);

        Assert.That(refused, Does.EndWith(
            $"NetStream.Publish.BadName: Already publishing: live/a is published by {number}"));
        Assert.That(second.Fail(), Is.Not.Empty);
        first.Kill();
    }

    [Test]
    public void A_stranger_who_speaks_HTTP_is_named_and_sent_away()
    {
        using var server = ReactorProcess.Start();
        using var stranger = new TcpClient("127.0.0.1", server.Port);
        stranger.ReceiveTimeout = (int)Soon.TotalMilliseconds;

        stranger.Client.Send(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));

        Assert.That(ReadToEnd(stranger.Client), Is.Zero, "bytes of an answer");
        server.Process.WaitForLine(line => line.Contains("HTTP"), Soon);
    }

    [Test]
    [Platform("Linux")]
    public void Cycles_of_publishing_leave_no_socket_behind()
    {
        using var server = ReactorProcess.Start();
        for (var i = 0; i < 20; i++)
            Cycle(server, i);

        // After a while: ffmpeg has ended when its last bytes may still be on their way.
        Assert.That(
            () => server.OpenSockets,
            Is.LessThanOrEqualTo(IdleSocketsMax).After(20_000, pollingInterval: 50));
    }

    /// <summary>A publisher that says farewell, of a stream of its own.</summary>
    private static void Cycle(RtmpServerProcess server, int number) =>
        Ffmpeg.Run(
            "-i", Film.AudioOnly.Path, "-t", "1", "-c", "copy", "-f", "flv",
            server.Url($"live/{number}"));

    private static int ReadToEnd(Socket socket)
    {
        var buffer = new byte[4096];
        var total = 0;
        try
        {
            while (socket.Receive(buffer) is > 0 and var count)
                total += count;
        }
        catch (SocketException gone) when (gone.SocketErrorCode == SocketError.ConnectionReset)
        {
            // A reset is an end too: what it sent last was not read.
        }
        return total;
    }
}
