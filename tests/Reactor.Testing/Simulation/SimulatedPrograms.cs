using System;
using System.Collections.Generic;
using Reactor.Server.Configuration;
using Reactor.Server.Exec;
using Reactor.Transport;

namespace Reactor.Testing.Simulation;

/// <summary>Programs that begin and end in simulated time, or will not.</summary>
/// <param name="time">When things happen.</param>
/// <param name="random">How they happen.</param>
/// <param name="trace">Where they are noted.</param>
/// <param name="mailbox">Of the server whose they are.</param>
/// <param name="plants">Bugs among them.</param>
public sealed class SimulatedPrograms(
    SimulatedTime time, Random random, Trace trace, Mailbox mailbox, Plants plants) : IPrograms
{
    private const int QuickUsMin = 500;
    private const int QuickUsMax = 20_000;
    private const int SlowUsMax = 800_000;
    private const int KilledUsMax = 10_000;
    private const int BriefUsMax = 3_000_000;
    private const int OnceUsMax = 2_000_000;
    private const int FullMailboxPauseUs = 1000;
    private readonly List<SimulatedProgram> _all = [];
    private bool _isGone;
    private int _lastId;

    public ProgramFaults Faults { get; set; } = ProgramFaults.None;

    /// <summary>Who starts them.</summary>
    public SimulatedProcess Process { get; init; } = new();

    public int Outstanding { get; private set; }

    /// <summary>Those that are not over.</summary>
    public IReadOnlyList<SimulatedProgram> All => _all;

    public IProgram Start(ProgramCommand command, Action<ProgramNews> told)
    {
        Outstanding++;
        var program = new SimulatedProgram(this, ++_lastId, command, told)
        {
            IsDeaf = Draws(Faults.Deaf),
            LosesSignals = plants.LosesSignals(),
        };
        if (_isGone || !Process.TryCall())
            return program;
        _all.Add(program);
        var fails = Draws(Faults.Failing);
        After(DrawUs(), program, () =>
        {
            if (fails)
                End(program, ProgramNews.Failed("it is not there"));
            else
                Begin(program);
        });
        return program;
    }

    /// <summary>As the real one: what is left is killed, and its end is delivered.</summary>
    public void Dispose()
    {
        foreach (var program in _all.ToArray())
            End(program, ProgramNews.Over(program.Id, 137));
        mailbox.Drain();
        _isGone = true;
    }

    /// <summary>The process is killed: so is, by the kernel, what it had started.</summary>
    public void Kill()
    {
        _isGone = true;
        _all.Clear();
    }

    internal void Signal(SimulatedProgram program, KillSignal signal)
    {
        if (!_all.Contains(program) || !program.HasBegun || !Process.TryCall())
            return;
        trace.Note(TraceKind.Program, program.Id, (int)signal, "signalled");
        program.IsTold = true;
        var isKilled = signal == KillSignal.Kill;
        if (program.LosesSignals || (program.IsDeaf && !isKilled))
            return;
        program.IsKilled |= isKilled;
        var afterUs = isKilled ? random.Next(1, KilledUsMax) : DrawUs();
        After(afterUs, program, () => End(program, ProgramNews.Over(program.Id, 255)));
    }

    private void Begin(SimulatedProgram program)
    {
        program.HasBegun = true;
        Tell(program, ProgramNews.Begun(program.Id));
        var isOnce = program.Command.Name == SimulatedProgram.Once;
        if (!isOnce && !Draws(Faults.Brief))
            return;
        var afterUs = random.Next(1, isOnce ? OnceUsMax : BriefUsMax);
        After(afterUs, program, () => End(program, ProgramNews.Over(program.Id, random.Next(2))));
    }

    private void End(SimulatedProgram program, ProgramNews news)
    {
        if (_all.Remove(program))
            Tell(program, news);
    }

    private void Tell(SimulatedProgram program, ProgramNews news)
    {
        trace.Note(
            TraceKind.Program, program.Id, news.ExitCode, news.IsOver ? "has ended" : "begins");
        Post(() =>
        {
            Outstanding -= news.IsOver ? 1 : 0;
            program.Told(news);
            program.IsKnown = true;
        });
    }

    private void Post(Action letter)
    {
        if (!_isGone && !mailbox.TryPost(letter))
            time.Plan(time.NowUs + FullMailboxPauseUs, () => Post(letter));
    }

    private void After(int us, SimulatedProgram program, Action what) =>
        time.Plan(time.NowUs + us, () =>
        {
            if (!_isGone && _all.Contains(program))
                what();
        });

    private int DrawUs() => random.Next(QuickUsMin, Draws(Faults.Slow) ? SlowUsMax : QuickUsMax);

    private bool Draws(int perMille) => perMille > 0 && random.Next(1000) < perMille;
}

/// <summary>One of them.</summary>
public sealed class SimulatedProgram(
    SimulatedPrograms home, int id, ProgramCommand command, Action<ProgramNews> told) : IProgram
{
    /// <summary>What is started once, and ends by itself.</summary>
    public const string Once = "once";

    /// <summary>What runs while its stream is published.</summary>
    public const string Push = "push";

    /// <summary>What runs while its stream is watched.</summary>
    public const string Pull = "pull";

    public int Id => id;

    public ProgramCommand Command => command;

    public Action<ProgramNews> Told => told;

    public bool HasBegun { get; set; }

    /// <summary>Whether the server has heard of its beginning.</summary>
    public bool IsKnown { get; set; }

    /// <summary>Whether the server has sent it a signal.</summary>
    public bool IsTold { get; set; }

    /// <summary>Whether it cannot but end in a moment.</summary>
    public bool IsKilled { get; set; }

    /// <summary>Since when it has no business any more; 0 while it has.</summary>
    public long StraySinceUs { get; set; }

    public bool IsDeaf { get; init; }

    public bool LosesSignals { get; init; }

    public void Signal(KillSignal signal) => home.Signal(this, signal);
}
