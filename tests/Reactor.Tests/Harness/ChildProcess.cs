using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using NUnit.Framework;

namespace Reactor.Tests.Harness;

/// <summary>A program that a test started, with all that it said; it ends with the test.</summary>
internal sealed partial class ChildProcess : IDisposable
{
    private const int TailLines = 40;

    private readonly Process _process;
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<string> _log = [];            // standard error only
    private readonly AutoResetEvent _said = new(false);
    private readonly string _name;

    /// <param name="program">Found by its path.</param>
    /// <param name="arguments">One each.</param>
    /// <param name="folder">Where it runs; null for here.</param>
    /// <param name="environment">What its environment has beyond ours.</param>
    public ChildProcess(
        string program,
        IEnumerable<string> arguments,
        string? folder = null,
        params ReadOnlySpan<(string Name, string Value)> environment)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = folder ?? "",
            },
        };
        foreach (var (name, value) in environment)
            _process.StartInfo.Environment[name] = value;
        _process.OutputDataReceived += (_, said) => Hear(said.Data, _lines);
        _process.ErrorDataReceived += (_, said) => Hear(said.Data, _lines, _log);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _name = $"{program} ({_process.Id})";
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Processor time that it has used so far, in user and kernel mode.</summary>
    public TimeSpan CpuTime => _process.TotalProcessorTime;

    /// <summary>All lines of standard output and standard error so far.</summary>
    public string[] Lines
    {
        get
        {
            lock (_lock)
                return [.. _lines];
        }
    }

    /// <summary>Waits until a line fulfils the condition, and gives that line.</summary>
    public string WaitForLine(Func<string, bool> condition, TimeSpan deadline)
    {
        var clock = Stopwatch.StartNew();
        var heard = 0;
        while (true)
        {
            var lines = Lines;
            for (; heard < lines.Length; heard++)
            {
                if (condition(lines[heard]))
                    return lines[heard];
            }
            if (_process.HasExited || clock.Elapsed > deadline)
                throw Failure($"did not say what was awaited within {clock.Elapsed}");
            _said.WaitOne(TimeSpan.FromMilliseconds(100));
        }
    }

    /// <summary>Waits for its end, and gives its exit code.</summary>
    public int WaitForExit(TimeSpan deadline)
    {
        if (!_process.WaitForExit(deadline))
            throw Failure($"did not end within {deadline}");
        _process.WaitForExit();         // and for the last lines of its output
        return _process.ExitCode;
    }

    /// <summary>True when it ended within the time; false is no failure.</summary>
    public bool ExitsWithin(TimeSpan time) => _process.WaitForExit(time);

    public void Send(PosixSignal signal)
    {
        var number = signal switch
        {
            PosixSignal.SIGHUP => 1,
            PosixSignal.SIGINT => 2,
            PosixSignal.SIGQUIT => 3,
            PosixSignal.SIGTERM => 15,
            _ => throw new ArgumentOutOfRangeException(nameof(signal)),
        };
        Assert.That(Kill(Id, number), Is.Zero, $"signal {signal} to {_name}");
    }

    /// <summary>
    /// Ends it as a power cut would, with all that it has started: it says no farewell to anyone.
    /// </summary>
    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    /// <summary>Ends it if it still runs, and leaves its last lines in the test's record.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        TestContext.Out.WriteLine($"--- {_name}\n{Tail()}");
        _process.Dispose();
        _said.Dispose();
    }

    private void Hear(string? line, params ReadOnlySpan<List<string>> records)
    {
        if (line is null)
            return;
        lock (_lock)
        {
            foreach (var record in records)
                record.Add(line);
        }
        _said.Set();
    }

    private string Tail()
    {
        lock (_lock)
            return string.Join('\n', _log.TakeLast(TailLines));
    }

    private TimeoutException Failure(string what) => new($"{_name} {what}:\n{Tail()}");

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
