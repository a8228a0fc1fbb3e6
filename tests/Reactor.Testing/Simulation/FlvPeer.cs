using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Text;
using Reactor.Protocol;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Http;
using Reactor.Protocol.Rtmp;
using Reactor.Protocol.WebSocket;
using Reactor.Server.Configuration;

namespace Reactor.Testing.Simulation;

/// <summary>Plays a stream as FLV, over HTTP or WebSocket.</summary>
[SuppressMessage("Design", "CA1001", Justification = "OnEnded is its end, and comes once.")]
public sealed class FlvPeer : Peer
{
    private const int NotFound = 404;
    private readonly HttpResponseReader _response;
    private readonly WebSocketReader _frames;
    private readonly FlvReader _file;
    private readonly PlayPart _part;
    private HttpResponse? _head;

    public FlvPeer(World world, int id, PeerPlan plan)
        : base(world, id, plan)
    {
        _response = new HttpResponseReader(world.PeerPool, new HttpLimits());
        _frames = new WebSocketReader(world.PeerPool, world.MessageBytesMax * 2, isMasked: false);
        _file = new FlvReader(world.PeerPool, world.MessageBytesMax);
        _part = new PlayPart(world, this, plan.Stream) { AwaitsPublisher = true };
        if (MayBeClosed)
            _part.Excused("its queue may be full");    // of which no status tells
    }

    public override IReadOnlyList<Part> Parts => [_part];

    public override string? ReasonToEnd => _part.Excuse ?? (MayBeClosed
        ? "its queue may be full, by the options of now"
        : null);

    /// <summary>What it saw.</summary>
    public Viewing View => _part.View;

    public Part Part => _part;

    /// <summary>The status of the answer; 0 before.</summary>
    public int Status => _head?.Status ?? 0;

    protected override int Port => 7001;

    private bool MayBeClosed => World.EverInForce.Any(
        options => options.Defaults.Play.QueuePolicy == QueuePolicy.Close);

    protected override bool HasStarted => _part.StartedAt > 0;

    protected override void OnConnected()
    {
        _part.Ask();
        var query = Plan.Over == FlvOver.Close ? "?chunked=0" : "";
        var upgrade = Plan.Over != FlvOver.WebSocket
            ? ""
            : "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        Send(Encoding.ASCII.GetBytes(
            $"GET /{Plan.Stream}.flv{query} HTTP/1.1\r\nHost: 10.0.0.1:{Port}\r\n{upgrade}\r\n"));
    }

    protected override void OnReceived(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (_head is null && !TryBegin(ref bytes))
                return;
            if (_head!.Status == 101)
                ReadFrames(ref bytes);
            else
                ReadBody(ref bytes);
        }
        catch (Exception broken) when (broken is HttpProtocolException or ProtocolException
            or WebSocketProtocolException)
        {
            World.Checks.Fail("the server speaks HTTP and FLV", $"{this}: {broken.Message}");
        }
    }

    protected override void OnGone() => _part.End();

    protected override void OnEnded()
    {
        // Where nothing marks the end of the body, the end of the connection does.
        if (WasEnded && Status == 200 && _response.Body.Framing == HttpFraming.UntilClose)
            HearEnd("the end of the body");
        _head?.Dispose();
        _response.Dispose();
        _frames.Dispose();
        _file.Dispose();
    }

    private bool TryBegin(ref ReadOnlySpan<byte> bytes)
    {
        if (!_response.TryReadHead(ref bytes, out _head))
            return false;
        if (_head.Status is 200 or 101)
            _part.Start();
        else
        {
            var code = _head.Status == NotFound
                ? StatusCode.PlayStreamNotFound
                : StatusCode.PlayFailed;
            _part.Hear(code, $"{_head.Status}");
        }
        return true;
    }

    private void ReadBody(ref ReadOnlySpan<byte> bytes)
    {
        while (_response.Body.TryRead(ref bytes, out var piece))
        {
            if (_head!.Status == 200)
                See(piece);
        }
        if (_response.Body.IsDone && _head!.Status == 200)
            HearEnd("the last chunk");
    }

    private void ReadFrames(ref ReadOnlySpan<byte> bytes)
    {
        while (!HasEnded && _frames.TryRead(ref bytes, out var message))
        {
            if (message.Opcode == WebSocketOpcode.Binary)
                See(message.Payload.Written);
            else if (message.Opcode == WebSocketOpcode.Close)
                HearEnd($"{message.CloseCode}: {message.CloseReason}");
            message.Payload.Release();
        }
    }

    private void See(ReadOnlySpan<byte> bytes)
    {
        while (_file.TryRead(ref bytes, out var tag))
        {
            _part.See(tag.Type, tag.TimestampMs, tag.Payload.Written);
            tag.Payload.Release();
        }
    }

    private void HearEnd(string why)
    {
        if (MayBeClosed)
            _part.Excused("its queue may be full");     // since a reload
        if (_part.Statuses.Count == 0)
            _part.Hear(StatusCode.PlayUnpublishNotify, why);
    }
}
