using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Server.Configuration;
using static Reactor.Server.Tests.Exec.ExecPushTests;

namespace Reactor.Server.Tests.Exec;

/// <summary>After the server has ended none is left.</summary>
[TestFixture]
public sealed class ExecStopTests
{
    private static readonly ExecOptions Usual = new()
    {
        ExecPush = [new ExecRule(["push"])],
        ExecPublish = [new ExecRule(["begun"])],
        ExecPublishDone = [new ExecRule(["ended"])],
        KillTimeout = TimeSpan.FromMinutes(1),
    };

    [Test]
    public void At_a_stop_programs_are_told_and_what_runs_once_has_as_long_as_peers()
    {
        using var server = Open(Usual);
        server.Publish();
        server.Turn();
        server.Server.Stop();
        server.Turns(3, eachMs: 20);

        Assert.That(Named(server, "push").Signals, Is.EqualTo(new[] { KillSignal.Term }));
        Assert.That(Named(server, "begun").Signals, Is.Empty);
        Assert.That(Lines(server)[^1], Is.EqualTo("ended"), "it is told of yet");
        Assert.That(server.Server.IsStopped, Is.False);

        Named(server, "begun").Exit(0);
        Named(server, "ended").Exit(0);
        server.Turns(110, eachMs: 20);          // the publisher does not read
        Assert.That(server.Server.IsStopped);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void What_does_not_obey_is_killed_within_the_deadline_of_the_stop([Values] bool isEnding)
    {
        using var server = Open(Usual);
        server.Programs.ObeysWith = null;
        var publisher = server.Publish();
        server.Turn();
        if (isEnding)
            publisher.End();                    // with a minute, which a stop does not have
        server.Turn();
        server.Server.Stop();
        server.Turns(99, eachMs: 20);
        Assert.That(Named(server, "push").Signals, Does.Not.Contain(KillSignal.Kill));

        server.Turns(20, eachMs: 20);
        Assert.That(Named(server, "push").Signals, Does.Contain(KillSignal.Kill));
        Assert.That(Named(server, "begun").Signals,
            Is.EqualTo(new[] { KillSignal.Term, KillSignal.Kill }));
        Assert.That(server.Server.IsStopped);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_stop_at_once_kills_all_and_what_begins_too_late_too()
    {
        using var server = Open(Usual with { ExecPublish = [], ExecPublishDone = [] });
        server.Publish("a");
        server.Turn();
        server.Programs.AreSlow = true;
        server.Publish("b");
        server.Turn();
        var (early, late) = (server.Programs.All[0], server.Programs.All[1]);
        server.Programs.ObeysWith = null;
        server.Server.StopNow();
        late.Begin();
        server.Turns(2, eachMs: 20);

        Assert.That(early.Signals, Does.Contain(KillSignal.Kill));
        Assert.That(late.Signals, Is.EqualTo(new[] { KillSignal.Kill }));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_server_that_quits_starts_nothing_again()
    {
        using var server = Open(Usual);
        var publisher = server.Publish();
        server.Turn();
        server.Server.Quit();
        Named(server, "push").Exit(1);
        server.Turns(10, eachMs: 1000);
        Assert.That(server.Programs.All.Count(it => it.Command.Name == "push"), Is.EqualTo(1));

        publisher.End();
        server.Turns(5, eachMs: 200);
        Assert.That(server.Server.IsStopping);
    }
}
