using System;
using System.Collections.Generic;
using System.Net;
using NLog;
using Reactor.Primitives;
using Reactor.Protocol;
using Reactor.Server.Authorisation;
using Reactor.Server.Configuration;
using Reactor.Server.Egress;
using Reactor.Server.Exec;
using Reactor.Server.Hooks;
using Reactor.Streaming;
using Reactor.Transport;

namespace Reactor.Server.Sessions;

/// <summary>Our role upon one connection, whatever it speaks.</summary>
/// <remarks>
/// Invariant: what a session has taken of the server, such as a place at a stream, is given back
/// by <see cref="OnClosed"/>, however the connection ends.
/// </remarks>
internal abstract partial class Session : IConnectionHandler
{
    /// <summary>So long whoever is refused, or said goodbye, has for our last words.</summary>
    protected const int FarewellMs = 2000;

    /// <summary>
    /// So long a player may take to fetch what waits for it when its stream has ended: as much as
    /// it may be behind. ffmpeg reports what it has read until it has read all, and would lose the
    /// rest to our reset.
    /// </summary>
    protected const int PlayerFarewellMs = 10_000;

    private readonly List<Player> _players = new(1);
    private long _updatedMs;
    private long _countedIn;
    private long _countedOut;

    protected Session(ReactorServer server, Connection connection, PlayerOutbox outbox)
    {
        Server = server;
        Connection = connection;
        Outbox = outbox;
        StartedMs = _updatedMs = NowMs;
    }

    public ReactorServer Server { get; }

    public Connection Connection { get; }

    public PlayerOutbox Outbox { get; }

    /// <summary>What is played on the connection, in the order of its beginning.</summary>
    public IReadOnlyList<Player> Players => _players;

    /// <summary>When the connection came, on the loop's clock.</summary>
    public long StartedMs { get; }

    /// <summary>What it speaks, in a word: rtmp, http.</summary>
    public abstract string Speaks { get; }

    /// <summary>What the peer calls itself; empty before it has said so.</summary>
    public virtual string Agent => "";

    /// <summary>Whose connection it is; behind a trusted proxy, whom the proxy names.</summary>
    public virtual IPEndPoint Peer => Connection.Remote;

    /// <summary>What is done upon the connection, and with which stream.</summary>
    public virtual (string Role, LiveStream? Stream) Doing =>
        _players.Count > 0 ? ("player", _players[0].Stream) : ("", null);

    /// <summary>The application whose rates its bytes belong to; null for none.</summary>
    public virtual string? App => Doing.Stream?.Key.App;

    /// <summary>Whether a server that quits waits for its end.</summary>
    public virtual bool IsBusy => _players.Count > 0;

    public long NowMs => Connection.Loop.NowMs;

    /// <summary>How long the peer may take no byte.</summary>
    protected TimeSpan SendTimeout => _players.Count > 0
        ? _players[0].SendTimeout
        : Server.Options.Defaults.Play.SendTimeout;

    /// <summary>Whether it asks, and leaves so much unread that it is not listened to.</summary>
    protected bool IsUnread => Outbox.ReplyBytes > Server.Options.Limits.MaxReplies;

    /// <summary>Whose lines these are in the log.</summary>
    protected abstract Logger Log { get; }

    /// <summary>The one line of somebody who was not let in; what was shown is not in it.</summary>
    public void LogRefusal(StreamKey key, Refusal refusal) => Log.Info(
        "#{Connection} {Remote} refused {Stream:l}: {Why:l}",
        Connection.Id, Connection.Remote, key.ToString(), refusal.Why);

    /// <summary>Bytes received and sent since this was last asked.</summary>
    public (long In, long Out) TakeTraffic()
    {
        var (bytesIn, bytesOut) = (Connection.BytesReceived, Connection.BytesSent);
        var taken = (bytesIn - _countedIn, bytesOut - _countedOut);
        (_countedIn, _countedOut) = (bytesIn, bytesOut);
        return taken;
    }

    /// <summary>Queues bytes that are ready for the wire.</summary>
    public void Send(Packet packet)
    {
        Outbox.Push(packet, NowMs);
        Connection.MarkDirty();
    }

    /// <summary>The same with bytes that nobody else needs.</summary>
    /// <param name="packet">Given away.</param>
    public void SendOwned(Packet packet)
    {
        Send(packet);
        packet.Release();
    }

