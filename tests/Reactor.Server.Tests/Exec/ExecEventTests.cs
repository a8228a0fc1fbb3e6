using System.Linq;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Server.Storage;
using Reactor.Server.Tests.Http;
using static Reactor.Server.Tests.Exec.ExecPushTests;

namespace Reactor.Server.Tests.Exec;

/// <summary>Programs that are started once, and the bound of all.</summary>
[TestFixture]
public sealed class ExecEventTests
{
    private static readonly ExecOptions Players = new()
    {
        ExecPlay = [new ExecRule(["begun", "{stream}", "{addr}"])],
        ExecPlayDone = [new ExecRule(["ended", "{stream}", "{duration}"])],
    };

    [Test]
    public void A_player_is_told_of_when_it_begins_and_when_it_has_ended()
    {
        using var server = Open(Players);
        server.Publish("a");
        var player = server.Play("a");
        server.Turns(20, eachMs: 200);
        player.End();
        server.Turn();

        Assert.That(Lines(server), Is.EqualTo(new[] { "begun a 127.0.0.1", "ended a 4" }));
    }

    [Test]
    public void So_is_a_viewer_of_HLS()
    {
        using var server = Open(Players);
        var publisher = HlsFilm.Publish(server);
        HlsFilm.Film(server, publisher, 0, 5000);
        using var viewer = new HttpPeer(server, 7002);
        viewer.Get("/live/a.m3u8");
        HlsFilm.Film(server, publisher, 5000, 10_000);
        viewer.Get("/live/a.m3u8");
        HlsFilm.Film(server, publisher, 10_000, 40_000);

        Assert.That(Lines(server), Is.EqualTo(new[] { "begun a 127.0.0.1", "ended a 5" }));
    }

    [Test]
    public void A_recording_that_is_complete_is_told_of_with_its_path()
    {
        using var server = new ServerInMemory(options: new ServerOptions
        {
            Defaults = new StreamOptions
            {
                Exec = new ExecOptions
                {
                    ExecRecordDone = [new ExecRule(["done", "{path}", "$basename", "{duration}"])],
                },
                Record =
                [
                    new RecordOptions
                    {
                        Record = RecordMode.All,
                        RecordPath = PathTemplate.TryParse("record/{stream}.{ext}", out _)!,
                    },
                ],
            },
        });
        server.Film(server.Publish("a"), seconds: 3);
        Assert.That(server.Programs.All, Is.Empty);
        server.Server.Stop();                   // what is completed now is told of, too
        server.Turns(10, eachMs: 20);

        Assert.That(Lines(server).Single(), Does.StartWith("done record/a.flv a 2.9"));
        Assert.That(server.Server.IsStopped, Is.False, "it has its time");
        server.Programs.All[0].Exit(0);
        server.Turns(110, eachMs: 20);
        Assert.That(server.Programs.All[0].Signals, Is.Empty);
        Assert.That(server.Server.IsStopped);
    }

    [TestCase(0, 6, 0)]
    [TestCase(8, 4, 2, Description = "half are for what players cause")]
    [TestCase(12, 6, 0)]
    [TestCase(1, 1, 5)]
    public void Max_processes_run_and_more_wait(int max, int running, int waiting)
    {
        using var server = Open(
            new ExecOptions { ExecPlay = Players.ExecPlay },
            new LimitsOptions { MaxProcesses = max });
        for (var i = 0; i < 6; i++)
            server.Play($"{i}");
        server.Turn();
        Assert.That(server.Programs.Running.Count(), Is.EqualTo(running));
        Assert.That(server.Server.Struck[Limit.MaxProcesses], Is.EqualTo(waiting));
        Assert.That(server.Server.ProgramCount, Is.EqualTo(6));

        for (var i = 0; i < 6; i++)
        {
            server.Programs.Running.FirstOrDefault()?.Exit(0);
            server.Turn();
        }
        Assert.That(server.Programs.All.Select(program => program.Command.Arguments[1]),
            Is.EqualTo(new[] { "0", "1", "2", "3", "4", "5" }), "in order");
        Assert.That(server.Server.ProgramCount, Is.Zero);
    }

    [Test]
    public void Players_keep_no_publisher_from_its_programs_and_those_that_are_to_stay_go_first()
    {
        using var server = Open(
            new ExecOptions
            {
                ExecPlay = Players.ExecPlay,
                ExecPublish = [new ExecRule(["published", "{stream}"])],
                ExecPush = [new ExecRule(["push", "{stream}"])],
            },
            new LimitsOptions { MaxProcesses = 4 });
        for (var i = 0; i < 10; i++)
            server.Play("a");
        server.Publish("a");
        server.Publish("b");
        server.Turn();
        Assert.That(server.Programs.Running.Select(program => program.Line), Is.EqualTo(new[]
        {
            "begun a 127.0.0.1", "begun a 127.0.0.1", "published a", "push a",
        }));

        server.Programs.All[0].Exit(0);
        server.Programs.All[1].Exit(0);
        server.Turn();
        Assert.That(Lines(server)[4..], Is.EqualTo(new[] { "push b", "published b" }));
    }

    [TestCase(WaitingMax, 0)]
    [TestCase(WaitingMax + 1, 1)]
    public void So_many_wait_for_room_and_no_more(int waiting, int refused)
    {
        using var server = Open(
            new ExecOptions { ExecPlay = [.. Enumerable.Repeat(new ExecRule(["x"]), 64)] },
            new LimitsOptions { MaxProcesses = 1 });
        for (var i = 0; i < waiting / 64; i++)
            server.Play("a");
        server.Turn();
        Reload(server, new ExecOptions
        {
            ExecPlay = [.. Enumerable.Repeat(new ExecRule(["x"]), 1 + (waiting % 64))],
        });
        server.Play("a");

        Assert.That(server.Server.ProgramCount, Is.EqualTo(1 + WaitingMax));
        Assert.That(Metric(server, "failed_total", "play"), Is.EqualTo(refused));
    }

    private const int WaitingMax = 1024;
}
