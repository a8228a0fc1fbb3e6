using System;
using System.Collections.Generic;
using NLog;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Ingest;
using Reactor.Streaming;
using Reactor.Transport;

namespace Reactor.Server.Sessions;

/// <summary>Our role upon one RTMP connection: what it may do, and what it does.</summary>
/// <remarks>
/// Invariant: every publisher and player of the session is bound to its stream, and all are
/// unbound by <see cref="OnClosed"/>, however the connection ends.
/// </remarks>
internal sealed partial class RtmpSession : Session, IRtmpServerHandler
{
    private static readonly Logger RtmpLog = LogManager.GetLogger("rtmp");

    private readonly List<RtmpPublisher> _publishers = new(1);
    private ConnectRequest? _client;
    private long _stageMs;
    private long _pingedMs;
    private bool _hadStream;
    private bool _isOver;

    public RtmpSession(ReactorServer server, Connection connection)
        : base(server, connection, new PlayerOutbox(server.RtmpFormat))
    {
        _stageMs = NowMs;
        Conversation = new RtmpServerConversation(
            connection.Loop.Pool, server.ConversationSettings, this, server.Random, (uint)NowMs);
        Log.Debug("#{Connection} from {Remote}", connection.Id, connection.Remote);
    }

    public RtmpServerConversation Conversation { get; }

    /// <summary>Relays that the peer's streams have passed, or that wait behind it.</summary>
    public IReadOnlyList<string> RelayPath => _client?.Path ?? [];

    public override string Speaks => "rtmp";

    public override string Agent => _client?.FlashVer ?? "";

    public override (string Role, LiveStream? Stream) Doing =>
        _publishers.Count > 0 ? ("publisher", _publishers[0].Stream)
        : Players.Count == 0 && _vods.Count > 0 ? ("player", null)
        : base.Doing;

    public override string? App => base.App ?? (_vods.Count > 0 ? _vods[0].Key.App : null);

    public override bool IsBusy =>
        base.IsBusy || _publishers.Count + _pending.Count + _vods.Count + _vodOrders.Count > 0;

    protected override Logger Log => RtmpLog;

    public override void FetchAhead(int others)
    {
        if (_publishers.Count == 0)
            return;
        switch (others)
        {
            case 3:
                Prefetch.Object(_publishers[0], lines: 2);
                break;
            case 2:
                Prefetch.Object(_publishers[0].Stream, LiveStream.CacheLines);
                break;
            case 1:
                _publishers[0].Stream.FetchAhead();
                break;
        }
    }

    public override void OnReceived(ref ReadOnlySpan<byte> input)
    {
        var wasGreeted = Conversation.IsGreeted;
        Conversation.Receive(ref input, NowMs);
        if (wasGreeted != Conversation.IsGreeted)
            _stageMs = NowMs;
        if (_leavesAudio)
            LeaveAudio();
        if (!input.IsEmpty && !_isOver)
            Server.Struck.Add(Limit.ReadMessages);
        if (!IsUnread)
            return;
        Server.Struck.Add(Limit.Replies);
        Connection.PauseReading();
    }

    public override void OnClosed(CloseReason reason, string detail)
    {
        _isOver = true;
        ForgetAllPending();
        while (_publishers.Count > 0)
            Unbind(_publishers[^1], detail);
        while (Players.Count > 0)
            Leave(Players[^1], detail);
        LeaveVods();
        Conversation.Close();
        Server.Sessions.CountClosed(reason);
        var level = reason is CloseReason.PeerClosed or CloseReason.Shutdown || _hadStream
            ? LogLevel.Debug
            : LogLevel.Info;
        Log.Log(
            level, "#{Connection} {Remote} closed: {Reason}: {Detail:l}, {Skipped} skipped",
            Connection.Id, Connection.Remote, reason, detail, Conversation.Skipped);
    }

    /// <summary>The server stops: a status to everybody, then goodbye.</summary>
    public override void Stop(long farewellMs)
    {
        foreach (var player in Players)
            Conversation.NotifyUnpublish(player.StreamId, player.Stream.Key.Name);
        foreach (var publisher in _publishers)
        {
            Conversation.SendStatus(
                publisher.StreamId, StatusCode.UnpublishSuccess, "the server stops");
        }
        if (Conversation.IsConnected)
            Conversation.SendStatus(0, StatusCode.ConnectAppShutdown, "the server stops");
        Connection.CloseGently(CloseReason.Shutdown, "the server stops", farewellMs);
    }

    public override void Reload()
    {
        base.Reload();
        foreach (var publisher in _publishers)
        {
            var key = publisher.Stream.Key;
            if (Server.Options.Resolve(key) is { } options)
                publisher.Reload(options.Publish);
        }
    }

    /// <summary>Looks at every deadline of the session.</summary>
    public override void Check(long nowMs)
    {
        if (_isOver)
            return;                             // the farewell has a deadline of its own
        var rtmp = Server.Options.Rtmp;
        if (!Conversation.IsGreeted)
            CheckStage(nowMs, rtmp.HandshakeTimeout, Limit.HandshakeTimeout, "the handshake");
        else if (!Conversation.IsConnected)
            CheckStage(nowMs, rtmp.ConnectTimeout, Limit.ConnectTimeout, "connect");
        else if (!_hadStream && _pending.Count == 0)
            CheckStage(nowMs, rtmp.CommandTimeout, Limit.CommandTimeout, "publish or play");

        for (var i = _pending.Count - 1; i >= 0 && i < _pending.Count; i--)
            _pending[i].Claim?.Check(nowMs);
        for (var i = _publishers.Count - 1; i >= 0 && i < _publishers.Count; i--)
            _publishers[i].Check(nowMs);
        for (var i = Players.Count - 1; i >= 0 && i < Players.Count; i--)
            Players[i].Check(nowMs);
        CheckPeer(nowMs);
        ChooseReading();
    }

    private void CheckStage(long nowMs, TimeSpan timeout, Limit limit, string what)
    {
        if (nowMs - _stageMs <= timeout.TotalMilliseconds)
            return;
        Server.Struck.Add(limit);
        Connection.Close(
            CloseReason.Deadline,
            $"{what} did not come within {timeout.TotalSeconds} s, "
                + $"{Connection.BytesReceived} bytes did");
    }

    /// <summary>
    /// Is the peer there, and does it read? Our own pings do not count as its life.
    /// </summary>
    private void CheckPeer(long nowMs)
    {
        if (!Connection.IsOpen || CloseIfStuck(SendTimeout, nowMs))
            return;

        var rtmp = Server.Options.Rtmp;
        var silentMs = nowMs - Connection.LastReceivedMs;
        if (rtmp.Ping <= TimeSpan.Zero || silentMs < rtmp.Ping.TotalMilliseconds)
            return;
        if (_pingedMs <= Connection.LastReceivedMs)
        {
            _pingedMs = nowMs;
            Conversation.Ping(nowMs);
        }
        else if (nowMs - _pingedMs > rtmp.PingTimeout.TotalMilliseconds)
        {
            Server.Struck.Add(Limit.PingTimeout);
            Connection.Close(CloseReason.Deadline, $"silent for {silentMs / 1000} s, ping too");
        }
    }
}
