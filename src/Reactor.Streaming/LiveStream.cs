using System;
using System.Collections.Generic;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;

namespace Reactor.Streaming;

/// <summary>One publisher at most, and everybody who watches.</summary>
/// <remarks>
/// Outlives its publishers: the clock goes on, and players wait for the next one.
/// Invariant: while nobody publishes, the caches are empty.
/// </remarks>
public sealed class LiveStream(StreamKey key, GopCacheLimits gopLimits)
{
    /// <summary>What a message needs: of it, and of what is made with it and lies behind it.
    /// </summary>
    public const int CacheLines = 24;

    /// <summary>
    /// How long audio may wait for a picture, at the publisher's socket and here: a frame's length
    /// at 25 a second. By then a picture has come, or will not.
    /// </summary>
    public const int AudioWaitMs = 40;

    private readonly SubscriberList _subscribers = new();
    private AudioHold? _held;
    private long _lastPictureMs = long.MinValue;
    private long? _keyframeMs;
    private string _lastCodecs = "";
    private int _configBytesMax = gopLimits.ConfigBytesMax;

    public StreamKey Key => key;

    public CodecState Codecs { get; } = new();

    public GopCache Gops { get; } = new(gopLimits);

    public TimeLine Time { get; } = new();

    /// <summary>Who publishes now.</summary>
    public IPublisher? Publisher { get; private set; }

    public bool IsPublished => Publisher is not null;

    /// <summary>Whether there ever was a publisher, so that players wait for its return.</summary>
    public bool WasPublished { get; private set; }

    /// <summary>Players, recorders, relays.</summary>
    public int SubscriberCount => _subscribers.Count;

    /// <summary>Those of them by whom somebody watches.</summary>
    public int AudienceCount { get; private set; }

    /// <summary>
    /// Bytes that may wait at the publisher's socket, for they are audio; 0: none may.
    /// </summary>
    public int UnreadBytesMax => _held?.Lull.BytesMax ?? 0;

    /// <summary>Since when it is published, on the loop's clock.</summary>
    public long PublishedSinceMs { get; private set; }

    /// <summary>Since when nobody publishes, on the loop's clock.</summary>
    public long UnpublishedSinceMs { get; private set; }

    /// <summary>When the last frame came, or the publisher.</summary>
    public long LastFrameMs { get; private set; }

    /// <summary>Video and audio codec of this publisher, or of the last one; for people.</summary>
    public string CodecNames => IsPublished ? Codecs.ToString() : _lastCodecs;

    /// <summary>From one keyframe to the next, as it was last; 0 before there were two.</summary>
    public long GopMs { get; private set; }

    public long FramesIn { get; private set; }

    public long BytesIn { get; private set; }

    public long VideoBytesIn { get; private set; }

    public long AudioBytesIn { get; private set; }

    /// <summary>Messages of video; configurations too.</summary>
    public long VideoFramesIn { get; private set; }

    /// <summary>Payloads that were left out: empty, an empty configuration, or one of
    /// more than <see cref="GopCacheLimits.ConfigBytesMax"/>.</summary>
    public long Skipped { get; private set; }

    public IEnumerable<ISubscriber> Subscribers => _subscribers.All;

    /// <summary>Told of changes, once everybody on the stream knows.</summary>
    internal Action<LiveStream, StreamChange>? Changed { get; init; }

    /// <summary>Told when a bound strikes.</summary>
    internal Action<StreamBound>? Struck { get; init; }

    /// <summary>A publisher takes the stream, which nobody publishes now.</summary>
    public void BeginPublish(IPublisher publisher, long nowMs)
    {
        Invariant.Holds(!IsPublished);
        Publisher = publisher;
        WasPublished = true;
        LastFrameMs = PublishedSinceMs = nowMs;
        _held = HoldOf(publisher);
        Time.Begin();
        _subscribers.Tell(subscriber => subscriber.OnPublished());
        Changed?.Invoke(this, StreamChange.Published);
    }

    public void EndPublish(long nowMs)
    {
        Invariant.Holds(IsPublished);
        ReleaseHeld();
        _held = null;
        Publisher = null;
        UnpublishedSinceMs = nowMs;
        _lastCodecs = Codecs.ToString();
        Codecs.Clear();
        Gops.Clear();
        (_keyframeMs, GopMs) = (null, 0);
        _subscribers.Tell(subscriber => subscriber.OnUnpublished());
        Changed?.Invoke(this, StreamChange.Unpublished);
    }

    /// <summary>Takes one message of the publisher to everybody.</summary>
    /// <param name="type">Audio, video or data; data has lost its @setDataFrame.</param>
    /// <param name="timestamp">The publisher's.</param>
    /// <param name="payload">Borrowed, and final.</param>
    /// <param name="nowMs">The clock of the turn.</param>
    public void Publish(MessageType type, uint timestamp, Packet payload, long nowMs)
    {
        Invariant.Holds(IsPublished);
        _subscribers.FetchFirst();              // it comes while the payload is looked at
        LastFrameMs = nowMs;
        FramesIn++;
        BytesIn += payload.Length;
        if (payload.Length == 0)
        {
            Skipped++;                          // such as @setDataFrame around nothing
            return;
        }
        switch (type)
        {
            case MessageType.Data:
                PublishData(timestamp, payload);
                break;
            case MessageType.Video:
                VideoFramesIn++;
                VideoBytesIn += payload.Length;
                PublishMedia(
                    FrameKind.Video, FrameFacts.OfVideo(payload.Written), timestamp, payload,
                    nowMs);
                break;
            default:
                AudioBytesIn += payload.Length;
                PublishMedia(
                    FrameKind.Audio, FrameFacts.OfAudio(payload.Written), timestamp, payload,
                    nowMs);
                break;
        }
    }