    public virtual void FetchAhead(int others)
    {
    }

    public abstract void OnReceived(ref ReadOnlySpan<byte> input);

    public virtual void OnDrained() => Connection.ResumeReading();

    public abstract void OnClosed(CloseReason reason, string detail);

    public void OnFault(Exception fault)
    {
        if (fault is ProtocolException broken)
        {
            Server.Sessions.CountProtocolError(broken.Error);
            Log.Warn(
                "#{Connection} {Remote} broke the protocol: {Error}: {Detail:l}",
                Connection.Id, Connection.Remote, broken.Error, broken.Detail);
            Connection.Close(CloseReason.Protocol, broken.Message);
            return;
        }
        Log.Error(fault, "#{Connection} fault of ours", Connection.Id);
        Connection.Close(CloseReason.Fault, fault.Message);
    }

    /// <summary>Other options are in force from now on, for what goes on here too.</summary>
    /// <remarks>A stream whose app is not configured any more goes on as it was.</remarks>
    public virtual void Reload()
    {
        foreach (var player in _players)
        {
            var key = player.Stream.Key;
            if (Server.Options.Resolve(key) is { } options)
                player.Reload(options);
        }
    }

    /// <summary>Looks at every deadline of the session.</summary>
    public abstract void Check(long nowMs);

    /// <summary>The server stops: a word to the peer, then goodbye.</summary>
    public abstract void Stop(long farewellMs);

    /// <summary>What would be free if the backlog were shed, in bytes.</summary>
    public virtual long BacklogBytes => Outbox.Bytes;

    /// <summary>Whether nobody but this peer holds what waits: it is the slowest of all.</summary>
    public virtual bool IsLeftBehind => false;

    /// <summary>Memory is short: what waits for players is dropped.</summary>
    public virtual void ShedBacklog()
    {
        foreach (var player in _players)
            player.DropBacklog();
    }

    /// <summary>Tells on_update when it is time; a refusal ends the connection.</summary>
    public void CheckUpdates(long nowMs)
    {
        var isDue = false;
        foreach (var it in EventsOfUpdate())
        {
            if (Server.Hooks.UpdateDue(it.Key, _updatedMs) is not { } hooks)
                continue;
            isDue = true;
            var update = it with
            {
                Seconds = (nowMs - StartedMs) / 1000,
                Bytes = Connection.BytesSent + Connection.BytesReceived,
            };
            Server.Hooks.Ask(update, hooks, answer => EndUpdate(answer, hooks));
        }
        if (isDue)
            _updatedMs = nowMs;
    }

    /// <summary>Ends a peer that takes no byte.</summary>
    /// <returns>Whether it was ended.</returns>
    protected bool CloseIfStuck(TimeSpan sendTimeout, long nowMs)
    {
        if (!Connection.IsBlocked
            || nowMs - Connection.LastSentMs <= sendTimeout.TotalMilliseconds)
        {
            return false;
        }
        Server.Struck.Add(Limit.SendTimeout);
        Connection.Close(CloseReason.SendTimeout, $"took no byte for {sendTimeout.TotalSeconds} s");
        return true;
    }

    /// <summary>A player begins.</summary>
    /// <param name="player">Joins its stream now.</param>
    /// <param name="client">What the peer calls itself.</param>
    protected void Enter(Player player, string? client)
    {
        _players.Add(player);
        Server.PlayerCount++;
        Server.Traffic.Promise(
            player.Stream.Key.App, Server.Rates.Of(player.Stream, NowMs).Kbps);
        player.Join();
        if (!player.Stream.IsPublished)
            TellNotFound(player.Stream.Key, player.Parameters);
        RunForPlay(ExecKind.Play, player.Stream.Key, player.Parameters, default);
        Log.Info(
            "#{Connection} plays {Stream:l} to {Remote} ({Client:l}){Hint:l}",
            Connection.Id, player.Stream.Key.ToString(), Connection.Remote, client,
            player.Stream.IsPublished ? "" : ", which nobody publishes now");
    }

    /// <summary>A player is over, if it is not already.</summary>
    protected void Leave(Player player, string why)
    {
        if (!_players.Remove(player))
            return;
        Server.PlayerCount--;
        var summary = player.End(NowMs);
        Summarise("played", player.Stream, summary, why);
        TellLeft(player, player.Stream, summary);
    }

