using System;
using System.Diagnostics.CodeAnalysis;
using Reactor.Primitives;
using Reactor.Protocol.WebSocket;
using Reactor.Server.Configuration;
using Reactor.Server.Http;
using Reactor.Server.Sessions;
using Reactor.Streaming;
using Reactor.Transport;

namespace Reactor.Server.Egress;

/// <summary>A WebSocket that plays one stream as FLV, a tag a message.</summary>
[SuppressMessage("Design", "CA1001", Justification = "End is its end, and comes once.")]
internal sealed class WebSocketFlvPlayer : FlvPlayer
{
    /// <summary>Messages taken in one turn: the rest is parked, for others wait too.</summary>
    private const int MessagesPerTurn = 64;

    private readonly string _accept;
    private readonly WebSocketReader _reader;

    /// <param name="exchange">Answered by the WebSocket, or refused.</param>
    /// <param name="stream">What it plays.</param>
    /// <param name="options">What holds for that stream.</param>
    /// <param name="flv">Which tracks are announced.</param>
    /// <param name="accept">What the client's key is answered with.</param>
    public WebSocketFlvPlayer(
        HttpExchange exchange,
        LiveStream stream,
        StreamOptions options,
        FlvOptions flv,
        string accept)
        : base(exchange, stream, options, flv, isChunked: false)
    {
        _accept = accept;
        var http = exchange.Server.Options.Http;
        _reader = new WebSocketReader(Pool, http.WsFlv.MaxMessage, isMasked: true);
    }

    private PacketPool Pool => Exchange.Session.Connection.Loop.Pool;

    /// <summary>Answers pings and a close; whatever else it says has no meaning here.</summary>
    public override void Listen(ref ReadOnlySpan<byte> input)
    {
        try
        {
            for (var i = 0; i < MessagesPerTurn; i++)
            {
                if (!_reader.TryRead(ref input, out var message))
                    return;
                Take(message);
                message.Payload.Release();
            }
        }
        catch (WebSocketProtocolException broken)
        {
            input = default;
            Exchange.Server.Sessions.CountProtocolError(broken.Error);
            if (broken.Code == WebSocketCloseCode.MessageTooBig)
                Exchange.Server.Struck.Add(Limit.WebSocketMessage);
            Close(broken.Code, broken.Detail, CloseReason.Protocol);
        }
    }

    public override SessionSummary End(long nowMs)
    {
        _reader.Dispose();
        return base.End(nowMs);
    }

    protected override void SendHead(ReadOnlySpan<byte> header)
    {
        Exchange.SwitchToWebSocket(_accept);
        Exchange.Session.Outbox.Format = FlvFormat.WebSocket;
        Send(WebSocketFrameWriter.Frame(Pool, WebSocketOpcode.Binary, header));
    }

    protected override void SendEnd(bool isOurs, string why) => Send(WebSocketFrameWriter.Close(
        Pool, isOurs ? WebSocketCloseCode.GoingAway : WebSocketCloseCode.Normal, why));

    private void Take(in WebSocketMessage message)
    {
        if (message.Opcode == WebSocketOpcode.Ping)
            Send(WebSocketFrameWriter.Frame(Pool, WebSocketOpcode.Pong, message.Payload.Written));
        else if (message.Opcode == WebSocketOpcode.Close)
            Close(message.CloseCode, "", CloseReason.PeerClosed);
    }

    private void Close(WebSocketCloseCode code, string why, CloseReason reason)
    {
        Send(WebSocketFrameWriter.Close(Pool, code, why));
        Exchange.Session.EndStream(reason, why.Length > 0 ? why : "closed by the peer");
    }

    private void Send(Packet packet) => Exchange.Session.SendOwned(packet);
}
