using System;
using Reactor.Protocol.Rtmp;

namespace Reactor.Testing.Simulation;

/// <summary>Publishes what the ledger then knows.</summary>
public sealed class PublisherPeer(World world, int id, PeerPlan plan)
    : ClientPeer(world, id, plan)
{
    private const int Tick = OwnPlans;
    private const int AudioMs = 23;
    private const int AudioBytes = 200;
    private const int HeaderBytes = 60;
    private const int SilentAfterMs = 10_000;

    /// <summary>An encoder drops frames when its link does not take them.</summary>
    private const int UnsentMax = 512 << 10;

    private readonly PublisherPlan _style = plan.Publishing;
    private long _firstUs;
    private long _videoFrames;
    private long _audioFrames;
    private int _gops;
    private bool _isHevc;
    private bool _isGone;
    private byte[] _kept = [];

    /// <summary>What was sent; null before publish was accepted.</summary>
    public Publication? Publication { get; private set; }

    /// <summary>Sends no more while it is set; the connection stays.</summary>
    public bool IsSilent { get; set; }

    public override void OnStarted()
    {
        base.OnStarted();
        if (_isGone || Publication is not null)
            return;
        Publication = World.Ledger.Begin(Plan.Stream, Time.NowUs);
        Publication.IsPrompt = Plan.Quality.BytesPerSecond == 0 && _style.BurstMs == 0;
        _firstUs = Time.NowUs;
        if (_style.IsMute)
            Excused("it publishes nothing");
        else
            Tickle();
    }

    protected override void OnStatus(string code)
    {
        if (code is StatusCode.PublishBadName or StatusCode.PublishIdle)
            OnGone();
    }

    protected override void OnPlanned(int what)
    {
        if (_isGone || Publication is null)
            return;
        Tickle();
    }

    protected override void OnGone()
    {
        _isGone = true;
        if (Publication is not null)
            Publication.IsLive = false;
    }

    /// <summary>Sends all that is due, and plans the next time.</summary>
    private void Tickle()
    {
        var elapsedMs = (Time.NowUs - _firstUs) / 1000;
        if (!IsSilent && !IsInSilence(elapsedMs))
            SendUntil(elapsedMs);
        var pause = _style.BurstMs > 0 ? _style.BurstMs : 1000 / _style.FramesPerSecond;
        PlanIn(Math.Max(1, pause), Tick);
    }

    private bool IsInSilence(long elapsedMs) => _style.SilenceMs > 0
        && elapsedMs > SilentAfterMs && elapsedMs < SilentAfterMs + _style.SilenceMs;

    private void SendUntil(long elapsedMs)
    {
        while (true)
        {
            var videoMs = _style.HasVideo
                ? _videoFrames * 1000 / _style.FramesPerSecond
                : long.MaxValue;
            var audioMs = _style.HasAudio ? _audioFrames * AudioMs : long.MaxValue;
            if (Math.Min(videoMs, audioMs) > elapsedMs)
                return;
            if (Unsent > UnsentMax)
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
        else if (_videoFrames % _style.GopFrames != 0)
            _videoFrames++;
        else
            _videoFrames += _style.GopFrames;   // without its keyframe a GOP is nothing
    }

    private void SendVideo(long ms)
    {
        var isKeyframe = _videoFrames % _style.GopFrames == 0;
        if (isKeyframe)
            BeginGop(ms);
        var bytes = isKeyframe ? _style.KeyframeBytes : _style.FrameBytes;
        var sort = isKeyframe ? FrameSort.Keyframe : FrameSort.Inter;
        Publish(sort, ms, Math.Max(1, bytes / 2) + Random.Next(bytes));
        _videoFrames++;
    }

    private void SendAudio(long ms)
    {
        if (_audioFrames == 0 && !_style.HasVideo)
            BeginGop(ms);
        Publish(FrameSort.Audio, ms, AudioBytes);
        _audioFrames++;
    }

    private void BeginGop(long ms)
    {
        var changes = _style.ChangeEveryGops > 0 && _gops % _style.ChangeEveryGops == 0;
        if (changes && _gops > 0 && Random.Next(2) == 0)
            _isHevc = !_isHevc;
        if (_gops == 0 || changes)
        {
            Publish(FrameSort.Metadata, ms, 0);
            if (_style.HasVideo)
                Publish(FrameSort.VideoHeader, ms, HeaderBytes);
            if (_style.HasAudio)
                Publish(FrameSort.AudioHeader, ms, HeaderBytes);
        }
        else if (_style.RepeatsHeaders)
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
        Conversation.SendMedia(
            TypeOf(sort), _style.FirstTimestamp + (uint)ms, buffer.AsSpan(0, length));
    }

    private void Publish(FrameSort sort, long ms, int bytes)
    {
        var publication = Publication!;
        var timestamp = _style.FirstTimestamp + (uint)ms;
        var buffer = World.FrameBuffer(Frames.Capacity(bytes));
        var length = Frames.Write(
            buffer, sort, _isHevc, publication.Id, (uint)publication.Messages.Count, bytes);
        var payload = buffer.AsSpan(0, length);
        // Players are given metadata without the command around it.
        const int commandBytes = 16;
        var seen = sort == FrameSort.Metadata ? payload[commandBytes..] : payload;
        publication.Add(sort, Frames.Hash(seen), timestamp, Time.NowUs);
        World.Plants.Spoil(payload);
        if (_kept.Length > 0)
        {
            Conversation.SendMedia(TypeOf(sort), timestamp, payload);
            Conversation.SendMedia(MessageType.Audio, timestamp, _kept);
            _kept = [];
        }
        else if (sort == FrameSort.Audio && World.Plants.Swaps())
            _kept = payload.ToArray();
        else if (!World.Plants.Skips(sort))
            Conversation.SendMedia(TypeOf(sort), timestamp, payload);
    }

    private static MessageType TypeOf(FrameSort sort) => Publication.TrackOf(sort) switch
    {
        0 => MessageType.Video,
        1 => MessageType.Audio,
        _ => MessageType.Data,
    };
}