    private void TellLeft(Player player, LiveStream stream, SessionSummary summary)
    {
        RunForPlay(ExecKind.PlayDone, stream.Key, player.Parameters, summary);
        TellEnd(HookKind.PlayDone, stream.Key, player.Parameters, summary);
        if (stream.IsPublished && Server.Hls.AudienceOf(stream) == 0)
            Tell(HookKind.StreamIdle, stream.Key, player.Parameters, default);
        Server.Hub.Release(stream);
    }

    /// <summary>Tells a hook that somebody wanted to play what nobody publishes.</summary>
    public void TellNotFound(StreamKey key, QueryParameters? parameters) =>
        Tell(HookKind.StreamNotFound, key, parameters, default);

    /// <summary>What a hook hears of this connection.</summary>
    public virtual HookEvent EventOf(
        HookKind kind, StreamKey key, QueryParameters? parameters) => new()
        {
            Kind = kind,
            Key = key,
            Address = Connection.Remote.Address,
            ConnectionId = Connection.Id,
            Parameters = parameters,
        };

    /// <summary>What the gate is asked for this connection.</summary>
    protected AccessRequest AccessOf(
        AccessAction action, StreamKey key, StreamOptions options, QueryParameters? parameters)
    {
        var kind = action == AccessAction.Publish ? HookKind.Publish : HookKind.Play;
        var it = EventOf(kind, key, parameters);
        return new AccessRequest
        {
            Action = action,
            Key = key,
            Options = options,
            Address = it.Address,
            Parameters = parameters ?? new QueryParameters(),
            Connection = Connection,
            Page = it.Page,
            TcUrl = it.TcUrl,
            Client = it.Client,
        };
    }

    /// <summary>Somebody's end is told as such, and as an end of either kind.</summary>
    protected void TellEnd(
        HookKind kind, StreamKey key, QueryParameters? parameters, SessionSummary summary)
    {
        Tell(kind, key, parameters, summary);
        Tell(HookKind.Done, key, parameters, summary);
    }

    /// <summary>Programs are started because a player begins, or has ended.</summary>
    private void RunForPlay(
        ExecKind kind, StreamKey key, QueryParameters? parameters, SessionSummary summary)
    {
        if (!Server.Exec.Hears(kind, key))
            return;
        Server.Exec.Tell(kind, EventOf(HookKind.Play, key, parameters) with
        {
            Seconds = summary.Milliseconds / 1000,
        });
    }

    /// <summary>Everybody on this connection, for on_update.</summary>
    protected virtual IEnumerable<HookEvent> EventsOfUpdate()
    {
        foreach (var player in _players)
            yield return EventOf(HookKind.UpdatePlay, player.Stream.Key, player.Parameters);
    }

    private void EndUpdate(HookAnswer answer, HooksOptions hooks)
    {
        if (answer.EndsUpdated(hooks))
            Connection.CloseGently(CloseReason.Refused, answer.Why, FarewellMs);
    }

    /// <summary>Tells a hook, if one is configured for the stream.</summary>
    protected void Tell(
        HookKind kind, StreamKey key, QueryParameters? parameters, SessionSummary summary)
    {
        if (Server.Hooks.OptionsOf(key) is not { } hooks
            || HookEvent.UrlOf(kind, hooks).Length == 0)
        {
            return;
        }
        var it = EventOf(kind, key, parameters) with
        {
            Seconds = summary.Milliseconds / 1000,
            Bytes = summary.Bytes,
        };
        Server.Hooks.Tell(it, hooks);
    }

    /// <summary>The last line of a publisher or player.</summary>
    protected void Summarise(
        string what, LiveStream stream, SessionSummary summary, string why) =>
        Log.Info(
            "#{Connection} {What:l} {Stream:l}: {Seconds} s, {Bytes} bytes, {Codecs:l}, "
                + "{Dropped} dropped: {Why:l}",
            Connection.Id, what, stream.Key.ToString(), summary.Milliseconds / 1000.0,
            summary.Bytes, summary.Codecs.Length > 0 ? summary.Codecs : "no codec",
            summary.Dropped, why);
}
