using System;
using System.IO;
using System.Net.Http;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>A bug that shows in one connection, in the program as it ships.</summary>
[TestFixture]
public sealed class ContainedFaultTests : IRtmpClientHandler
{
    private const string Command = "FCSubscribe";

    private static readonly TimeSpan Soon = Patience.Long;

    private readonly int _port = RtmpServerProcess.FreePort();
    private readonly int _httpPort = RtmpServerProcess.FreePort();
    private NetworkStream _stream = null!;
    private bool _isStarted;

    [Test]
    public void It_ends_that_connection_with_a_report_and_a_count_and_costs_nobody_else_a_frame()
    {
        using var server = Serve();
        using var player = Player.Start($"rtmp://127.0.0.1:{_port}/live/a");
        using var publisher = Publisher.Start(Film.Usual, $"rtmp://127.0.0.1:{_port}/live/a");
        publisher.WaitForFrame(Film.FramesInGop);

        for (var i = 0; i < 3; i++)
            MeetTheBug();

        publisher.Finish();
        player.Finish().ShouldEqual(Film.Usual.Recording);
        using var http = new HttpClient();
        var metrics = http.GetStringAsync(
            new Uri($"http://127.0.0.1:{_httpPort}/metrics")).GetAwaiter().GetResult();
        Assert.That(metrics, Does.Contain("reactor_loop_faults_total 3\n"));
        Assert.That(
            metrics, Does.Contain("reactor_connections_ended_total{reason=\"Fault\"} 3\n"));
        var report = string.Join('\n', server.Lines);
        Assert.That(report, Does.Contain($"InvalidOperationException: {StartupHook.Bug}"));
        Assert.That(
            report, Does.Contain("RtmpServerConversation.Command"), "with the place where it was");

        server.Send(PosixSignal.SIGTERM);
        Assert.That(server.WaitForExit(Soon), Is.Zero);
    }

    void IPacketSink.Send(Packet packet) => _stream.Write(packet.Written);

    void IRtmpClientHandler.OnStarted() => _isStarted = true;

    void IRtmpClientHandler.OnStatus(string level, string code, string description)
    {
    }

    void IRtmpClientHandler.OnMedia(RtmpMessage message)
    {
    }

    private ChildProcess Serve()
    {
        var server = ServerProgram.StartBuild(
            [
                "-c", Path.Combine(AppContext.BaseDirectory, "empty.json"),
                "--set", $"rtmp.listen=127.0.0.1:{_port}",
                "--set", $"http.listen=127.0.0.1:{_httpPort}",
                "--set", "defaults.publish.grace=1s",
            ],
            ("DOTNET_STARTUP_HOOKS", typeof(ContainedFaultTests).Assembly.Location),
            (StartupHook.FailingCommand, Command));
        server.WaitForLine(line => line.Contains("listening on http://"), Soon);
        return server;
    }

    /// <summary>A client that plays something, and then calls what fails.</summary>
    private void MeetTheBug()
    {
        using var client = new TcpClient("127.0.0.1", _port);
        client.ReceiveTimeout = (int)Soon.TotalMilliseconds;
        _stream = client.GetStream();
        _isStarted = false;
        var conversation = new RtmpClientConversation(
            new PacketPool(), new LinkSettings(),
            new ClientRequest("live", $"rtmp://127.0.0.1:{_port}/live", "b", Publishes: false),
            this, new Random(1));
        conversation.Begin();
        var buffer = new byte[4096];
        while (!_isStarted)
            Assert.That(Read(), Is.GreaterThan(0));
        conversation.SendCommand(Command);
        while (Read() > 0)
        {
        }

        int Read()
        {
            var count = _stream.Read(buffer);
            ReadOnlySpan<byte> input = buffer.AsSpan(0, count);
            conversation.Receive(ref input);
            return count;
        }
    }
}
