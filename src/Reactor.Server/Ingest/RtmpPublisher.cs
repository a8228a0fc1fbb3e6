using System;
using System.Collections.Generic;
using Reactor.Primitives;
using Reactor.Protocol;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Server.Sessions;
using Reactor.Streaming;

namespace Reactor.Server.Ingest;

/// <summary>One message stream that publishes.</summary>
internal sealed class RtmpPublisher : IPublisher
{
    private readonly RtmpSession _session;
    private PublishOptions _options;
    private readonly long _startedMs;
    private readonly long _skippedBefore;
    private long _bytes;
    private long _frames;

    /// <summary>Takes the stream, which nobody publishes now.</summary>
    public RtmpPublisher(
        RtmpSession session,
        uint streamId,
        LiveStream stream,
        QueryParameters parameters,
        PublishOptions options)
    {
        var nowMs = session.NowMs;
        _session = session;
        _options = options;
        _startedMs = nowMs;
        _skippedBefore = stream.Skipped;
        StreamId = streamId;
        Parameters = parameters;
        Stream = stream;
        stream.BeginPublish(this, nowMs);
    }

    public uint StreamId { get; }

    public LiveStream Stream { get; }

    public long ConnectionId => _session.Connection.Id;

    public QueryParameters? Parameters { get; }

    public IReadOnlyList<string> Path => _session.RelayPath;

    /// <summary>What to say besides when it ends.</summary>
    /// <remarks>
    /// librtmp and ffmpeg send other formats as the tags that they would be in FLV: for the most
    /// part as one of megabytes, which is never whole.
    /// </remarks>
    public string Hint => _frames == 0 ? ", not one frame came: FLV is expected (-f flv)" : "";

    public bool IsStale(long nowMs) =>
        _options.ReplaceStale > TimeSpan.Zero
        && nowMs - Stream.LastFrameMs >= (long)_options.ReplaceStale.TotalMilliseconds;

    public void OnMedia(RtmpMessage message, long nowMs)
    {
        _frames++;
        _bytes += message.Payload.Length;
        Stream.Publish(message.Type, message.Timestamp, message.Payload, nowMs);
    }

    /// <summary>Whether frames come; the first one is not kept waiting.</summary>
    public bool HasBegun => _frames > 0;

    public bool IsReadLate => _session.Connection.ReadsLate;

    public void OnSubscribed() => _session.Connection.ReadWithin(0);

    public IDeadline? CreateDeadline(Action due) =>
        _session.Server.CreateAudioDeadline(due, _session.Connection);

    public void OnNotice(string code, string text) =>
        _session.Conversation.SendStatus(StreamId, code, text);

    /// <summary>Other options are in force from now on.</summary>
    public void Reload(PublishOptions options) => _options = options;

    public void OnReplaced() => _session.EndPublisher(this, "replaced by another publisher");

    /// <summary>Ends the session when no frame comes.</summary>
    public void Check(long nowMs)
    {
        var silentMs = nowMs - Stream.LastFrameMs;
        var (timeout, limit) = _frames == 0
            ? (_options.FirstpktTimeout, Limit.FirstpktTimeout)
            : (_options.DropIdlePublisher, Limit.DropIdlePublisher);
        if (timeout <= TimeSpan.Zero || silentMs <= timeout.TotalMilliseconds)
            return;
        _session.Server.Struck.Add(limit);
        _session.EndPublisher(this, $"no frame for {silentMs / 1000} s");
    }

    /// <summary>Gives the stream up.</summary>
    /// <returns>What to say of it in the log.</returns>
    public SessionSummary End(long nowMs)
    {
        var codecs = Stream.CodecNames;
        Stream.EndPublish(nowMs);
        return new SessionSummary(
            nowMs - _startedMs, _bytes, codecs, Stream.Skipped - _skippedBefore);
    }
}
