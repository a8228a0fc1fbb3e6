using System;
using System.Collections.Generic;
using NLog;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Sessions;
using Reactor.Streaming;
using Reactor.Transport;
using Reactor.Transport.Polling;

namespace Reactor.Server.Vod;

/// <summary>One message stream that plays a recording.</summary>
/// <remarks>
/// Sends at the pace of the recording, a few seconds ahead, and no more than the peer takes. What
/// is read ahead is given back while it is paused, so whoever only waits costs a few objects.
/// Invariant: the timer is set only while tags are to be sent.
/// </remarks>
internal sealed class VodPlayer : IFaultTarget
{
    private const int LeadMs = 3000;
    private const int StepMs = 40;
    private const int QueuedBytesMax = 512 << 10;
    private const int ConfigsMax = 64;

    private static readonly Logger Log = LogManager.GetLogger("vod");

    private readonly RtmpSession _session;
    private readonly IVodFile _file;
    private readonly IVodReader _reader;
    private readonly LoopTimer _timer;
    private readonly List<MediaFrame> _configs = [];
    private readonly double _durationMs;
    private uint _untilMs = uint.MaxValue;
    private bool _isSingle;
    private uint _targetMs;
    private bool _isSought;
    private FlvTag? _next;
    private Phase _phase = Phase.Heading;
    private bool _isPaused;
    private bool _awaitsPicture;
    private long _paceMs;
    private uint _paceTimeMs;
    private uint _lastMs;
    private VodPlace _nextAt;
    private VodPlace _resumeAt;
    private long _bytes;

    /// <param name="session">On whose connection it plays.</param>
    /// <param name="streamId">Its message stream.</param>
    /// <param name="key">What was asked for.</param>
    /// <param name="file">Owned from now on.</param>
    /// <param name="request">Where to begin, and how much.</param>
    public VodPlayer(
        RtmpSession session, uint streamId, StreamKey key, IVodFile file, PlayRequest request)
    {
        Key = key;
        _session = session;
        _file = file;
        _durationMs = request.DurationMs;
        StreamId = streamId;
        var loop = session.Connection.Loop;
        _timer = loop.CreateTimer(Pump, this);
        // A file that is no recording costs its player, and not what else its connection does.
        _reader = file.Read(
            loop.Pool, session.Server.Options.Rtmp.MaxMessage, () => loop.Contain(this, Pump));
        _targetMs = Milliseconds(Math.Max(0, request.StartMs), file.DurationMs);
        Limit();
        _reader.Begin();
    }

    private enum Phase
    {
        /// <summary>The configurations at the file's beginning are read.</summary>
        Heading,

        /// <summary>The place to begin at is looked for.</summary>
        Finding,

        Playing,

        /// <summary>All was sent; it may be sought in still.</summary>
        Complete,

        Closed,
    }

    public uint StreamId { get; }

    /// <summary>What was asked for: the recording, or the stream whose newest it is.</summary>
    public StreamKey Key { get; }

    public string Path => _file.Stored.Path.Text;

    /// <summary>Payload sent so far.</summary>
    public long Bytes => _bytes;

    /// <summary>Stands still, or goes on where it stood.</summary>
    public void Pause(bool isPaused)
    {
        if (_isPaused == isPaused)
            return;
        _isPaused = isPaused;
        if (_phase != Phase.Playing)
            return;
        if (isPaused)
        {
            _timer.Cancel();
            _resumeAt = _next is null ? _reader.Place : _nextAt;
            DropNext();
            _reader.Drop();
        }
        else
        {
            _paceMs = _session.NowMs;
            _paceTimeMs = _lastMs;
            _reader.Seek(_resumeAt);
        }
    }

    /// <summary>Goes on at the last keyframe at or before a time.</summary>
    public void Seek(double milliseconds)
    {
        if (_phase == Phase.Closed)
            return;
        if (milliseconds > _file.DurationMs)
        {
            _session.Conversation.RefuseSeek(
                StreamId, $"it is {_file.DurationMs / 1000.0} s long");
            return;
        }
        _targetMs = (uint)milliseconds;
        _isSought = true;
        if (_phase == Phase.Heading)
            return;                             // it begins there
        _session.Outbox.Drop(StreamId, (_, _) => true, int.MaxValue);
        Find();
    }

    /// <summary>Leaves; the file is closed.</summary>
    public void Close()
    {
        if (_phase == Phase.Closed)
            return;
        _phase = Phase.Closed;
        _timer.Cancel();
        DropNext();
        _reader.Drop();
        foreach (var config in _configs)
            config.Payload.Release();
        _configs.Clear();
        _file.Stored.Close();
    }

    public void OnFault(Exception fault)
    {
        Log.Warn("{Path:l} cannot be played: {Why:l}", Path, fault.Message);
        _session.EndVod(this, fault.Message);
    }

    /// <summary>Seconds by the text, milliseconds by librtmp: what fits is meant (S2.29).</summary>
    private static uint Milliseconds(double value, uint durationMs) =>
        (uint)Math.Min(value * 1000 <= durationMs ? value * 1000 : value, uint.MaxValue);

