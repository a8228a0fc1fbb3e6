using System;
using Reactor.Streaming;
using Reactor.Transport;
using Reactor.Transport.Polling;

namespace Reactor.Server;

/// <summary>What is looked after several times a second, and what is ended at the stop.</summary>
/// <remarks>
/// Each part is contained by itself, and what has an owner within it by that owner: a fault of
/// ours in one keeps nobody else from being looked after.
/// </remarks>
public sealed partial class ReactorServer
{
    private static readonly Action<ReactorServer>[] Upkeep =
    [
        server => server.Entrance.Check(server.Loop.NowMs),
        server => server.Memory.Check(server.Sessions, server.Loop.NowMs),
        server => server.Rates.Check(server.Loop.NowMs),
        server => server.Traffic.Check(server.Sessions, server.Loop.NowMs),
        server => server.Meter.Check(server.Loop.NowMs),
        server => server.Relays.Check(server.Loop.NowMs),
        server => server.Hls.Check(server.Loop.NowMs),
        server => server.Recorders.Check(server.Loop.NowMs),
        server => server.Exec.Check(server.Loop.NowMs),
        server => server.Sessions.Check(server.Hooks.TellsUpdates),
    ];

    private static readonly Action<ReactorServer>[] UpkeepOfStop =
    [
        server => server.Exec.Check(server.Loop.NowMs),
    ];

    private static readonly Action<ReactorServer>[] Endings =
    [
        server => server.Relays.Stop(),
        server => server.Hls.Stop(),
        server => server.Recorders.Stop(),
        server => server.Exec.Stop(
            (long)server.Options.Rtmp.DrainTimeout.TotalMilliseconds),
        server => server.Rooms?.Stop(),
    ];

    private static readonly LentCall<ReactorServer, Action<ReactorServer>> LookAfterOne =
        (ReactorServer server, in Action<ReactorServer> part) => part(server);

    private readonly UpkeepFaults _upkeepFaults = new();

    private static readonly LentCall<
        Action<LiveStream, StreamChange>, (LiveStream Stream, StreamChange Change)> TellOne =
            (Action<LiveStream, StreamChange> what,
                in (LiveStream Stream, StreamChange Change) it) => what(it.Stream, it.Change);

    /// <summary>
    /// For what hears of streams: a fault of ours in it costs neither who has changed the stream,
    /// nor what else hears of that.
    /// </summary>
    internal Action<LiveStream, StreamChange> Contained(Action<LiveStream, StreamChange> what) =>
        (stream, change) => Loop.Contain(_upkeepFaults, what, (stream, change), TellOne);

    private void LookAfter(Action<ReactorServer>[] parts)
    {
        foreach (var part in parts)
            Loop.Contain(_upkeepFaults, this, part, LookAfterOne);
    }

    /// <summary>Nobody ends with what belongs to nobody.</summary>
    private sealed class UpkeepFaults : IFaultTarget
    {
        public void OnFault(Exception fault) => Log.Error(fault, "a fault of ours in the upkeep");
    }
}
