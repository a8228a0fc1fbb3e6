using System;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NLog;
using Reactor.Server;
using Reactor.Server.Configuration;
using Reactor.Transport.Network;

namespace Reactor;

/// <summary>Opens the real doors and runs the server until a signal ends it.</summary>
internal static class ServerHost
{
    private static readonly Logger Log = LogManager.GetLogger("server");

    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(ServerOptions options)
    {
        using var server = Open(options, out var exitCode);
        if (server is null)
            return exitCode;

        using var interrupt = OnSignal(PosixSignal.SIGINT, server);
        using var terminate = OnSignal(PosixSignal.SIGTERM, server);
        using var quit = OnSignal(PosixSignal.SIGQUIT, server);
        var stallMs = (long)options.Reactor.StallWarn.TotalMilliseconds;
        while (!server.IsStopped)
        {
            server.Loop.RunOnce();
            if (stallMs > 0 && server.Loop.BusyMs > stallMs)
                Log.Warn("a turn of the loop took {Milliseconds} ms", server.Loop.BusyMs);
        }
        Log.Info("stopped");
        return ExitCode.Ok;
    }

    private static ReactorServer? Open(ServerOptions options, out int exitCode)
    {
        ReactorServer? server = null;
        try
        {
            var network = Networks.Open(options.Reactor.Backend switch
            {
                Backend.Epoll => NetworkBackend.Epoll,
                Backend.Portable => NetworkBackend.Select,
                _ => NetworkBackend.Auto,
            });
            var seed = RandomNumberGenerator.GetInt32(int.MaxValue);
            server = new ReactorServer(WithMemory(options), network, TimeProvider.System, seed);
            server.Start();
            exitCode = ExitCode.Ok;
            return server;
        }
        catch (NetworkException refused)
        {
            server?.Dispose();
            Log.Error("{Reason:l}", refused.Message);
            exitCode = ExitCode.CannotBind;
            return null;
        }
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

    /// <summary>
    /// Signals come on other threads: the first stops cleanly, the second at once.
    /// </summary>
    private static PosixSignalRegistration OnSignal(PosixSignal signal, ReactorServer server)
    {
        var count = 0;
        return PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            var stop = ++count == 1 ? server.Stop : (Action)server.StopNow;
            server.Loop.Mailbox.TryPost(stop);
        });
    }
}
