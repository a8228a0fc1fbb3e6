using System;
using System.IO;
using System.Runtime.InteropServices;
using NUnit.Framework;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>SIGHUP reads the configuration again, in the program as it is shipped.</summary>
public class ReloadTests
{
    private static readonly TimeSpan Soon = Patience.Long;

    [Test]
    [Platform("Linux,MacOsX")]
    public void A_good_file_is_taken_over_and_a_bad_one_is_not()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "reactor.json");
        File.WriteAllText(file, "{}");
        using var server = Start(file, port: 0);

        File.WriteAllText(file, """
            { "limits": { "max_players": 7 }, "rtmp": { "chunk_size": 4096 } }
            """);
        server.Send(PosixSignal.SIGHUP);
        server.WaitForLine(
            line => line.Contains("limits.max_players: in force"), Soon);
        server.WaitForLine(
            line => line.Contains("rtmp.chunk_size: needs a restart"), Soon);
        server.WaitForLine(line => line.Contains("reloaded: 2 changes"), Soon);

        File.WriteAllText(file, """{ "limits": { "max_players": "many" } }""");
        server.Send(PosixSignal.SIGHUP);
        server.WaitForLine(line => line.Contains("max_players: expected"), Soon);
        server.WaitForLine(line => line.Contains("stays as it was"), Soon);

        server.Send(PosixSignal.SIGTERM);
        Assert.That(server.WaitForExit(Soon), Is.Zero);
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public void A_bad_file_costs_no_player_a_frame()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "reactor.json");
        File.WriteAllText(file, """{ "defaults": { "publish": { "grace": "1s" } } }""");
        var port = RtmpServerProcess.FreePort();
        var url = $"rtmp://127.0.0.1:{port}/live/a";
        using var server = Start(file, port);
        using var player = Player.Start(url);
        using var publisher = Publisher.Start(Film.Usual, url);
        publisher.WaitForFrame(Film.FramesInGop * 2);

        File.WriteAllText(file, """{ "apps": { "other": {} }, "rtmp": { "max_message": 1 } }""");
        server.Send(PosixSignal.SIGHUP);
        server.WaitForLine(line => line.Contains("stays as it was"), Soon);

        publisher.Finish();
        player.Finish().ShouldEqual(Film.Usual.Recording);
        server.Send(PosixSignal.SIGTERM);
        Assert.That(server.WaitForExit(Soon), Is.Zero);
    }

    private static ChildProcess Start(string file, int port)
    {
        var server = ServerProgram.Start(
            [
                "-c", file,
                "--set", $"rtmp.listen=127.0.0.1:{port}", "--set", "http.listen=[]",
            ]);
        server.WaitForLine(line => line.Contains("listening on rtmp"), Soon);
        return server;
    }
}
