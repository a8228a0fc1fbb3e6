using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Reactor.Primitives;
using Reactor.Protocol;
using Reactor.Server.Configuration;
using Reactor.Server.Sessions;
using Reactor.Streaming;
using Reactor.Transport;

namespace Reactor.Server.Egress;

/// <summary>Somebody who plays one stream, over whatever protocol.</summary>
/// <remarks>
/// It begins with what the stream's caches hold; then each frame passes the <see cref="FrameGate"/>
/// and finds room in the outbox, or makes some. Configurations always pass, also while paused, so
/// that whoever comes back can decode.
/// </remarks>
internal abstract partial class Player : ISubscriber
{
    private static readonly LentCall<Player, MediaFrame> TakeFrame =
        (Player player, in MediaFrame frame) => player.Take(frame);
    private static readonly Action<object> TakePublished =
        player => ((Player)player).BeginAgain();
    private static readonly Action<object> TakeUnpublished =
        player => ((Player)player).AwaitPublisher();

    private readonly Connection _connection;
    private readonly EventLoop _loop;
    private readonly PlayerOutbox _outbox;
    private readonly LimitCounts _struck;
    private PlayOptions _options;
    private OutboxLimits _limits;
    private long _startedMs;
    private long _graceMs;
    private PlayerClock _clock;
    private long _lastFrameMs;
    private long _bytes;
    private long _audioBytes;
    private long _dropped;
    private FrameGate _gate = new();
    private bool _hasBegun;

    /// <summary>Only compared, while frames are delivered that the cache holds.</summary>
    private Packet? _lastOfCaches;

    /// <param name="session">On whose connection it plays.</param>
    /// <param name="streamId">Its message stream; 0 where there is one at most.</param>
    /// <param name="stream">What it plays.</param>
    /// <param name="options">What holds for that stream.</param>
    /// <param name="isRelay">Another server, which knows by the time where it was cut.</param>
    protected Player(
        Session session,
        uint streamId,
        LiveStream stream,
        StreamOptions options,
        bool isRelay = false)
    {
        _connection = session.Connection;
        _loop = session.Connection.Loop;
        _options = options.Play;
        _outbox = session.Outbox;
        _struck = session.Server.Struck;
        Reload(options);
        _startedMs = _lastFrameMs = session.NowMs;
        _clock = new PlayerClock(options.Play.TimeJitter switch
        {
            TimeJitter.Zero => TimeMode.Zero,
            TimeJitter.Off => TimeMode.Off,
            _ => isRelay ? TimeMode.Shared : TimeMode.Full,
        });
        StreamId = streamId;
        Stream = stream;
    }

    public uint StreamId { get; }

    public long ConnectionId => _connection.Id;

    /// <summary>Payload that it was given.</summary>
    public long BytesSent => _bytes;

    public long AudioBytesSent => _audioBytes;

    /// <summary>Frames that it has lost.</summary>
    public long Dropped => _dropped;

    public LiveStream Stream { get; private set; }

    /// <summary>Whether somebody watches at its end.</summary>
    public virtual bool IsAudience => true;

    /// <summary>What stood behind the question mark of its URL.</summary>
    public QueryParameters? Parameters { get; init; }

    /// <summary>Relays that wait at its end.</summary>
    public virtual IReadOnlyList<string> Path => [];

    public TimeSpan SendTimeout => _options.SendTimeout;

    /// <summary>Takes a place at the stream.</summary>
    public void Join()
    {
        Stream.Subscribe(this);
        Begin();
    }

    /// <summary>Other options are in force from now on.</summary>
    /// <remarks>Where it starts and how its time begins is decided, maybe by its URL.</remarks>
    [MemberNotNull(nameof(_limits))]
    public void Reload(StreamOptions options)
    {
        _options = options.Play with
        {
            StartAt = _options.StartAt,
            TimeJitter = _options.TimeJitter,
        };
        _limits = new OutboxLimits(
            _options.QueueSize, (long)_options.QueueLength.TotalMilliseconds);
        _graceMs = (long)options.Publish.Grace.TotalMilliseconds;
    }

    /// <summary>Goes on with another stream, from its headers and its last GOP on.</summary>
    /// <remarks>
    /// What waits of the old one is still sent, and the new one's time goes on behind it.
    /// </remarks>
    /// <returns>What to say of the old one in the log.</returns>
    public SessionSummary Move(LiveStream stream, StreamOptions options, long nowMs)
    {
        var summary = Leave(nowMs);
        Reload(options);
        (_bytes, _audioBytes, _dropped) = (0, 0, 0);
        _startedMs = _lastFrameMs = nowMs;
        _gate.IsShut = true;
        _lastOfCaches = null;
        _clock.Move();
        Stream = stream;
        stream.Subscribe(this);
        if (_hasBegun)
            SendCaches();
        else
            Begin();
        return summary;
    }

    /// <summary>Leaves the stream.</summary>
    /// <returns>What to say of it in the log.</returns>
    public virtual SessionSummary End(long nowMs) => Leave(nowMs);

    private SessionSummary Leave(long nowMs)
    {
        var codecs = Stream.CodecNames;
        Stream.Unsubscribe(this);
        return new SessionSummary(nowMs - _startedMs, _bytes, codecs, _dropped);
    }

    /// <summary>A fault of ours costs this connection, and not the publisher's.</summary>
    public void OnFrame(in MediaFrame frame) => _loop.Contain(_connection, this, frame, TakeFrame);

