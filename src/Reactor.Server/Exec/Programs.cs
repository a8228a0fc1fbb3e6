using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Threading;
using NLog;
using Reactor.Server.Configuration;
using Reactor.Transport;

namespace Reactor.Server.Exec;

/// <summary>The system's own programs.</summary>
/// <remarks>
/// A thread for each that runs: it begins it, which may block, and waits for its end; two more
/// read what it prints. Lines go to the log at once, ends come as mail.
/// </remarks>
/// <param name="mailbox">Where news is left.</param>
public sealed class Programs(Mailbox mailbox) : IPrograms
{
    private const int StackBytes = 256 * 1024;
    private const int BufferBytes = 4096;
    private const int DrainPauseMs = 1;
    private const int GroupPauseMsMin = 10;
    private const int GroupPauseMsMax = 500;
    private const int LastLinesMs = 100;
    private const int StopPatienceMs = 1000;

    private static readonly Logger Log = LogManager.GetLogger("exec");

    private readonly Lock _lock = new();
    private readonly HashSet<Child> _children = [];
    private int _outstanding;
    private bool _isStopped;

    public int Outstanding => Volatile.Read(ref _outstanding);

    public IProgram Start(ProgramCommand command, Action<ProgramNews> told)
    {
        Interlocked.Increment(ref _outstanding);
        var child = new Child(this, command, told);
        lock (_lock)
            _children.Add(child);
        child.Begin();
        return child;
    }

    public void Dispose()
    {
        List<Child> left;
        lock (_lock)
        {
            if (_isStopped)
                return;
            _isStopped = true;
            left = [.. _children];
        }
        foreach (var child in left)
            child.Signal(KillSignal.Kill);
        for (var waited = 0; Outstanding > 0 && waited < StopPatienceMs; waited++)
        {
            mailbox.Drain();
            Thread.Sleep(DrainPauseMs);
        }
    }

    private bool IsStopped
    {
        get
        {
            lock (_lock)
                return _isStopped;
        }
    }

    private void Report(Child child, Action<ProgramNews> told, ProgramNews news)
    {
        if (news.IsOver)
        {
            lock (_lock)
                _children.Remove(child);
        }
        mailbox.Post(() =>
        {
            if (news.IsOver)
                Interlocked.Decrement(ref _outstanding);
            told(news);
        });
    }

    private sealed class Child(Programs home, ProgramCommand command, Action<ProgramNews> told)
        : IProgram
    {
        private readonly Lock _lock = new();
        private Process? _process;
        private int _processId;

        /// <summary>Not on the loop, which has no patience for a full mailbox.</summary>
        public void Begin()
        {
            try
            {
                new Thread(Run, StackBytes) { IsBackground = true, Name = "program" }.Start();
            }
            catch (Exception fault) when (fault is OutOfMemoryException or ThreadStartException)
            {
                ThreadPool.QueueUserWorkItem(
                    _ => home.Report(this, told, ProgramNews.Failed("there is no thread for it")));
            }
        }

        public void Signal(KillSignal signal)
        {
            lock (_lock)
            {
                if (_process is not null)
                    ProgramLauncher.Signal(_process, _processId, signal);
            }
        }

        private void Run()
        {
            Process process;
            try
            {
                process = Process.Start(ProgramLauncher.InfoOf(command))!;
            }
            catch (Exception fault) when (fault is Win32Exception or InvalidOperationException
                or IOException or PlatformNotSupportedException)
            {
                home.Report(this, told, ProgramNews.Failed(fault.Message));
                return;
            }
            using (process)
                WaitFor(process);
        }

        private void WaitFor(Process process)
        {
            lock (_lock)
                (_process, _processId) = (process, process.Id);
            if (home.IsStopped)
                Signal(KillSignal.Kill);
            process.StandardInput.Close();
            var output = new ProgramOutput(command, TimeProvider.System, Write);
            Thread[] readers =
            [
                Read(process.StandardOutput.BaseStream, output),
                Read(process.StandardError.BaseStream, output),
            ];
            home.Report(this, told, ProgramNews.Begun(_processId));
            process.WaitForExit();
            for (var pauseMs = GroupPauseMsMin; ProgramLauncher.IsGroupAlive(_processId);)
            {
                Thread.Sleep(pauseMs);
                pauseMs = Math.Min(pauseMs * 2, GroupPauseMsMax);
            }
            foreach (var reader in readers)
                reader.Join(LastLinesMs);      // who has left the group may hold its output
            output.End();
            lock (_lock)
                _process = null;
            home.Report(this, told, ProgramNews.Over(_processId, process.ExitCode));
        }

        private static Thread Read(Stream stream, ProgramOutput output)
        {
            var reader = new Thread(() => ReadAll(stream, output.Open()), StackBytes)
            {
                IsBackground = true,
                Name = "output of a program",
            };
            reader.Start();
            return reader;
        }

        private static void ReadAll(Stream stream, ProgramOutput.Pipe pipe)
        {
            var buffer = new byte[BufferBytes];
            try
            {
                while (stream.Read(buffer) is > 0 and var length)
                    pipe.Take(buffer.AsSpan(0, length));
            }
            catch (Exception fault) when (fault is IOException or ObjectDisposedException)
            {
                // It was closed: nobody waits for what comes later.
            }
            pipe.End();
        }

        private void Write(string line) => Log.Info(
            "{For:l}: {Program:l} ({Process}): {Line:l}",
            command.For, command.Name, _processId, line);
    }
}
