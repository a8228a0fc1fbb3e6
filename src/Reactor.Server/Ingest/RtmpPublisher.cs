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
    /// <summary>Long enough for a keyframe and a burst behind a stall to make no difference.
    /// </summary>
    public const int BitrateWindowMs = 10_000;

    private readonly RtmpSession _session;
    private PublishOptions _options;
    private readonly long _startedMs;
    private readonly long _skippedBefore;
    private long _bytes;
    private long _frames;
    private long _watchedMs;
    private long _windowMs;
    private long _windowBytes;

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
        _startedMs = _watchedMs = _windowMs = nowMs;
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
        if (message.Type == MessageType.Video)
            _session.OnPicture();
        Stream.Publish(message.Type, message.Timestamp, message.Payload, nowMs);
    }

    /// <summary>Whether frames come; the first one is not kept waiting.</summary>
    public bool HasBegun => _frames > 0;

    public bool IsReadLate => _session.IsReadLate;

    public int UnreadMs => _session.Connection.UnreadMs;

    public void OnSubscribed() => _session.ReadAtOnce();

    public IDeadline? CreateDeadline(Action due) =>
        _session.Server.CreateAudioDeadline(due, _session.Connection);

    public void OnNotice(string code, string text) =>
        _session.Conversation.SendStatus(StreamId, code, text);

    /// <summary>Other options are in force from now on.</summary>
    public void Reload(PublishOptions options)
    {
        _options = options;
        _watchedMs = _session.NowMs;            // maybe nobody has looked until now
    }

    public void OnReplaced() => _session.EndPublisher(this, "replaced by another publisher");

    /// <summary>Ends it when no frame comes, or it is beyond what its app allows.</summary>
    public void Check(long nowMs)
    {
        if (Breach(nowMs) is not { } breach)
            return;
        _session.Server.Struck.Add(breach.Limit);
        _session.EndPublisher(this, breach.Why);
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

    private (Limit Limit, string Why)? Breach(long nowMs)
    {
        var silentMs = nowMs - Stream.LastFrameMs;
        var (timeout, limit) = _frames == 0
            ? (_options.FirstpktTimeout, Limit.FirstpktTimeout)
            : (_options.DropIdlePublisher, Limit.DropIdlePublisher);
        if (IsOver(timeout, silentMs))
            return (limit, $"no frame for {silentMs / 1000} s");
        var livedMs = nowMs - _startedMs;
        if (IsOver(_options.MaxDuration, livedMs))
            return (Limit.MaxDuration, $"{livedMs / 1000} s are as long as it may publish");
        return BreachOfIdleness(nowMs) ?? BreachOfBitrate(nowMs);
    }

    private (Limit Limit, string Why)? BreachOfIdleness(long nowMs)
    {
        if (_options.KickoffForIdle <= TimeSpan.Zero)
            return null;
        if (_session.Server.Hls.AudienceOf(Stream) > 0)
            _watchedMs = nowMs;
        var unwatchedMs = nowMs - _watchedMs;
        return IsOver(_options.KickoffForIdle, unwatchedMs)
            ? (Limit.KickoffForIdle, $"nobody has watched for {unwatchedMs / 1000} s")
            : null;
    }

    private (Limit Limit, string Why)? BreachOfBitrate(long nowMs)
    {
        var windowMs = nowMs - _windowMs;
        if (windowMs < BitrateWindowMs)
            return null;
        var bitsPerSecond = (_bytes - _windowBytes) * 8 * 1000 / windowMs;
        (_windowMs, _windowBytes) = (nowMs, _bytes);
        if (_options.MaxBitrate == 0 || bitsPerSecond <= _options.MaxBitrate)
            return null;
        var why = $"{bitsPerSecond / 1000} kbit/s, of {_options.MaxBitrate / 1000} allowed";
        return (Limit.MaxBitrate, why);
    }

    private static bool IsOver(TimeSpan bound, long ms) =>
        bound > TimeSpan.Zero && ms > bound.TotalMilliseconds;
}
