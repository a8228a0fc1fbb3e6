using System;
using System.Collections.Generic;
using NLog;
using Reactor.Primitives;
using Reactor.Protocol;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Egress;
using Reactor.Server.Ingest;
using Reactor.Streaming;
using Reactor.Transport;

namespace Reactor.Server.Sessions;

/// <summary>Our role upon one RTMP connection: what it may do, and what it does.</summary>
/// <remarks>
/// Invariant: every publisher and player of the session is bound to its stream, and all are
/// unbound by <see cref="OnClosed"/>, however the connection ends.
/// </remarks>
internal sealed partial class RtmpSession : IConnectionHandler, IRtmpServerHandler
{
    /// <summary>A peer that asks but does not read is not listened to beyond this.</summary>
    private const int ReplyBytesMax = 64 << 10;

    /// <summary>A frame's length at 25 a second: by then a picture has come, or will not.</summary>
    private const int AudioWaitMs = 40;

    private static readonly Logger Log = LogManager.GetLogger("rtmp");

    private readonly ReactorServer _server;
    private readonly Connection _connection;
    private readonly List<RtmpPublisher> _publishers = new(1);
    private readonly List<RtmpPlayer> _players = new(1);
    private readonly long _startedMs;
    private ConnectRequest? _client;
    private long _stageMs;
    private long _pingedMs;
    private bool _hadStream;
    private bool _isOver;

    public RtmpSession(ReactorServer server, Connection connection)
    {
        _server = server;
        _connection = connection;
        _startedMs = _stageMs = NowMs;
        Outbox = new RtmpOutbox(server.Options.Rtmp.ChunkSize);
        Conversation = new RtmpServerConversation(
            connection.Loop.Pool, server.ConversationSettings, this, server.Random, (uint)NowMs);
        Log.Debug("#{Connection} from {Remote}", connection.Id, connection.Remote);
    }

    public long NowMs => _connection.Loop.NowMs;

    public RtmpOutbox Outbox { get; }

    public RtmpServerConversation Conversation { get; }

    /// <summary>A frame was queued: it leaves in this turn, or soon if it may wait.</summary>
    /// <param name="isBesideVideo">Audio that nobody can present before its picture.</param>
    public void MarkDirty(bool isBesideVideo)
    {
        var waitMs = _connection.Loop.Pacing.WaitMs;
        if (isBesideVideo && _server.Options.Reactor.WriteCoalesce is null)
            waitMs = Math.Max(waitMs, AudioWaitMs);
        _connection.MarkDirty(waitMs);
    }

    public void Send(Packet packet)
    {
        Outbox.Push(packet, NowMs);
        _connection.MarkDirty();
    }

    public void OnReceived(ref ReadOnlySpan<byte> input)
    {
        var wasGreeted = Conversation.IsGreeted;
        Conversation.Receive(ref input, NowMs);
        if (wasGreeted != Conversation.IsGreeted)
            _stageMs = NowMs;
        if (Outbox.ReplyBytes > ReplyBytesMax)
            _connection.PauseReading();
    }

    public void OnDrained() => _connection.ResumeReading();

    public void OnClosed(CloseReason reason, string detail)
    {
        _isOver = true;
        while (_publishers.Count > 0)
            Unbind(_publishers[^1], detail);
        while (_players.Count > 0)
            Unbind(_players[^1], detail);
        Conversation.Close();
        _server.CountClosed(reason);
        var level = reason is CloseReason.PeerClosed or CloseReason.Shutdown || _hadStream
            ? LogLevel.Debug
            : LogLevel.Info;
        Log.Log(
            level, "#{Connection} {Remote} closed: {Reason}: {Detail:l}, {Skipped} skipped",
            _connection.Id, _connection.Remote, reason, detail, Conversation.Skipped);
    }

    public void OnFault(Exception fault)
    {
        if (fault is ProtocolException broken)
        {
            _server.CountProtocolError(broken.Error);
            Log.Warn(
                "#{Connection} {Remote} broke the protocol: {Error}: {Detail:l}",
                _connection.Id, _connection.Remote, broken.Error, broken.Detail);
            _connection.Close(CloseReason.Protocol, broken.Message);
            return;
        }
        Log.Error(fault, "#{Connection} fault of ours", _connection.Id);
        _connection.Close(CloseReason.Fault, fault.Message);
    }

    /// <summary>The server stops: a status to everybody, then goodbye.</summary>
    public void Stop(long farewellMs)
    {
        foreach (var player in _players)
            Conversation.NotifyUnpublish(player.StreamId, player.Stream.Key.Name);
        foreach (var publisher in _publishers)
        {
            Conversation.SendStatus(
                publisher.StreamId, StatusCode.UnpublishSuccess, "the server stops");
        }
        if (Conversation.IsConnected)
            Conversation.SendStatus(0, StatusCode.ConnectAppShutdown, "the server stops");
        _connection.CloseGently(CloseReason.Shutdown, "the server stops", farewellMs);
    }

    /// <summary>Looks at every deadline of the session.</summary>
    public void Check(long nowMs)
    {
        if (_isOver)
            return;                             // the farewell has a deadline of its own
        var rtmp = _server.Options.Rtmp;
        if (!Conversation.IsGreeted)
            CheckStage(nowMs, rtmp.HandshakeTimeout, "the handshake");
        else if (!Conversation.IsConnected)
            CheckStage(nowMs, rtmp.ConnectTimeout, "connect");
        else if (!_hadStream)
            CheckStage(nowMs, rtmp.CommandTimeout, "publish or play");

        for (var i = _publishers.Count - 1; i >= 0 && i < _publishers.Count; i--)
            _publishers[i].Check(nowMs);
        for (var i = _players.Count - 1; i >= 0 && i < _players.Count; i--)
            _players[i].Check(nowMs);
        CheckPeer(nowMs);
    }

    private void CheckStage(long nowMs, TimeSpan limit, string what)
    {
        if (nowMs - _stageMs <= limit.TotalMilliseconds)
            return;
        _connection.Close(
            CloseReason.Deadline,
            $"{what} did not come within {limit.TotalSeconds} s, "
                + $"{_connection.BytesReceived} bytes did");
    }

    /// <summary>
    /// Is the peer there, and does it read? Our own pings do not count as its life.
    /// </summary>
    private void CheckPeer(long nowMs)
    {
        if (!_connection.IsOpen)
            return;
        var sendTimeout = _players.Count > 0
            ? _players[0].SendTimeout
            : _server.Options.Defaults.Play.SendTimeout;
        if (_connection.IsBlocked
            && nowMs - _connection.LastSentMs > sendTimeout.TotalMilliseconds)
        {
            _connection.Close(
                CloseReason.SendTimeout, $"took no byte for {sendTimeout.TotalSeconds} s");
            return;
        }

        var rtmp = _server.Options.Rtmp;
        var silentMs = nowMs - _connection.LastReceivedMs;
        if (rtmp.Ping <= TimeSpan.Zero || silentMs < rtmp.Ping.TotalMilliseconds)
            return;
        if (_pingedMs <= _connection.LastReceivedMs)
        {
            _pingedMs = nowMs;
            Conversation.Ping(nowMs);
        }
        else if (nowMs - _pingedMs > rtmp.PingTimeout.TotalMilliseconds)
        {
            _connection.Close(CloseReason.Deadline, $"silent for {silentMs / 1000} s, ping too");
        }
    }
}
