using System;
using Reactor.Primitives;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Http;
using Reactor.Server.Configuration;
using Reactor.Server.Http;
using Reactor.Streaming;
using Reactor.Transport;

namespace Reactor.Server.Egress;

/// <summary>An HTTP connection that plays one stream as FLV.</summary>
/// <remarks>
/// It is answered when there is something to play: the FLV header names the tracks, and players
/// wait for ever for one that is named and does not come (A27), or ignore one that is not (Q67).
/// </remarks>
internal class FlvPlayer : Player
{
    private readonly FlvOptions _flv;
    private readonly bool _isChunked;

    /// <param name="exchange">Answered by the stream, or refused.</param>
    /// <param name="stream">What it plays.</param>
    /// <param name="options">What holds for that stream.</param>
    /// <param name="flv">Which tracks are announced.</param>
    /// <param name="isChunked">In chunks of HTTP/1.1, or to the end of the connection.</param>
    public FlvPlayer(
        HttpExchange exchange,
        LiveStream stream,
        StreamOptions options,
        FlvOptions flv,
        bool isChunked)
        : base(exchange.Session, 0, stream, options)
    {
        _flv = flv;
        _isChunked = isChunked;
        Exchange = exchange;
        Receive(FrameKind.Audio, flv.HasAudio != TrackFlag.Off);
        Receive(FrameKind.Video, flv.HasVideo != TrackFlag.Off);
    }

    /// <summary>What the peer calls itself.</summary>
    public string Client => Exchange.Request.Headers["User-Agent"] ?? "HTTP";

    protected HttpExchange Exchange { get; }

    /// <summary>Whether the request was answered with the stream.</summary>
    protected bool HasStarted { get; private set; }

    /// <summary>Takes what the peer sends beside the stream: of HTTP, nothing of use.</summary>
    public virtual void Listen(ref ReadOnlySpan<byte> input) => input = default;

    /// <summary>The server stops: the last word to the peer.</summary>
    public void Stop()
    {
        if (HasStarted)
            SendEnd(isOurs: true, "the server stops");
        else
            Exchange.Refuse(503, "the server stops");
    }

    /// <summary>Whether the tracks are known, or were waited for long enough.</summary>
    protected override bool IsReady(long nowMs)
    {
        if (!Stream.IsPublished)
            return false;
        var codecs = Stream.Codecs;
        var isKnown = (codecs.HasAudio || _flv.HasAudio != TrackFlag.Auto)
            && (codecs.HasVideo || _flv.HasVideo != TrackFlag.Auto);
        var isSomething = codecs.HasAudio || codecs.HasVideo;
        var lookMs = (long)_flv.GuessWait.TotalMilliseconds;
        if (!isKnown && !(isSomething && nowMs - Stream.PublishedSinceMs >= lookMs))
            return false;
        Start(
            _flv.HasAudio == TrackFlag.Auto ? codecs.HasAudio : _flv.HasAudio == TrackFlag.On,
            _flv.HasVideo == TrackFlag.Auto ? codecs.HasVideo : _flv.HasVideo == TrackFlag.On);
        return true;
    }

    protected override void Finish(PlayEnd end, string why)
    {
        if (HasStarted)
        {
            SendEnd(isOurs: false, why);
            Exchange.Session.EndStream(CloseReason.Refused, why);
            return;
        }
        Exchange.Session.GiveUp(this, why);
        Exchange.Refuse(404, $"{Stream.Key}: {why}");
    }

    protected override void TellPublished()
    {
    }

    protected override void TellUnpublished()
    {
    }

    /// <summary>Answers the request, and sends the header of the FLV file.</summary>
    protected virtual void SendHead(ReadOnlySpan<byte> header)
    {
        Exchange.BeginStream("video/x-flv", _isChunked);
        Exchange.Session.Outbox.Format = _isChunked ? FlvFormat.Chunked : FlvFormat.Bare;
        if (!_isChunked)
        {
            Send(header);
            return;
        }
        var size = new byte[HttpChunk.SizeLength(header.Length)];
        var writer = new ByteWriter(size);
        HttpChunk.Size(ref writer, header.Length);
        Send([.. size, .. header, .. HttpChunk.End]);
    }

    /// <summary>The last words, as far as the protocol has any.</summary>
    /// <param name="isOurs">Whether the server goes away, or else the stream.</param>
    /// <param name="why">In words.</param>
    protected virtual void SendEnd(bool isOurs, string why)
    {
        if (_isChunked)
            Send(HttpChunk.Last);
    }

    protected void Send(ReadOnlySpan<byte> bytes)
    {
        var session = Exchange.Session;
        session.SendOwned(session.Connection.Loop.Pool.Copy(bytes));
    }

    private void Start(bool hasAudio, bool hasVideo)
    {
        HasStarted = true;
        var header = new byte[FlvWriter.HeaderLength];
        var writer = new ByteWriter(header);
        FlvWriter.Header(ref writer, hasAudio, hasVideo);
        SendHead(header);
    }
}
