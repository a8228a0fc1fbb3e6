using System;
using System.Linq;
using Reactor.Protocol.Rtmp;

namespace Reactor.Testing.Simulation;

/// <summary>Sends one message of a publish; the payload is borrowed.</summary>
public delegate void SendMedia(MessageType type, uint timestamp, ReadOnlySpan<byte> payload);

/// <summary>An encoder: publishes what the ledger then knows.</summary>
public sealed class PublishPart(
    World world, Peer owner, string stream, PublisherPlan style, Random random, SendMedia send)
    : Part(world, owner, stream), IHappening
{
    private const int AudioMs = 23;
    private const int AudioBytes = 200;
    private const int HeaderBytes = 60;
    private const int StillEvery = 200;         // now and then nothing moves
    private const int StillBytes = 40;
    private const int SilentAfterMs = 10_000;

    /// <summary>An encoder drops frames when its link does not take them.</summary>
    private const int UnsentMax = 512 << 10;

    private long _firstUs;
    private long _videoFrames;
    private long _audioFrames;
    private int _gops;
    private bool _isHevc;
    private byte[] _kept = [];

    /// <summary>The key of a room that it shows; empty for none.</summary>
    public string Key { get; set; } = "";

    /// <summary>What was sent; null before publish was accepted.</summary>
    public Publication? Publication { get; private set; }

    /// <summary>Sends no more while it is set; the connection stays.</summary>
    public bool IsSilent { get; set; }

    public override void Start()
    {
        base.Start();
        if (IsOver || Publication?.BeganUs > 0)
            return;
        var isFirst = Publication is null;
        Begin();
        Publication!.BeganUs = Time.NowUs;
        // Who reads late learns late of its end, and until then only thinks that it publishes.
        Publication.IsLive = Owner.Plan.Playing.Appetite == Appetite.Healthy;
        if (isFirst)
            BeginSending();
    }

    /// <summary>Sends before it is known whether it may: that is held, or not heard.</summary>
    public void BeginEarly()
    {
        Begin();
        BeginSending();
    }

    private void Begin()
    {
        if (Publication is not null)
            return;
        Publication = World.Ledger.Begin(Stream, Time.NowUs);
        // While another stream of its connection is decided on, it may have to wait (Q39).
        Publication.IsPrompt = Owner.Plan.Quality.BytesPerSecond == 0 && style.BurstMs == 0
            && !Owner.Parts.Any(part => part != this && MayBeDecidedOnForLong(part));
        _firstUs = Time.NowUs;
    }

    /// <summary>A hook is asked, or whether somebody who has the name is gone.</summary>
    private bool MayBeDecidedOnForLong(Part part) => part is PublishPart
        && (World.Hook is not null || World.IsClustered || World.Peers.Any(
            peer => peer != Owner && peer.Parts.Any(
                other => other is PublishPart && other.Stream == part.Stream)));

    private void BeginSending()
    {
        if (style.IsMute)
            Excused("it publishes nothing");
        else
            Happen(0);
    }

    /// <summary>Sends all that is due, and plans the next time.</summary>
    public void Happen(int what)
    {
        if (IsOver || !Owner.IsConnected)
            return;
        var elapsedMs = (Time.NowUs - _firstUs) / 1000;
        if (!IsSilent && !IsInSilence(elapsedMs))
            SendUntil(elapsedMs);
        var pauseMs = style.BurstMs > 0 ? style.BurstMs : 1000 / style.FramesPerSecond;
        Time.Plan(Time.NowUs + (Math.Max(1, pauseMs) * 1000L), this);
        Owner.Flush();
    }

    public override void Hear(string code, string description)
    {
        base.Hear(code, description);
        if (code is StatusCode.PublishBadName or StatusCode.PublishIdle
            or StatusCode.PublishDenied)
        {
            // Idle tells of an end: maybe of what was published here before, and is heard late.
            if (StartedAt == 0 && code != StatusCode.PublishIdle)
                Publication?.Refuse(World.Checks);
            End();
        }
    }

    public override string ToString() => $"{Owner} publishes {Stream}";

    protected override void OnEnded()
    {
        if (Publication is not null)
            Publication.IsLive = false;
    }

    private bool IsInSilence(long elapsedMs) => style.SilenceMs > 0
        && elapsedMs > SilentAfterMs && elapsedMs < SilentAfterMs + style.SilenceMs;

    private void SendUntil(long elapsedMs)
    {
        while (true)
        {
            var videoMs = style.HasVideo
                ? _videoFrames * 1000 / style.FramesPerSecond
                : long.MaxValue;
            var audioMs = style.HasAudio ? _audioFrames * AudioMs : long.MaxValue;
            if (Math.Min(videoMs, audioMs) > elapsedMs)
                return;
            if (Owner.Unsent > UnsentMax)
                Skip(videoMs <= audioMs);
            else if (videoMs <= audioMs)
                SendVideo(videoMs);
            else
                SendAudio(audioMs);
        }
    }

    private void Skip(bool isVideo)
    {
        if (!isVideo)
            _audioFrames++;
        else if (_videoFrames % style.GopFrames != 0)
            _videoFrames++;
        else
            _videoFrames += style.GopFrames;    // without its keyframe a GOP is nothing
    }

    private void SendVideo(long ms)
    {
        var isKeyframe = _videoFrames % style.GopFrames == 0;
        if (isKeyframe)
            BeginGop(ms);
        var bytes = isKeyframe ? style.KeyframeBytes
            : _videoFrames % StillEvery == StillEvery - 1 ? StillBytes : style.FrameBytes;
        var sort = isKeyframe ? FrameSort.Keyframe : FrameSort.Inter;
        Publish(sort, ms, Math.Max(1, bytes / 2) + random.Next(bytes));
        _videoFrames++;
    }

    private void SendAudio(long ms)
    {
        if (_audioFrames == 0 && !style.HasVideo)
            BeginGop(ms);
        Publish(FrameSort.Audio, ms, AudioBytes);
        _audioFrames++;
    }

    private void BeginGop(long ms)
    {
        var changes = style.ChangeEveryGops > 0 && _gops % style.ChangeEveryGops == 0;
        if (changes && _gops > 0 && random.Next(2) == 0)
            _isHevc = !_isHevc;
        if (_gops == 0 || changes)
        {
            Publish(FrameSort.Metadata, ms, 0);
            if (style.HasVideo)
                Publish(FrameSort.VideoHeader, ms, HeaderBytes);
            if (style.HasAudio)
                Publish(FrameSort.AudioHeader, ms, HeaderBytes);
        }
        else if (style.RepeatsHeaders)
        {
            Repeat(FrameSort.VideoHeader, Publication!.VideoHeader, ms);
            Repeat(FrameSort.AudioHeader, Publication.AudioHeader, ms);
        }
        _gops++;
    }

    /// <summary>The very same header once more; for the ledger nothing has happened.</summary>
    private void Repeat(FrameSort sort, int index, long ms)
    {
        if (index < 0)
            return;
        var buffer = World.FrameBuffer(Frames.Capacity(HeaderBytes));
        var length = Frames.Write(
            buffer, sort, _isHevc, Publication!.Id, (uint)index, HeaderBytes);
        send(TypeOf(sort), style.FirstTimestamp + (uint)ms, buffer.AsSpan(0, length));
    }

    private void Publish(FrameSort sort, long ms, int bytes)
    {
        var publication = Publication!;
        var timestamp = style.FirstTimestamp + (uint)ms;
        var buffer = World.FrameBuffer(Frames.Capacity(bytes));
        var length = Frames.Write(
            buffer, sort, _isHevc, publication.Id, (uint)publication.Messages.Count, bytes);
        var payload = buffer.AsSpan(0, length);
        // Players are given metadata without the command around it.
        const int commandBytes = 16;
        var seen = sort == FrameSort.Metadata ? payload[commandBytes..] : payload;
        publication.Add(sort, Frames.Hash(seen), timestamp, Time.NowUs);
        World.Plants.Spoil(payload);
        timestamp = World.Plants.TimeOf(sort, timestamp);
        if (_kept.Length > 0)
        {
            send(TypeOf(sort), timestamp, payload);
            send(MessageType.Audio, timestamp, _kept);
            _kept = [];
        }
        else if (sort == FrameSort.Audio && World.Plants.Swaps())
            _kept = payload.ToArray();
        else if (!World.Plants.Skips(sort) && !World.Plants.LosesHeld(publication))
            send(TypeOf(sort), timestamp, payload);
    }

    private static MessageType TypeOf(FrameSort sort) => Publication.TrackOf(sort) switch
    {
        0 => MessageType.Video,
        1 => MessageType.Audio,
        _ => MessageType.Data,
    };
}
