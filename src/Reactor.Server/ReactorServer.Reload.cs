using System;
using System.Collections.Generic;
using Reactor.Server.Configuration;

namespace Reactor.Server;

/// <summary>Other options while everything runs: no stream is dropped for them.</summary>
public sealed partial class ReactorServer
{
    /// <summary>Takes other options over, as far as that is possible without a restart.</summary>
    /// <param name="read">What the sources say now; they have been checked.</param>
    /// <returns>Every key that differs, and when it takes effect.</returns>
    public IReadOnlyList<ConfigChange> Reload(ServerOptions read)
    {
        Options = OptionsReload.Merge(Options, read, out var changes);
        ConversationSettings = SettingsOf.Conversation(Options);
        HttpLimits = SettingsOf.Http(Options.Http);
        _trustedProxies = NetworksOf(Options.Http.TrustedProxies);
        _connectionsMax = ConnectionsMax(Options.Limits);
        _admission.Reload(Options.Limits, _connectionsMax);
        _memory.BytesMax = MemoryMax(Options.Limits);
        Credentials.Forget();
        var reactor = SettingsOf.Loop(Options.Reactor);
        Loop.Pacing.Set(reactor.FlushWaitMs, reactor.FlushWaitMaxMs);
        foreach (var session in Sessions)
            session.Reload();
        foreach (var stream in Hub.Streams)
        {
            if (Options.Resolve(stream.Key.App, stream.Key.Name) is { } options)
                stream.Reload(SettingsOf.GopCache(options.Play));
        }
        Relays.Reload();
        foreach (var files in _certificates)
            files.Ask();
        foreach (var (key, takes) in changes)
            Log.Info("reload: {Key:l}: {Takes:l}", key, WordsOf(takes));
        Log.Info("reloaded: {Changes} changes", changes.Count);
        return changes;
    }

    private static string WordsOf(string takes) => takes switch
    {
        "live" => "in force",
        "new" => "for what begins from now on",
        _ => "needs a restart, and stays as it was",
    };

    private static long MemoryMax(LimitsOptions limits) =>
        limits.MaxMemory > 0 ? limits.MaxMemory : long.MaxValue;

    private int ConnectionsMax(LimitsOptions limits)
    {
        var possible = Loop.Network.SocketsMax - SpareDescriptors;
        return limits.MaxConnections is > 0 and var wanted
            ? Math.Min(wanted, possible)
            : possible;
    }
}