    public void FetchAhead()
    {
        Prefetch.Object(_connection, Connection.CacheLines);
        Prefetch.Object(_outbox, lines: 2);
        Prefetch.Object(_limits, lines: 1);
    }

    protected virtual void Take(in MediaFrame frame)
    {
        var nowMs = _loop.NowMs;
        _lastFrameMs = nowMs;
        if (!_hasBegun)
        {
            if (!Begin())
                return;
            _lastOfCaches = LastOfCaches(frame);
        }
        if (WasSentWithCaches(frame))
            return;
        if (!frame.IsConfig && !_gate.Lets(frame))
            return;
        if (frame.Kind == FrameKind.Data && _options.Metadata == MetadataMode.Off)
            return;
        if (_outbox.IsOver(_limits, nowMs) && !TryMakeRoom(frame, nowMs))
        {
            _dropped++;
            return;
        }
        _bytes += frame.Payload.Length;
        if (frame.Kind == FrameKind.Audio)
            _audioBytes += frame.Payload.Length;
        _outbox.Push(frame, StreamId, _clock.Of(frame), nowMs);
        var waitMs = _loop.Pacing.WaitMs;
        _connection.MarkDirty(waitMs > 0 && Stream.Publisher is { IsReadLate: true } ? 0 : waitMs);
    }

    public void OnPublished() => _loop.Contain(_connection, this, TakePublished);

    public void OnUnpublished() => _loop.Contain(_connection, this, TakeUnpublished);

    private void BeginAgain()
    {
        _gate.IsShut = true;
        _lastFrameMs = _loop.NowMs;
        _clock.Resume();
        if (_options.PublishNotify)
            TellPublished();
    }

    private void AwaitPublisher()
    {
        _lastFrameMs = _loop.NowMs;
        TellUnpublished();
    }

    public void Pause(bool isPaused)
    {
        _gate.Pause(isPaused);
        _lastFrameMs = _loop.NowMs;
    }

    /// <summary>Leaves a track out, or takes it in again.</summary>
    public void Receive(FrameKind kind, bool isWanted) => _gate.Receive(kind, isWanted);

    /// <summary>Ends the session when nobody publishes, or nothing comes.</summary>
    public void Check(long nowMs)
    {
        if (!_hasBegun)
            Begin();
        var waitedMs = nowMs - _lastFrameMs;
        if (!Stream.IsPublished && Stream.WasPublished && waitedMs > _graceMs)
            Finish(PlayEnd.PublisherLeft, "the publisher left");
        else if (_options.WaitTimeout > TimeSpan.Zero
            && waitedMs > _options.WaitTimeout.TotalMilliseconds)
        {
            _struck.Add(Limit.WaitTimeout);
            var what = Stream.WasPublished ? "no frame" : $"nobody published {Stream.Key}";
            Finish(PlayEnd.NothingCame, $"{what} in {waitedMs / 1000} s");
        }
    }

    /// <summary>Whether media may be sent to it now; asked until it may.</summary>
    protected virtual bool IsReady(long nowMs) => true;

    /// <summary>The first frame of the cache that it is to have.</summary>
    protected virtual int FirstOf(GopCache gops) => 0;

    /// <summary>Ends the player, with a word to its peer.</summary>
    protected abstract void Finish(PlayEnd end, string why);

    /// <summary>A publisher is there.</summary>
    protected abstract void TellPublished();

    /// <summary>The publisher has left, and may return.</summary>
    protected abstract void TellUnpublished();

    /// <summary>Sends what there is: metadata, headers, and the last GOP.</summary>
    /// <returns>Whether it has begun.</returns>
    private bool Begin()
    {
        if (!IsReady(_loop.NowMs))
            return false;
        _hasBegun = true;
        SendCaches();
        return true;
    }

    private void SendCaches()
    {
        if (!Stream.IsPublished)
            return;
        var codecs = Stream.Codecs;
        if (codecs.Metadata is { } metadata)
            Take(metadata);
        for (var i = 0; i < codecs.Count; i++)
            Take(codecs[i]);
        if (_options.StartAt == StartAt.Gop)
            SendGops();
        if (_options.StartAt == StartAt.Now)
            _gate.IsShut = false;
    }

    /// <summary>
    /// A stream's caches know frames before its players do: whoever begins with one of several
    /// that are delivered together has had them all.
    /// </summary>
    private Packet? LastOfCaches(in MediaFrame first)
    {
        if (first.IsConfig)
            return first.Payload;
        var gops = Stream.Gops;
        return _options.StartAt == StartAt.Gop && gops.Count > 0
            ? gops[gops.Count - 1].Payload
            : null;
    }

    private bool WasSentWithCaches(in MediaFrame frame)
    {
        if (_lastOfCaches is null)
            return false;
        if (frame.Payload == _lastOfCaches)
            _lastOfCaches = null;
        return true;
    }

    /// <summary>As much of the cache as fits: what does not is no fault of the player.</summary>
    private void SendGops()
    {
        var gops = Stream.Gops;
        for (var i = FirstOf(gops); i < gops.Count; i++)
        {
            if (_outbox.IsOver(_limits, _loop.NowMs))
            {
                _dropped += gops.Count - i;
                _gate.IsShut = true;
                return;
            }
            Take(gops[i]);
        }
    }
}
