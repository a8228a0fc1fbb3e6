using System;
using System.Globalization;
using System.Linq;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Testing;

namespace Reactor.Server.Tests.Exec;

/// <summary>Programs that run while a stream is published, and those that run always.</summary>
[TestFixture]
public sealed class ExecPushTests
{
    private static readonly ExecOptions Usual = new()
    {
        ExecPush = [new ExecRule(["ffmpeg", "-i", "rtmp://127.0.0.1/{app}/{stream}"])],
        ExecPublish = [new ExecRule(["begun", "$name", "{addr}", "{query.t}"])],
        ExecPublishDone = [new ExecRule(["ended", "{stream}", "{duration}"])],
    };

    [Test]
    public void They_begin_and_end_with_the_stream()
    {
        using var server = Open(Usual);
        var publisher = server.Publish("a?t=x");
        server.Turn();

        Assert.That(Lines(server), Is.EqualTo(new[]
        {
            "begun a 127.0.0.1 x", "ffmpeg -i rtmp://127.0.0.1/live/a",
        }));
        var push = Named(server, "ffmpeg");
        Assert.That(push.Signals, Is.Empty);

        Named(server, "begun").Exit(0);
        server.Turns(25, eachMs: 200);
        publisher.End();
        server.Turns(2);
        Assert.That(push.Signals, Is.EqualTo(new[] { KillSignal.Term }));
        Assert.That(Lines(server)[2], Is.EqualTo("ended a 5"));
        Named(server, "ended").Exit(0);
        server.Turn();
        Assert.That(server.Server.ProgramCount, Is.Zero);
    }

    [Test]
    public void One_that_ends_by_itself_is_started_again_later_and_later()
    {
        using var server = Open(Usual with { ExecPublish = [], ExecPublishDone = [] });
        server.Publish();
        server.Turn();
        foreach (var seconds in (int[])[5, 10, 20, 40, 60, 60])
        {
            server.Programs.All[^1].Exit(1);
            server.Turn();
            var waited = WaitForAnother(server);
            Assert.That(waited, Is.InRange(seconds * 0.8, (seconds * 1.2) + 0.4));
        }

        server.Turns(60, eachMs: 200);          // it has run for 12 s, and is well
        server.Programs.All[^1].Exit(0);
        server.Turn();
        Assert.That(WaitForAnother(server), Is.InRange(4, 6.4));
        Assert.That(Metric(server, "respawned_total", "push"), Is.EqualTo(7));
        Assert.That(Metric(server, "failed_total", "push"), Is.EqualTo(6), "0 is no failure");
        Assert.That(Metric(server, "started_total", "push"), Is.EqualTo(8));
        Assert.That(Metric(server, "running", "push"), Is.EqualTo(1));
    }

    [Test]
    public void Without_respawn_it_is_not_until_the_next_publisher()
    {
        using var server = Open(new ExecOptions { ExecPush = Usual.ExecPush, Respawn = false });
        var publisher = server.Publish();
        server.Turn();
        server.Programs.All[0].Exit(0);
        server.Turns(400, eachMs: 200);
        Assert.That(server.Programs.All, Has.Count.EqualTo(1));

        publisher.End();
        server.Turns(2);
        Assert.That(server.Server.ProgramCount, Is.Zero);
        server.Publish();
        server.Turn();
        Assert.That(server.Programs.All, Has.Count.EqualTo(2));
    }

    [Test]
    public void One_that_cannot_begin_is_tried_again()
    {
        using var server = Open(new ExecOptions { ExecPush = Usual.ExecPush });
        server.Programs.Obstacle = "No such file or directory";
        server.Publish();
        server.Turn();
        Assert.That(Metric(server, "failed_total", "push"), Is.EqualTo(1));
        Assert.That(WaitForAnother(server), Is.InRange(4, 6.4));

        server.Programs.Obstacle = null;
        server.Turn();
        Assert.That(WaitForAnother(server), Is.InRange(8, 12.4));
        server.Turn();
        Assert.That(server.Programs.Running.Count(), Is.EqualTo(1));
    }

    [Test]
    public void One_that_does_not_obey_is_killed_after_kill_timeout()
    {
        using var server = Open(new ExecOptions
        {
            ExecPush = Usual.ExecPush,
            KillSignal = KillSignal.Int,
            KillTimeout = TimeSpan.FromSeconds(3),
        });
        server.Programs.ObeysWith = null;
        var publisher = server.Publish();
        server.Turn();
        publisher.End();
        server.Turns(14, eachMs: 200);
        var push = server.Programs.All.Single();
        Assert.That(push.Signals, Is.EqualTo(new[] { KillSignal.Int }));

        server.Turns(4, eachMs: 200);
        Assert.That(push.Signals, Is.EqualTo(new[] { KillSignal.Int, KillSignal.Kill }));
        Assert.That(server.Server.ProgramCount, Is.Zero);
    }

