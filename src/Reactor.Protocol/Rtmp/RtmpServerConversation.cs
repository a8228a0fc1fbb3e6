using System;
using Reactor.Primitives;
using Reactor.Protocol.Amf;

namespace Reactor.Protocol.Rtmp;

/// <summary>How a server presents itself.</summary>
public sealed record ServerConversationSettings
{
    public LinkSettings Link { get; init; } = new();

    public bool AllowDigest { get; init; } = true;

    public int StreamsMax { get; init; } = 64;

    /// <summary>
    /// Messages that are taken in one call, so that a flood cannot hold the turn.
    /// </summary>
    public int MessagesPerTurn { get; init; } = 64;

    /// <summary>Commands a second; twice as many at once.</summary>
    public int CommandsPerSecond { get; init; } = 100;

    /// <summary>How much a command may have.</summary>
    public AmfLimits Amf { get; init; } = AmfLimits.Default;

    public string FmsVersion { get; init; } = "FMS/3,0,1,123";

    public int Capabilities { get; init; } = 31;

    /// <summary>Whether connect is followed by onBWDone (Q26).</summary>
    public bool SendsBandwidthDone { get; init; }

    public bool SendsSampleAccess { get; init; } = true;

    /// <summary>
    /// Whether play is followed by Data.Start, in which ffmpeg sees a stream (Q36).
    /// </summary>
    public bool SendsDataStart { get; init; }

    /// <summary>Whether Enhanced RTMP is answered.</summary>
    public bool IsEnhanced { get; init; } = true;
}

/// <summary>
/// The server's side of one RTMP connection: bytes in, decisions asked of the handler, replies
/// out. Knows no socket and no clock.
/// </summary>
/// <remarks>
/// Invariant: media reaches the handler only for a stream whose publish was accepted, and each
/// accepted stream ends by exactly one OnStreamEnded, or with the conversation.
/// </remarks>
public sealed partial class RtmpServerConversation
{
    private readonly ServerConversationSettings _settings;
    private readonly IRtmpServerHandler _handler;
    private readonly RtmpLink _link;
    private readonly RtmpReplies _replies;
    private readonly MessageStreams _streams;
    private readonly RateLimit _commands;
    private readonly MediaParts _parts;
    private ServerHandshake? _handshake;
    private ConnectState _connect;
    private double _connectTransaction;
    private double _objectEncoding;
    private bool _speaksEnhanced;

    /// <param name="pool">Where packets come from.</param>
    /// <param name="settings">How the server presents itself.</param>
    /// <param name="handler">Who decides.</param>
    /// <param name="random">For the handshake.</param>
    /// <param name="uptimeMs">S1's time (Q3).</param>
    public RtmpServerConversation(
        PacketPool pool,
        ServerConversationSettings settings,
        IRtmpServerHandler handler,
        Random random,
        uint uptimeMs)
    {
        _settings = settings;
        _handler = handler;
        _link = new RtmpLink(pool, settings.Link, handler);
        _replies = new RtmpReplies(_link);
        _streams = new MessageStreams(settings.StreamsMax);
        _commands = new RateLimit(settings.CommandsPerSecond, settings.CommandsPerSecond * 2);
        _parts = new MediaParts(_link, Media);
        _handshake = new ServerHandshake(random, uptimeMs, settings.AllowDigest);
    }

    private enum ConnectState
    {
        Awaited,
        Requested,
        Connected,
        Closed,
    }

    /// <summary>Whether the handshake is complete.</summary>
    public bool IsGreeted => _handshake is null;

    /// <summary>Whether connect was accepted.</summary>
    public bool IsConnected => _connect == ConnectState.Connected;

    /// <summary>Whether the handshake carried digests (Q1).</summary>
    public bool UsedDigest { get; private set; }

    /// <summary>Our outgoing chunk size.</summary>
    public int ChunkBytes => _link.ChunkBytes;

    /// <summary>Messages that were left out because nobody could use them.</summary>
    public long Skipped => _link.Skipped;

    /// <summary>Whether the bytes so far end within a message.</summary>
    public bool IsAmidMessage => _link.IsAmidMessage;

    /// <summary>Takes what arrived, up to this turn's share.</summary>
    /// <param name="input">What is left in it is for the next turn.</param>
    /// <param name="nowMs">The clock of the turn, for rate limits.</param>
    /// <exception cref="ProtocolException">The peer broke the protocol.</exception>
    public void Receive(ref ReadOnlySpan<byte> input, long nowMs)
    {
        if (_handshake is not null && !Greet(ref input))
            return;
        for (var taken = 0; taken < _settings.MessagesPerTurn; taken++)
        {
            // What the handler was told last may have made it end the conversation.
            if (_connect == ConnectState.Closed || !_link.TryReceive(ref input, out var message))
                return;
            try
            {
                Dispatch(message, nowMs);
            }
            finally
            {
                message.Payload.Release();
            }
        }
    }

    /// <summary>Asks whether the peer is there; any byte of its is an answer (Q22).</summary>
    public void Ping(long nowMs)
    {
        if (IsConnected)
            _link.SendUserControl(UserControlEvent.PingRequest, (uint)nowMs);
    }

    /// <summary>Drops what is under way; the handler is not called afterwards.</summary>
    /// <remarks>The handler may call it while it is told of something.</remarks>
    public void Close()
    {
        _connect = ConnectState.Closed;
        _link.Close();
    }

    private bool Greet(ref ReadOnlySpan<byte> input)
    {
        var reply = _link.Pool.Rent(ServerHandshake.ReplyBytes);
        try
        {
            var isDone = _handshake!.Advance(ref input, reply);
            if (reply.Length > 0)
                _handler.Send(reply);
            if (!isDone)
                return false;
            UsedDigest = _handshake.IsDigest;
            _handshake = null;
            return true;
        }
        finally
        {
            reply.Release();
        }
    }

    private void Dispatch(RtmpMessage message, long nowMs)
    {
        switch (message.Type)
        {
            case MessageType.Audio or MessageType.Video or MessageType.Data
                or MessageType.DataAmf3 or MessageType.Aggregate:
                _parts.Take(message);
                break;
            case MessageType.Command or MessageType.CommandAmf3:
                Command(message, nowMs);
                break;
            default:
                Control(message);
                break;
        }
    }

    private void Control(RtmpMessage message)
    {
        var bentBefore = _link.ChunkSizesBent;
        _link.Control(message);
        if (_link.ChunkSizesBent != bentBefore)
            _handler.OnBound(RtmpBound.ChunkSize, "a chunk size of 0, or over 16,777,215");
    }

    private void Media(RtmpMessage message)
    {
        // Media before connect or publish, or on a stream that ended, is left out (Q49); while
        // publish is decided on, its owner may hold it (Q39).
        var stream = IsConnected ? _streams.FindPublishing(message.StreamId) : null;
        if (stream is not null)
            _handler.OnMedia(stream.Id, message);
        else
            _link.Skip();
    }
}