    private void Limit()
    {
        _isSingle = _durationMs == 0;
        if (_durationMs > 0)
        {
            var left = _file.DurationMs - Math.Min(_targetMs, _file.DurationMs);
            _untilMs = _targetMs + Milliseconds(_durationMs, Math.Max(left, 1));
        }
    }

    /// <summary>Sends what is due, as far as the peer and the disk allow.</summary>
    private void Pump()
    {
        if (_phase == Phase.Heading)
            ReadHeading();
        if (_phase != Phase.Playing || _isPaused)
            return;
        while (_session.Outbox.Bytes < QueuedBytesMax && TryNext(out var tag))
        {
            if (tag.TimestampMs > _untilMs)
            {
                Complete();
                return;
            }
            var aheadMs = (long)tag.TimestampMs - _paceTimeMs - (_session.NowMs - _paceMs);
            if (aheadMs > LeadMs)
                break;
            Send(tag);
            DropNext();
            if (_phase != Phase.Playing)
                return;
        }
        if (_next is null && _reader.IsAtEnd)
            End();
        else
            _timer.Set(StepMs);
    }

    private bool TryNext(out FlvTag tag)
    {
        if (_next is null)
        {
            var at = _reader.Place;
            if (_reader.TryRead(out var read))
                (_next, _nextAt) = (read, at);
        }
        tag = _next ?? default;
        return _next is not null;
    }

    private void DropNext()
    {
        _next?.Payload.Release();
        _next = null;
    }

    /// <summary>All up to the first frame: metadata and sequence headers.</summary>
    private void ReadHeading()
    {
        while (TryNext(out var tag) && VodFile.IsConfig(tag) && _configs.Count < ConfigsMax)
        {
            _next = null;                       // the list owns the payload now
            if (tag.Payload.Length > 0)
                _configs.Add(FrameOf(Bare(tag), FrameRole.Config));
            else
                tag.Payload.Release();
        }
        if (_next is null && _reader is { IsAtEnd: true, Error: not null })
            End();
        else if (_next is not null || _reader.IsAtEnd)
            Find();
    }

    /// <summary>Of a file's metadata only what its player can use: it is held all the time.
    /// </summary>
    private FlvTag Bare(FlvTag tag)
    {
        var pool = _session.Connection.Loop.Pool;
        if (tag.Type != MessageType.Data
            || FlvMetadata.Bare(tag.Payload.Written, pool) is not { } bare)
        {
            return tag;
        }
        tag.Payload.Release();
        return tag with { Payload = bare };
    }

    private void Find()
    {
        _phase = Phase.Finding;
        _timer.Cancel();
        DropNext();
        _reader.Drop();
        var target = _targetMs;
        _file.Find(target, (found, error) =>
        {
            if (_phase != Phase.Finding || target != _targetMs)
                return;
            if (error is not null || found is not { } entry)
            {
                _session.EndVod(this, error?.Text ?? "nothing in it");
                return;
            }
            Begin(entry);
        });
    }

    private void Begin(FlvIndexEntry at)
    {
        _phase = Phase.Playing;
        if (_isSought)
            _session.Conversation.AcceptSeek(StreamId);
        _isSought = false;
        _lastMs = _paceTimeMs = at.TimeMs;
        _paceMs = _session.NowMs;
        _awaitsPicture = _file.HasPictures;
        foreach (var config in _configs)
            Push(config with { TimeMs = at.TimeMs, SourceTime = at.TimeMs });
        _resumeAt = new VodPlace(at.Position);
        if (!_isPaused)
            _reader.Seek(_resumeAt);
    }

    private void Send(FlvTag tag)
    {
        if (tag.Payload.Length == 0)
            return;
        var isKeyframe = tag.Type == MessageType.Video
            && VideoTagHeader.Read(tag.Payload.Written).IsKeyframe;
        var isConfig = VodFile.IsConfig(tag);
        if (tag.Type == MessageType.Video && _awaitsPicture && !isKeyframe && !isConfig)
            return;
        _awaitsPicture &= !isKeyframe;
        _lastMs = tag.TimestampMs;
        var role = isKeyframe ? FrameRole.Keyframe
            : isConfig ? FrameRole.Config : FrameRole.None;
        Push(FrameOf(tag, role));
        if (_isSingle && (isKeyframe || !_file.HasPictures))
            Complete();
    }

    private void Push(MediaFrame frame)
    {
        _bytes += frame.Payload.Length;
        _session.Outbox.Push(frame, StreamId, frame.SourceTime, _session.NowMs);
        _session.Connection.MarkDirty();
    }

    /// <summary>Nothing more can be read: that is the file's end, or the disk's fault.</summary>
    private void End()
    {
        if (_reader.Error is { } error)
            _session.EndVod(this, error.Text);
        else
            Complete();
    }

    private void Complete()
    {
        _phase = Phase.Complete;
        DropNext();
        _reader.Drop();
        _session.Conversation.NotifyComplete(StreamId, _file.DurationMs / 1000.0, _bytes);
    }

    private static MediaFrame FrameOf(FlvTag tag, FrameRole role) => new(
        tag.Type switch
        {
            MessageType.Video => FrameKind.Video,
            MessageType.Audio => FrameKind.Audio,
            _ => FrameKind.Data,
        },
        role, tag.TimestampMs, tag.TimestampMs, tag.Payload);
}