    [Test]
    public void The_next_one_begins_when_the_last_one_has_ended_and_never_beside_it()
    {
        using var server = Open(new ExecOptions { ExecPush = Usual.ExecPush });
        server.Programs.ObeysWith = null;
        server.Publish().End();
        server.Turn();
        server.Publish();
        server.Turns(3);
        var first = server.Programs.All.Single();
        Assert.That(first.Signals, Has.Count.EqualTo(1));

        first.Exit(255);
        server.Turns(2);
        Assert.That(server.Programs.All, Has.Count.EqualTo(2), "at once");
        Assert.That(server.Programs.All[1].Signals, Is.Empty);
    }

    [Test]
    public void One_that_begins_too_late_is_ended()
    {
        using var server = Open(new ExecOptions { ExecPush = Usual.ExecPush });
        server.Programs.AreSlow = true;
        server.Publish().End();
        server.Turn();
        var push = server.Programs.All.Single();
        push.Begin();
        server.Turns(2);

        Assert.That(push.Signals, Is.EqualTo(new[] { KillSignal.Term }));
        Assert.That(server.Server.ProgramCount, Is.Zero);
    }

    [Test]
    public void A_name_that_would_be_an_option_starts_nothing()
    {
        using var server = Open(new ExecOptions { ExecPush = [new ExecRule(["x", "{stream}"])] });
        server.Publish("-rf");
        server.Turn();
        Assert.That(server.Programs.All, Is.Empty);
        Assert.That(Metric(server, "failed_total", "push"), Is.EqualTo(1));
    }

    [Test]
    public void A_reload_begins_and_ends_those_of_streams_that_run()
    {
        var (kept, gone, added) = (
            new ExecRule(["kept", "{stream}"]), new ExecRule(["gone"]), new ExecRule(["added"]));
        using var server = Open(new ExecOptions { ExecPush = [kept, gone] });
        var publisher = server.Publish();
        server.Turn();
        Reload(server, new ExecOptions { ExecPush = [kept, added], ExecPublishDone = [gone] });

        Assert.That(Lines(server), Is.EqualTo(new[] { "kept a", "gone", "added" }));
        Assert.That(Named(server, "gone").Signals, Has.Count.EqualTo(1));
        Assert.That(Named(server, "kept").Signals, Is.Empty);

        publisher.End();
        server.Turns(2);
        Assert.That(Lines(server)[^1], Is.EqualTo("gone"), "told, though it was published before");
    }

    [Test]
    public void Static_ones_run_as_long_as_the_server()
    {
        using var server = new ServerInMemory(options: new ServerOptions
        {
            ExecStatic = [new ExecRule(["camera", "{stream}"])],
        });
        server.Turn();
        Assert.That(Lines(server), Is.EqualTo(new[] { "camera " }));
        server.Server.Reload(server.Server.Options with { ExecStatic = [new ExecRule(["other"])] });
        server.Turn();
        Assert.That(server.Programs.Running.Single().Line, Is.EqualTo("other"));
        server.Server.Stop();
        server.Turns(3, eachMs: 20);
        Assert.That(server.Server.IsStopped);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    internal static ServerInMemory Open(ExecOptions exec, LimitsOptions? limits = null) =>
        new(options: new ServerOptions
        {
            Defaults = new StreamOptions
            {
                Exec = exec,
                Publish = new PublishOptions
                {
                    FirstpktTimeout = TimeSpan.FromHours(1),
                    DropIdlePublisher = TimeSpan.FromHours(1),
                },
            },
            Limits = limits ?? new LimitsOptions(),
        });

    internal static void Reload(ServerInMemory server, ExecOptions exec)
    {
        var options = server.Server.Options;
        server.Server.Reload(options with { Defaults = options.Defaults with { Exec = exec } });
        server.Turn();
    }

    internal static string[] Lines(ServerInMemory server) =>
        [.. server.Programs.All.Select(program => program.Line)];

    internal static ScriptedPrograms.Script Named(ServerInMemory server, string name) =>
        server.Programs.All.Last(program => program.Command.Name == name);

    internal static double Metric(ServerInMemory server, string name, string kind)
    {
        var text = new Control.ControlPeer(server).Ask("/metrics").Text;
        var sample = $"\nreactor_exec_{name}{{kind=\"{kind}\"}} ";
        var at = text.IndexOf(sample, StringComparison.Ordinal) + sample.Length;
        return double.Parse(text[at..text.IndexOf('\n', at)], CultureInfo.InvariantCulture);
    }

    /// <returns>Seconds.</returns>
    private static double WaitForAnother(ServerInMemory server)
    {
        var before = server.Programs.All.Count;
        var turns = 0;
        for (; server.Programs.All.Count == before && turns < 1000; turns++)
            server.Turn(200);
        return turns * 0.2;
    }
}
