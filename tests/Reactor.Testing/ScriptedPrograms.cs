using System;
using System.Collections.Generic;
using System.Linq;
using Reactor.Server.Configuration;
using Reactor.Server.Exec;
using Reactor.Transport;

namespace Reactor.Testing;

/// <summary>Programs that do what the test says; news of them comes as mail.</summary>
public sealed class ScriptedPrograms(Mailbox mailbox) : IPrograms
{
    private readonly List<Script> _all = [];

    /// <summary>All that was asked for, in order, those that are over included.</summary>
    public IReadOnlyList<Script> All => _all;

    /// <summary>Those that are not over.</summary>
    public IEnumerable<Script> Running => _all.Where(program => !program.IsOver);

    public int Outstanding { get; private set; }

    /// <summary>Whether none begins before the test says so.</summary>
    public bool AreSlow { get; set; }

    /// <summary>Why none can begin; null where they can.</summary>
    public string? Obstacle { get; set; }

    /// <summary>Whether they end when they are told to, with this code.</summary>
    public int? ObeysWith { get; set; } = 255;

    public bool IsDisposed { get; private set; }

    public IProgram Start(ProgramCommand command, Action<ProgramNews> told)
    {
        Outstanding++;
        var program = new Script(this, command, told, _all.Count + 1);
        _all.Add(program);
        if (Obstacle is { } why)
            program.Fail(why);
        else if (!AreSlow)
            program.Begin();
        return program;
    }

    public void Dispose()
    {
        IsDisposed = true;
        foreach (var program in _all)
            program.Exit(137);
        mailbox.Drain();
    }

    /// <summary>One of them.</summary>
    public sealed class Script(
        ScriptedPrograms home, ProgramCommand command, Action<ProgramNews> told, int processId)
        : IProgram
    {
        private readonly List<KillSignal> _signals = [];

        public ProgramCommand Command => command;

        /// <summary>The whole line, for reading.</summary>
        public string Line => string.Join(' ', command.Arguments);

        /// <summary>What it was sent.</summary>
        public IReadOnlyList<KillSignal> Signals => _signals;

        public bool HasBegun { get; private set; }

        public bool IsOver { get; private set; }

        public void Begin()
        {
            HasBegun = true;
            Post(ProgramNews.Begun(processId));
        }

        public void Fail(string why) => End(ProgramNews.Failed(why));

        public void Exit(int code)
        {
            if (!IsOver)
                End(ProgramNews.Over(processId, code));
        }

        public void Signal(KillSignal signal)
        {
            if (!HasBegun || IsOver)
                return;
            _signals.Add(signal);
            if (signal == KillSignal.Kill)
                Exit(137);
            else if (home.ObeysWith is { } code)
                Exit(code);
        }

        private void End(ProgramNews news)
        {
            IsOver = true;
            Post(news);
        }

        private void Post(ProgramNews news) => home.Post(() =>
        {
            home.Outstanding -= news.IsOver ? 1 : 0;
            told(news);
        });
    }

    private void Post(Action letter) => mailbox.TryPost(letter);
}
