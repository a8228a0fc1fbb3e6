using System;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NLog;
using Reactor.Server;
using Reactor.Server.Configuration;
using Reactor.Server.Exec;
using Reactor.Server.Logging;
using Reactor.Server.Storage;
using Reactor.Transport;
using Reactor.Transport.Network;

namespace Reactor;

/// <summary>Opens the real doors and runs the server until a signal ends it.</summary>
internal static class ServerHost
{
    private const int ResolverThreads = 2;
    private const int ResolverPatienceMs = 10;  // at a stop nobody waits for an answer

    private static readonly Logger Log = LogManager.GetLogger("server");

    /// <summary>Opens the log, and runs.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    /// <param name="settings">To begin with; nothing is wrong with them.</param>
    /// <param name="reread">Reads the sources again, for SIGHUP.</param>
    public static int Run(Settings settings, Func<Settings> reread)
    {
        LogSetup.Start(settings.Options.Log);
        try
        {
            FirstLines.Write(settings);
            return Run(settings.Options, reread);
        }
        finally
        {
            LogSetup.Stop();
        }
    }

    private static int Run(ServerOptions options, Func<Settings> reread)
    {
        var isListening = false;
        var pidFile = options.Process.PidFile;
        if (pidFile.Length > 0 && PidFile.FindLive(pidFile, out _) is { } running)
        {
            Complain($"process {running} runs already, by {pidFile}", options);
            return ExitCode.AlreadyRunning;
        }
        try
        {
            // Not by using: after a fault of the loop or the pool nothing of theirs may be touched,
            // and the fault itself is what is to be reported.
            var server = Open(options);
            // Before it listens: whoever can connect may also expect a clean stop.
            using var interrupt = OnSignal(PosixSignal.SIGINT, server);
            using var terminate = OnSignal(PosixSignal.SIGTERM, server);
            using var quit = PosixSignalRegistration.Create(
                PosixSignal.SIGQUIT, context => Quit(context, server));
            using var hangUp = PosixSignalRegistration.Create(
                PosixSignal.SIGHUP, context => Reload(context, server, reread));
            using var reopen = OnReopen();
            server.Start();
            isListening = true;
            // After the listeners: whoever finds the file may signal, and connect.
            using var pid = PidFile.Write(pidFile, out var why);
            if (why.Length == 0)
            {
                ServiceManager.Tell(ServiceManager.Ready);
                RunUntilStopped(server, (long)options.Reactor.StallWarn.TotalMilliseconds);
            }
            else
                Complain(why, options);
            server.Dispose();
            return why.Length == 0 ? ExitCode.Ok : ExitCode.Configuration;
        }
        catch (NetworkException refused) when (!isListening)
        {
            Complain(refused.Message, options);
            return ExitCode.CannotBind;
        }
    }

    /// <summary>Why it does not start: also to whoever started it, where the log is a file.
    /// </summary>
    private static void Complain(string why, ServerOptions options)
    {
        Log.Error("{Reason:l}", why);
        if (options.Log.File.Length > 0)
            Console.Error.WriteLine($"reactor: {why}");
    }

    private static ReactorServer Open(ServerOptions options)
    {
        var network = Networks.Open(options.Reactor.Backend switch
        {
            Backend.Epoll => NetworkBackend.Epoll,
            Backend.Portable => NetworkBackend.Select,
            _ => NetworkBackend.Auto,
        });
        var doors = new Doors
        {
            Network = network,
            Time = TimeProvider.System,
            Seed = RandomNumberGenerator.GetInt32(int.MaxValue),
            Work = mailbox => new WorkQueue(
                mailbox, options.Reactor.IoThreads, options.Reactor.MaxJobs),
            Resolver = mailbox => new DnsResolver(() => new WorkQueue(
                mailbox, ResolverThreads, stopPatienceMs: ResolverPatienceMs)),
            Programs = mailbox => new Programs(mailbox),
            Disk = new Disk(),
        };
        return new ReactorServer(WithMemory(options), doors);
    }

    private static void RunUntilStopped(ReactorServer server, long stallMs)
    {
        var stalls = new StallWatch(server.Loop, stallMs);
        var heap = new HeapTrimmer(server);
        while (!server.IsStopped)
        {
            server.Loop.RunOnce();
            stalls.EndTurn();
            heap.EndTurn();
        }
        Log.Info(
            "stopped; garbage was collected {Young} times, all of it {Full} times, in {Pause} ms",
            GC.CollectionCount(0), GC.CollectionCount(GC.MaxGeneration),
            (long)GC.GetTotalPauseDuration().TotalMilliseconds);
    }

    /// <summary>No ceiling was set: half of what the machine, or its container, has.</summary>
    private static ServerOptions WithMemory(ServerOptions options) =>
        options.Limits.MaxMemory > 0 ? options : options with
        {
            Limits = options.Limits with
            {
                MaxMemory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2,
            },
        };

    /// <summary>Read here, on the signal's thread; a bad file leaves all as it was.</summary>
    private static void Reload(
        PosixSignalContext context, ReactorServer server, Func<Settings> reread)
    {
        context.Cancel = true;
        ServiceManager.Tell(ServiceManager.Reloading);
        var settings = reread();
        foreach (var error in settings.Errors)
            Log.Error("reload: {Error:l}", error.ToString());
        if (settings.Errors.Count > 0)
        {
            Log.Error("the configuration stays as it was");
            ServiceManager.Tell(ServiceManager.Ready);
            return;
        }
        LogSetup.Reload(settings.Options.Log);
        server.Loop.Mailbox.TryPost(() =>
        {
            if (server.IsStopping)
                return;
            server.Reload(WithMemory(settings.Options));
            ServiceManager.Tell(ServiceManager.Ready);
        });
    }

    /// <summary>Null on Windows, which has no such signal.</summary>
    private static PosixSignalRegistration? OnReopen() => OperatingSystem.IsWindows()
        ? null
        : PosixSignalRegistration.Create(Signals.Reopen, context =>
        {
            context.Cancel = true;
            LogSetup.Reopen();
            Log.Info("the log was opened anew");
        });

    /// <summary>Nobody is let in, and everybody may end by himself; the next one stops.</summary>
    private static void Quit(PosixSignalContext context, ReactorServer server)
    {
        context.Cancel = true;
        ServiceManager.Tell(ServiceManager.Stopping);
        server.Loop.Mailbox.TryPost(server switch
        {
            { IsStopping: true } => server.StopNow,
            { IsQuitting: true } => server.Stop,
            _ => server.Quit,
        });
    }

    /// <summary>Signals come on other threads: the first stops cleanly, the next at once.</summary>
    private static PosixSignalRegistration OnSignal(PosixSignal signal, ReactorServer server) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            ServiceManager.Tell(ServiceManager.Stopping);
            server.Loop.Mailbox.TryPost(server.IsStopping ? server.StopNow : server.Stop);
        });
}
