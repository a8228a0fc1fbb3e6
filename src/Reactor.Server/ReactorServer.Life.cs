using System;
using System.Collections.Generic;
using NLog;
using Reactor.Server.Configuration;
using Reactor.Server.Sessions;
using Reactor.Transport;
using Reactor.Transport.Network;

namespace Reactor.Server;

/// <summary>What becomes of the server: start, reload, and one of two ways to end.</summary>
/// <remarks>
/// <see cref="Quit"/> lets nobody in and waits for those who are here; <see cref="Stop"/> tells
/// everybody and waits for sockets and files. Both end in <see cref="IsStopped"/>.
/// </remarks>
public sealed partial class ReactorServer
{
    private const int CheckEveryMs = 200;
    private const int SettleEveryMs = 20;
    private const int FileGraceMs = 500;

    private static readonly Logger Log = LogManager.GetLogger("server");

    private readonly LoopTimer _check;
    private long _stopByMs;
    private long _quitByMs;

    /// <summary>Whether <see cref="Quit"/> was called; may be asked from any thread.</summary>
    public bool IsQuitting { get; private set; }

    /// <summary>Whether <see cref="Stop"/> was called; may be asked from any thread.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>Whether <see cref="Stop"/> is done: nothing is open any more.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Opens the listeners: those of RTMP first, in the order of the options.</summary>
    /// <exception cref="NetworkException">An address cannot be listened on.</exception>
    public void Start()
    {
        Entrance.Open();
        _check.Set(CheckEveryMs);
        Relays.Start();
        Exec.Start();
    }

    /// <summary>
    /// Takes other options over, as far as that is possible without a restart: no stream is
    /// dropped for them.
    /// </summary>
    /// <param name="read">What the sources say now; they have been checked.</param>
    /// <returns>Every key that differs, and when it takes effect.</returns>
    public IReadOnlyList<ConfigChange> Reload(ServerOptions read)
    {
        Options = OptionsReload.Merge(Options, read, out var changes);
        ConversationSettings = SettingsOf.Conversation(Options);
        HttpLimits = SettingsOf.Http(Options.Http);
        Entrance.Reload();
        Memory.Reload(Options.Limits);
        Gate.Reload(Options.Limits);
        Credentials.Forget();
        Passwords.Forget();
        var reactor = SettingsOf.Loop(Options.Reactor);
        Loop.Pacing.Set(reactor.FlushWaitMs, reactor.FlushWaitMaxMs);
        foreach (var session in Sessions)
            session.Reload();
        foreach (var stream in Hub.Streams)
        {
            if (Options.Resolve(stream.Key) is { } options)
            {
                stream.Reload(SettingsOf.GopCache(options));
                Hls.Find(stream.Key)?.Reload(options);
            }
        }
        Recorders.Reload();
        Relays.Reload();
        Exec.Reload();
        foreach (var (key, takes) in changes)
            Log.Info("reload: {Key:l}: {Takes:l}", key, WordsOf(takes));
        Log.Info("reloaded: {Changes} changes", changes.Count);
        return changes;
    }

    /// <summary>
    /// Lets nobody in any more, and stops once publishers and players have ended by themselves,
    /// or after the grace period.
    /// </summary>
    public void Quit()
    {
        if (IsStopping || IsQuitting)
            return;
        IsQuitting = true;
        _quitByMs = Loop.NowMs + (long)Options.Process.GracePeriod.TotalMilliseconds;
        Entrance.Close();
        Log.Info(
            "quitting: {Publishers} publishers and {Players} players have {Seconds} s to end",
            PublisherCount, PlayerCount, Options.Process.GracePeriod.TotalSeconds);
        StopIfQuiet();
    }

    /// <summary>Stops: nobody is let in, everybody is told, and then the sockets drain.</summary>
    public void Stop()
    {
        if (IsStopping)
            return;
        IsStopping = true;
        Log.Info("stopping: {Connections} connections", Sessions.Count);
        var drainMs = (long)Options.Rtmp.DrainTimeout.TotalMilliseconds;
        Entrance.Close();
        LookAfter(Endings);
        Sessions.Stop(drainMs);
        _stopByMs = Loop.NowMs + drainMs + FileGraceMs;
        Settle();
    }

    /// <summary>Stops without a word to anybody.</summary>
    public void StopNow()
    {
        Stop();
        Relays.StopNow();
        Sessions.StopNow();
        Hooks.Stop();
        Exec.StopNow();
        _stopByMs = Math.Min(_stopByMs, Loop.NowMs + FileGraceMs);
        Settle();
    }

    public void Dispose()
    {
        StopNow();
        Credentials.Dispose();
        Files.Dispose();
        Hosts.Dispose();
        Exec.Dispose();
        Work.Dispose();
        _check.Cancel();                        // it may still have waited for files
        Loop.Dispose();
    }

    private void Check()
    {
        if (IsStopping)
        {
            LookAfter(UpkeepOfStop);
            Settle();
            return;
        }
        _check.Set(CheckEveryMs);
        LookAfter(Upkeep);
        if (IsQuitting)
            StopIfQuiet();
    }

    private void OnLeft(Session session)
    {
        Entrance.OnLeft(session);
        if (IsStopping && session.Connection.WasCutShort)
            Struck.Add(Limit.DrainTimeout);
        Traffic.Count(session);
        Settle();
    }

    private void StopIfQuiet()
    {
        foreach (var session in Sessions)
        {
            if (session.IsBusy && Loop.NowMs < _quitByMs)
                return;
        }
        Stop();
    }

    /// <summary>
    /// Stopped is when everybody is gone, what was written is in its files, and programs have
    /// ended; a disk that hangs is not waited for longer than for a peer.
    /// </summary>
    private void Settle()
    {
        if (!IsStopping || IsStopped)
            return;
        var isDone = Files.IsIdle && Work.Outstanding == 0 && Hooks.Pending == 0
            && Exec.Count == 0;
        IsStopped = Sessions.Count == 0 && (isDone || Loop.NowMs >= _stopByMs);
        if (IsStopped)
            EndStop();
        else
            _check.Set(SettleEveryMs);
    }

    private void EndStop()
    {
        Hls.StopNow();
        Hooks.Stop();
        Exec.StopNow();
        Hosts.Stop();
        _check.Cancel();
    }

    private static string WordsOf(string takes) => takes switch
    {
        "live" => "in force",
        "new" => "for what begins from now on",
        _ => "needs a restart, and stays as it was",
    };
}
