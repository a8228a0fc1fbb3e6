using System;
using System.Collections.Generic;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Rtmp;
using Reactor.Streaming;

namespace Reactor.Server.Ingest;

/// <summary>Where a pull that was cut goes on in its stream.</summary>
/// <remarks>
/// A server begins with the last GOP, so whoever connects anew is given again what its players
/// have had. The first frame tells: where it is a keyframe of our cache, with its time and its
/// bytes, the stream has gone on meanwhile, and what is repeated is left out. Anything else is
/// another stream. Until that frame comes, what stands before it is held.
/// Invariant: each held message is retained once.
/// </remarks>
internal sealed class PullSeam
{
    private const int HeldMax = 64;
    private readonly Queue<RtmpMessage> _held = new();
    private Had _audio;
    private Had _video;

    /// <summary>What the messages of a new connection have told so far.</summary>
    public enum Finding
    {
        Nothing,

        /// <summary>It is the stream that was cut.</summary>
        Same,

        /// <summary>It is another one, or the same with something missing.</summary>
        Other,
    }

    /// <summary>Whether a connection was cut, and no frame of the next one has come.</summary>
    public bool IsOpen { get; private set; }

    public void Open() => IsOpen = true;

    /// <summary>There is nothing to go on with any more.</summary>
    public void Close()
    {
        IsOpen = false;
        _audio = _video = default;
    }

    /// <summary>Looks at a message of the new connection, and holds it if it tells nothing.
    /// </summary>
    public Finding Look(RtmpMessage message, LiveStream stream)
    {
        if (!IsFrame(message) && _held.Count < HeldMax)
        {
            message.Payload.Retain();
            _held.Enqueue(message);
            return Finding.Nothing;
        }
        IsOpen = false;
        if (!IsCached(message, stream.Gops))
            return Finding.Other;
        Drop();                                 // players have it
        _audio = _video = default;
        for (var i = 0; i < stream.Gops.Count; i++)
        {
            var frame = stream.Gops[i];
            if (frame.Kind == FrameKind.Video)
                _video.Add(frame.SourceTime);
            else
                _audio.Add(frame.SourceTime);
        }
        return Finding.Same;
    }

    /// <summary>Whether players have had this frame before the connection was cut.</summary>
    public bool IsRepeated(RtmpMessage message) => message.Type switch
    {
        MessageType.Video => IsFrame(message) && _video.Holds(message.Timestamp),
        MessageType.Audio => IsFrame(message) && _audio.Holds(message.Timestamp),
        _ => false,
    };

    /// <summary>Takes what was held, oldest first; the caller releases it.</summary>
    public bool TryTake(out RtmpMessage message) => _held.TryDequeue(out message);

    public void Drop()
    {
        while (_held.TryDequeue(out var message))
            message.Payload.Release();
    }

    private static bool IsFrame(RtmpMessage message) => message.Type switch
    {
        MessageType.Video =>
            VideoTagHeader.Read(message.Payload.Written).Kind == TagKind.Frames,
        MessageType.Audio =>
            AudioTagHeader.Read(message.Payload.Written).Kind == TagKind.Frames,
        _ => false,
    };

    private static bool IsCached(RtmpMessage message, GopCache gops)
    {
        for (var i = 0; message.Type == MessageType.Video && i < gops.Count; i++)
        {
            var frame = gops[i];
            if (frame.IsKeyframe && frame.SourceTime == message.Timestamp
                && frame.Payload.Written.SequenceEqual(message.Payload.Written))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>What players have had of a track: up to a time, and so many frames of that time.
    /// </summary>
    private struct Had
    {
        private uint _last;
        private int _ofLast;

        public void Add(uint time)
        {
            _ofLast = _ofLast > 0 && time == _last ? _ofLast + 1 : 1;
            _last = time;
        }

        /// <summary>Whether it was had; the first that was not ends the question.</summary>
        public bool Holds(uint time)
        {
            var step = (int)(time - _last);
            if (_ofLast > 0 && step < 0)
                return true;
            if (step != 0)
                _ofLast = 0;
            return _ofLast > 0 && _ofLast-- > 0;
        }
    }
}
