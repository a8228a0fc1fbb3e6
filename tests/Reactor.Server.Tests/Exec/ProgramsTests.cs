using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Server.Exec;
using Reactor.Server.Tests.Loopback;

namespace Reactor.Server.Tests.Exec;

/// <summary>The system's own programs, begun and ended.</summary>
[TestFixture]
[Platform("Linux")]
public sealed class ProgramsTests
{
    private readonly List<ProgramNews> _news = [];
    private LoopbackServer _server = null!;
    private Programs _programs = null!;
    private string _file = "";

    [SetUp]
    public void Open()
    {
        _news.Clear();
        _server = new LoopbackServer();
        _programs = new Programs(_server.Server.Loop.Mailbox);
        _file = Path.GetTempFileName();
    }

    [TearDown]
    public void Close()
    {
        _programs.Dispose();
        _server.Dispose();
        File.Delete(_file);
    }

    [Test]
    public void A_program_is_told_of_when_it_begins_and_when_it_has_ended()
    {
        Start("sh", "-c", "exit 7");
        Assert.That(_programs.Outstanding, Is.EqualTo(1));
        var end = WaitForEnd();

        Assert.That(_news[0].IsOver, Is.False);
        Assert.That(_news[0].ProcessId, Is.GreaterThan(1).And.EqualTo(end.ProcessId));
        Assert.That(end.ExitCode, Is.EqualTo(7));
        Assert.That(_programs.Outstanding, Is.Zero);
        Assert.That(Directory.Exists($"/proc/{end.ProcessId}"), Is.False, "no zombie");
    }

    [TestCase("/no/such/program", "No such file or directory")]
    [TestCase("no-such-program", "No such file or directory")]
    [TestCase("/etc/passwd", "Permission denied")]
    [TestCase("/tmp", "Permission denied")]
    public void What_cannot_be_started_says_why(string program, string why)
    {
        Start(program, "x");
        _server.Until(() => _news.Count > 0, "an answer");

        Assert.That(_news.Single(), Is.EqualTo(ProgramNews.Failed(why)));
        Assert.That(_programs.Outstanding, Is.Zero);
    }

    [TestCase(KillSignal.Term, 143)]
    [TestCase(KillSignal.Int, 130)]
    [TestCase(KillSignal.Quit, 131)]
    [TestCase(KillSignal.Kill, 137)]
    public void A_signal_ends_it(KillSignal signal, int code)
    {
        var program = Start(
            "sh", "-c", $"ulimit -c 0; echo $$ > {_file}; exec sleep 1000");
        WaitForNumber();
        program.Signal(signal);

        Assert.That(WaitForEnd().ExitCode, Is.EqualTo(code));
    }

    [TestCase(KillSignal.Term, 143)]
    [TestCase(KillSignal.Kill, 137)]
    public void A_signal_reaches_all_that_it_has_started(KillSignal signal, int code)
    {
        var program = Start("sh", "-c", $"sleep 1000 & echo $! > {_file}; exec sleep 1000");
        var other = WaitForNumber();
        program.Signal(signal);

        Assert.That(WaitForEnd().ExitCode, Is.EqualTo(code));
        Assert.That(IsAlive(other), Is.False);
    }

    [Test]
    public void It_is_not_over_while_something_that_it_has_started_is_left()
    {
        Start("sh", "-c", $"(sleep 0.5; echo 1 > {_file}) &");
        Assert.That(WaitForEnd().ExitCode, Is.Zero);

        Assert.That(File.ReadAllText(_file), Is.EqualTo("1\n"));
    }

    [Test]
    public void It_reads_nothing_and_has_nothing_of_ours()
    {
        Environment.SetEnvironmentVariable("REACTOR_DEFAULTS__HOOKS__SECRET", "hidden");
        Environment.SetEnvironmentVariable("NOTIFY_SOCKET", "/hidden");
        try
        {
            Start("sh", "-c", $"cat; env > {_file}; ls /proc/self/fd >> {_file}");
            Assert.That(WaitForEnd().ExitCode, Is.Zero);
        }
        finally
        {
            Environment.SetEnvironmentVariable("REACTOR_DEFAULTS__HOOKS__SECRET", null);
            Environment.SetEnvironmentVariable("NOTIFY_SOCKET", null);
        }

        var said = File.ReadAllLines(_file);
        Assert.That(said, Has.Some.StartsWith("PATH=").And.None.Contains("hidden"));
        Assert.That(said.Where(line => int.TryParse(line, CultureInfo.InvariantCulture, out _)),
            Is.EqualTo(new[] { "0", "1", "2", "3" }), "the last is the list itself");
    }

    [Test]
    public void A_closed_pipe_ends_it_as_it_ends_others()
    {
        Start("sh", "-c", "kill -PIPE $$");

        Assert.That(WaitForEnd().ExitCode, Is.EqualTo(141));
    }

    [Test]
    public void A_flood_of_output_does_not_keep_it_from_ending()
    {
        Start("sh", "-c", "yes | head -c 3000000; yes x | head -c 3000000 >&2");

        Assert.That(WaitForEnd().ExitCode, Is.Zero);
    }

    [Test]
    public void What_is_left_in_the_end_is_killed_and_waited_for()
    {
        Start("sh", "-c", $"trap '' TERM; echo $$ > {_file}; while true; do sleep 1; done");
        var deaf = WaitForNumber();
        _programs.Dispose();

        Assert.That(IsAlive(deaf), Is.False);
        Assert.That(_programs.Outstanding, Is.Zero);
        Assert.That(_news[^1].ExitCode, Is.EqualTo(137));
    }

    [Test]
    public void Arguments_are_handed_over_as_they_are()
    {
        Start("sh", "-c", $"printf '%s|' \"$@\" > {_file}", "sh", "a b", "", "$HOME", "\"'\\", "*",
            "ä");

        Assert.That(WaitForEnd().ExitCode, Is.Zero);
        Assert.That(File.ReadAllText(_file), Is.EqualTo("a b||$HOME|\"'\\|*|ä|"));
    }

    private IProgram Start(params string[] arguments) =>
        _programs.Start(new ProgramCommand(arguments, "live/a exec_test"), _news.Add);

    private ProgramNews WaitForEnd()
    {
        _server.Until(() => _news.Exists(news => news.IsOver), "its end");
        return _news[^1];
    }

    /// <summary>What it has written into the file.</summary>
    private int WaitForNumber()
    {
        var text = "";
        _server.Until(
            () => _news.Count > 0 && (text = File.ReadAllText(_file)).EndsWith('\n'), "its word");
        return int.Parse(text, CultureInfo.InvariantCulture);
    }

    private static bool IsAlive(int processId)
    {
        try
        {
            return !File.ReadAllText($"/proc/{processId}/stat").Contains(") Z ");
        }
        catch (Exception fault) when (fault is IOException)
        {
            return false;
        }
    }
}