    /// <summary>Other options are in force: how much is cached, and whether audio waits.</summary>
    public void Reload(GopCacheLimits limits)
    {
        Gops.Limit(limits);
        _configBytesMax = limits.ConfigBytesMax;
        if (Publisher is not { } publisher)
            return;
        ReleaseHeld();
        _held = HoldOf(publisher);
    }

    /// <summary>A message comes soon: the first to have it is fetched already.</summary>
    public void FetchAhead()
    {
        Gops.FetchAhead();
        _subscribers.FetchAhead();
    }

    /// <summary>From now on the subscriber hears of frames and publishers.</summary>
    public void Subscribe(ISubscriber subscriber)
    {
        _subscribers.Add(subscriber);
        if (_subscribers.Count == 1)
            Publisher?.OnSubscribed();
        if (!subscriber.IsAudience)
            return;
        AudienceCount++;
        Changed?.Invoke(this, StreamChange.Joined);
    }

    /// <summary>Allowed at any moment, also while a frame is delivered.</summary>
    public void Unsubscribe(ISubscriber subscriber)
    {
        if (!_subscribers.Remove(subscriber) || !subscriber.IsAudience)
            return;
        AudienceCount--;
        Changed?.Invoke(this, StreamChange.Left);
    }

    private void MarkKeyframe(long timeMs)
    {
        GopMs = timeMs - _keyframeMs ?? 0;
        _keyframeMs = timeMs;
    }

    private AudioHold? HoldOf(IPublisher publisher) =>
        publisher.CreateDeadline(ReleaseHeld) is { } deadline ? new AudioHold(deadline) : null;

    private bool IsOverBound(FrameRole role, Packet payload)
    {
        if (role != FrameRole.Config || payload.Length <= _configBytesMax)
            return false;
        Struck?.Invoke(StreamBound.ConfigBytes);
        return true;
    }

    private void Cache(in MediaFrame frame)
    {
        if (!Gops.Add(frame))
            Struck?.Invoke(StreamBound.GopCache);
    }

    private void KeepConfig(in MediaFrame frame, FrameFacts facts)
    {
        if (Codecs.SetConfig(frame, facts.ConfigId) && facts.EndsGop)
            Gops.Clear();
    }

    private void PublishMedia(
        FrameKind kind, in FrameFacts facts, uint timestamp, Packet payload, long nowMs)
    {
        // An empty configuration is relayed, unless it would displace a good one (Q48).
        var displaces = facts.IsEmptyConfig && Codecs.HasConfig(kind, facts.ConfigId);
        if (!facts.IsUsable || displaces || IsOverBound(facts.Role, payload))
        {
            Skipped++;
            return;
        }
        var time = facts.MovesClock
            ? Time.Advance(kind, timestamp, nowMs)
            : Time.TimeOf(kind);
        var frame = new MediaFrame(kind, facts.Role, time, timestamp, payload);
        if (frame.IsConfig)
            ReleaseHeld();
        if (Codecs.SetCodec(kind, facts.Codec, payload.Written))
            Gops.Clear();
        if (frame.IsKeyframe)
        {
            Codecs.SeeKeyframe(payload.Written);
            MarkKeyframe(time);
        }
        if (!frame.IsConfig)
        {
            PassOrHold(frame, nowMs);
            return;
        }
        if (!facts.IsEmptyConfig)
            KeepConfig(frame, facts);
        _subscribers.Deliver([frame]);
    }

    private void PublishData(uint timestamp, Packet payload)
    {
        var body = payload.Written;
        if (DataEvent.IsNamed(body, DataEvent.ClearDataFrame, out _))
        {
            Codecs.ClearMetadata();
            return;
        }
        var isMetadata = DataEvent.IsNamed(body, DataEvent.Metadata, out _);
        var role = isMetadata ? FrameRole.Config : FrameRole.None;
        if (IsOverBound(role, payload))
        {
            Skipped++;
            return;
        }
        var time = Time.TimeOf(FrameKind.Data);
        var frame = new MediaFrame(FrameKind.Data, role, time, timestamp, payload);
        ReleaseHeld();
        if (isMetadata)
            Codecs.SetMetadata(frame);
        _subscribers.Deliver([frame]);
    }

    /// <summary>
    /// Audio waits for a picture, unless one leaves in this turn anyway, or it has waited already.
    /// </summary>
    private void PassOrHold(in MediaFrame frame, long nowMs)
    {
        if (frame.Kind == FrameKind.Video)
            _lastPictureMs = nowMs;
        _held?.Lull.See(frame.Kind, frame.Payload.Length, nowMs);
        var waitMs = WaitMsOf(frame, nowMs);
        if (_held is null || (_held.IsEmpty && waitMs <= 0))
        {
            Cache(frame);
            _subscribers.Deliver([frame]);
            return;
        }
        _held.Add(frame, waitMs);
        if (waitMs <= 0 || _held.IsFull)
            ReleaseHeld();
    }

    private int WaitMsOf(in MediaFrame frame, long nowMs)
    {
        var mayWait = frame.Kind == FrameKind.Audio && Codecs.HasVideo && nowMs > _lastPictureMs
            && SubscriberCount > 0 && Publisher is { IsReadLate: false };
        return mayWait ? AudioWaitMs - Publisher!.UnreadMs : 0;
    }

    /// <summary>
    /// Cached only now: whoever joins meanwhile hears what is held together with the others.
    /// </summary>
    private void ReleaseHeld()
    {
        if (_held is not { IsEmpty: false } held)
            return;
        var frames = held.Begin();
        try
        {
            foreach (var frame in frames)
                Cache(frame);
            _subscribers.Deliver(frames);
        }
        finally
        {
            held.End(frames);
        }
    }
}
