using System;
using System.IO;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using NUnit.Framework;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>The pid file, and reactor -s: nginx's way to speak to a server that runs.</summary>
[TestFixture]
[Platform("Linux,MacOsX")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SignalTests : IDisposable
{
    private static readonly TimeSpan Soon = Patience.Long;

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = RtmpServerProcess.FreePort();

    private string PidPath => Path.Combine(_folder.Path, "reactor.pid");

    public SignalTests() => Configure("""{ "process": { "pid_file": "reactor.pid" } }""");

    public void Dispose() => _folder.Dispose();

    [Test]
    public void The_file_holds_the_number_while_the_server_runs_and_not_longer()
    {
        using var server = Start();
        Assert.That(
            File.ReadAllText(PidPath), Is.EqualTo($"{server.Id}\n"));

        Assert.That(Say("stop"), Is.EqualTo((0, "")));
        Assert.That(server.WaitForExit(Soon), Is.Zero);
        Assert.That(File.Exists(PidPath), Is.False);
    }

    [Test]
    public void Reload_is_SIGHUP()
    {
        using var server = Start();
        Configure("""
            { "process": { "pid_file": "reactor.pid" }, "limits": { "max_players": 7 } }
            """);

        Assert.That(Say("reload"), Is.EqualTo((0, "")));
        server.WaitForLine(line => line.Contains("limits.max_players: in force"), Soon);
        Assert.That(Say("stop"), Is.EqualTo((0, "")));
        Assert.That(server.WaitForExit(Soon), Is.Zero);
    }

    [Test]
    public void Reopen_is_SIGUSR1_and_writes_where_the_log_file_was()
    {
        var log = Path.Combine(_folder.Path, "a.log");
        Configure("""{ "process": { "pid_file": "reactor.pid" }, "log": { "file": "a.log" } }""");
        using var server = Launch();
        Assert.That(() => File.Exists(PidPath), Is.True.After(20_000, pollingInterval: 20));
        File.Move(log, log + ".1");

        Assert.That(Say("reopen"), Is.EqualTo((0, "")));
        Assert.That(
            () => File.Exists(log) && File.ReadAllText(log).Contains("opened anew"),
            Is.True.After(20_000, pollingInterval: 20));
        Assert.That(Say("stop"), Is.EqualTo((0, "")));
        Assert.That(server.WaitForExit(Soon), Is.Zero);
        Assert.That(File.ReadAllText(log + ".1"), Does.Contain("listening on rtmp"));
        Assert.That(File.ReadAllText(log), Does.Contain("stopped").And.Not.Contain("listening"));
    }

    [Test]
    public void A_reload_moves_the_log_into_another_file()
    {
        using var server = Start();
        Configure("""
            { "process": { "pid_file": "reactor.pid" },
              "log": { "file": "b.log", "format": "json", "level": "debug" } }
            """);

        Assert.That(Say("reload"), Is.EqualTo((0, "")));
        var log = Path.Combine(_folder.Path, "b.log");
        Assert.That(
            () => File.Exists(log) && File.ReadAllText(log).Contains("log.file: in force"),
            Is.True.After(20_000, pollingInterval: 20));
        Assert.That(Say("stop"), Is.EqualTo((0, "")));
        Assert.That(server.WaitForExit(Soon), Is.Zero);
        Assert.That(File.ReadAllLines(log), Has.All.StartsWith("{"));
    }

    [TestCase(false)]
    [TestCase(true)]
    [Platform("Linux")]
    public void Who_started_it_is_told_when_it_is_ready_reloads_and_stops(bool isAbstract)
    {
        var path = isAbstract ? $"@{_folder.Path}" : Path.Combine(_folder.Path, "notify");
        using var heard = new Socket(
            AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        heard.Bind(new UnixDomainSocketEndPoint(isAbstract ? $"\0{_folder.Path}" : path));
        heard.ReceiveTimeout = (int)Soon.TotalMilliseconds;

        using var server = ServerProgram.Start(
            Arguments.Split(' '), _folder.Path, ("NOTIFY_SOCKET", path));
        Assert.That(Hear(), Is.EqualTo("READY=1"));
        using (new TcpClient("127.0.0.1", _port))
            Assert.That(File.Exists(PidPath), "ready is ready");

        Assert.That(Say("reload"), Is.EqualTo((0, "")));
        Assert.That(Hear(), Does.Match("^RELOADING=1\nMONOTONIC_USEC=[0-9]+$"));
        Assert.That(Hear(), Is.EqualTo("READY=1"));
        Configure("{");
        server.Send(PosixSignal.SIGHUP);
        Assert.That(Hear(), Does.StartWith("RELOADING=1"));
        Assert.That(Hear(), Is.EqualTo("READY=1"), "as it was");

        server.Send(PosixSignal.SIGTERM);
        Assert.That(Hear(), Is.EqualTo("STOPPING=1"));
        Assert.That(server.WaitForExit(Soon), Is.Zero);

        string Hear()
        {
            var buffer = new byte[256];
            return Encoding.UTF8.GetString(buffer, 0, heard.Receive(buffer));
        }
    }

    [Test]
    public void Quit_lets_nobody_in_and_waits_for_those_who_publish()
    {
        using var server = Start();
        using var publisher = Publisher.Start(
            Film.Long, $"rtmp://127.0.0.1:{_port}/live/a");
        server.WaitForLine(line => line.Contains("publishes live/a"), Soon);

        Assert.That(Say("quit"), Is.EqualTo((0, "")));
        server.WaitForLine(line => line.Contains("quitting: 1 publishers"), Soon);
        Assert.That(
            () => new TcpClient("127.0.0.1", _port), Throws.InstanceOf<SocketException>());
        Assert.That(server.ExitsWithin(TimeSpan.FromSeconds(1)), Is.False, "it publishes still");

        publisher.Kill();
        Assert.That(server.WaitForExit(Soon), Is.Zero);
        Assert.That(File.Exists(PidPath), Is.False);
    }

    [Test]
    [Platform("Linux")]
    public void A_signal_that_was_ignored_from_the_start_is_not_sent_in_vain()
    {
        var deaf = $"trap '' QUIT HUP; exec {ServerProgram.Command} {Arguments}";
        using var server = new ChildProcess("sh", ["-c", deaf], _folder.Path);
        server.WaitForLine(line => line.Contains("listening on rtmp"), Soon);
        Assert.That(() => File.Exists(PidPath), Is.True.After(20_000, pollingInterval: 20));

        var (code, said) = Say("quit");
        Assert.That(code, Is.EqualTo(1));
        Assert.That(said, Does.Contain($"process {server.Id} ignores SIGQUIT: "));
        Assert.That(Say("reload").Said, Does.Contain("ignores SIGHUP: "));
        Assert.That(Say("stop"), Is.EqualTo((0, "")));
        Assert.That(server.WaitForExit(Soon), Is.Zero);
    }

    [Test]
    public void A_second_server_of_the_same_file_is_refused_and_harms_nothing()
    {
        using var first = Start();
        using var second = Launch("--set", "rtmp.listen=127.0.0.1:0");

        Assert.That(second.WaitForExit(Soon), Is.EqualTo(3));
        Assert.That(second.Lines, Has.Some.Contains($"process {first.Id} runs already"));
        Assert.That(File.ReadAllText(PidPath), Is.EqualTo($"{first.Id}\n"));
        Assert.That(Say("stop"), Is.EqualTo((0, "")));
        Assert.That(first.WaitForExit(Soon), Is.Zero);
    }

    [Test]
    public void A_file_that_was_left_behind_is_written_anew()
    {
        using var killed = Start();
        killed.Kill();
        Assert.That(File.Exists(PidPath));
        Assert.That(Say("stop").Code, Is.EqualTo(1), "nobody is there");

        using var next = Start();
        Assert.That(File.ReadAllText(PidPath), Is.EqualTo($"{next.Id}\n"));
        Assert.That(Say("stop"), Is.EqualTo((0, "")));
        Assert.That(next.WaitForExit(Soon), Is.Zero);
    }

    [Test]
    public void A_number_that_another_program_has_now_is_not_signalled()
    {
        using var stranger = new ChildProcess("sleep", ["60"]);
        File.WriteAllText(PidPath, $"{stranger.Id}\n");

        var (code, said) = Say("stop");
        Assert.That(code, Is.EqualTo(1));
        Assert.That(said, Does.Contain("does not run: the file was left behind"));
        Assert.That(stranger.HasExited, Is.False);
        using var server = Start();
        Assert.That(Say("stop"), Is.EqualTo((0, "")));
        Assert.That(server.WaitForExit(Soon), Is.Zero);
    }

    [TestCase("{}", null, "stop", "process.pid_file")]
    [TestCase("""{ "process": { "pid_file": "reactor.pid" } }""", null, "quit", "is not there")]
    [TestCase("""{ "process": { "pid_file": "reactor.pid" } }""", "x", "quit", "does not hold")]
    [TestCase("{}", null, "halt", "expected one of reload, reopen, stop, quit")]
    [TestCase("{", null, "stop", "a.json:1")]
    public void What_cannot_be_done_is_one_clear_line(
        string json, string? pid, string word, string expected)
    {
        Configure(json);
        if (pid is not null)
            File.WriteAllText(PidPath, pid);

        var (code, said) = Say(word);

        Assert.That(code, Is.EqualTo(1));
        Assert.That(said, Does.StartWith("reactor: ").And.Contain(expected));
        Assert.That(said, Does.Not.Contain("\n"));
    }

    [Test]
    public void A_file_that_cannot_be_written_ends_the_start()
    {
        Configure("""{ "process": { "pid_file": "absent/reactor.pid" } }""");
        using var server = Launch();

        Assert.That(server.WaitForExit(Soon), Is.EqualTo(1));
        Assert.That(server.Lines, Has.Some.Contains("process.pid_file: "));
        Assert.That(server.Lines, Has.None.Contains("   at "), "no stack trace");
    }

    private void Configure(string json) =>
        File.WriteAllText(Path.Combine(_folder.Path, "a.json"), json);

    private ChildProcess Start()
    {
        var server = Launch();
        server.WaitForLine(line => line.Contains("listening on rtmp"), Soon);
        Assert.That(
            () => File.Exists(PidPath) && File.ReadAllText(PidPath) == $"{server.Id}\n",
            Is.True.After(20_000, pollingInterval: 20));
        return server;
    }

    private string Arguments =>
        $"-c a.json --set rtmp.listen=127.0.0.1:{_port} --set http.listen=[]";

    private ChildProcess Launch(params string[] more) =>
        ServerProgram.Start([.. Arguments.Split(' '), .. more], _folder.Path);

    private (int Code, string Said) Say(string word)
    {
        using var process = ServerProgram.Start(["-c", "a.json", "-s", word], _folder.Path);
        return (process.WaitForExit(Soon), string.Join('\n', process.Lines));
    }
}
