using System;
using Reactor.Protocol.Rtmp;

namespace Reactor.Testing.Simulation;

/// <summary>Somebody who plays a recording, seeks and pauses in it, and looks closely.</summary>
/// <remarks>
/// What comes is held against the file: from where it was asked for, tag by tag, none twice and
/// none missing, with the file's times, and each behind the headers that it needs.
/// </remarks>
public sealed class RecordingPart(World world, Peer owner) : Part(world, owner, owner.Plan.Stream)
{
    private const int AnswerUs = 5_000_000;
    private const int LatestPaceUs = 6_000_000;

    private string _file = "";
    private RecordingTags? _tags;
    private Viewing? _view;
    private int _next = -1;
    private uint _targetMs;
    private uint _soughtMs;
    private long _soughtUs;
    private long _seenUs;
    private bool _isComplete;
    private int _length;
    private bool _hadPicture;

    /// <summary>Frames that were seen.</summary>
    public long Frames { get; private set; }

    /// <summary>How often it was shown the file's end.</summary>
    public int Ends { get; private set; }

    public int Seeks { get; private set; }

    public bool IsPaused { get; set; }

    /// <summary>Whether the answer to a seek is still to come.</summary>
    public bool IsSeeking => _soughtUs > 0;

    /// <summary>When the recording ends, as it is now, in its own time.</summary>
    public uint DurationMs => _tags is { Frames: [.., var last] } ? last.TimeMs : 0;

    /// <summary>Chooses a file: app/name of the recording, without its ending.</summary>
    public void Choose(string file, string stream)
    {
        (_file, Stream) = (file, stream);
        _length = World.Disk.Read(file).Length;
        _hadPicture = RecordingTags.Of(World, file).HasPicture;
    }

    public override void Start()
    {
        base.Start();
        Begin(0);
    }

    /// <summary>It is asked to go on elsewhere.</summary>
    public void Seek(uint timeMs) => (_soughtMs, _soughtUs) = (timeMs, Time.NowUs);

    public override void Hear(string code, string description)
    {
        base.Hear(code, description);
        switch (code)
        {
            case StatusCode.SeekNotify:
                _soughtUs = 0;
                Seeks++;
                Begin(_soughtMs);
                break;
            case StatusCode.SeekFailed:
                _soughtUs = 0;
                break;
            case StatusCode.PlayStop:
                HearEnd();
                break;
            case StatusCode.PauseNotify or StatusCode.UnpauseNotify:
                _seenUs = Time.NowUs;
                break;
            case StatusCode.PlayFailed or StatusCode.PlayStreamNotFound:
                End();
                break;
        }
    }

    public void See(MessageType type, uint timestamp, ReadOnlySpan<byte> payload)
    {
        if (type == MessageType.Data || _tags is null)
            return;                             // the file's own metadata
        if (!_tags.IsSound || !IsOurs(payload))
        {
            Frames++;
            return;
        }
        var seen = _view!.See(type, timestamp, payload, Time.NowUs);
        if (Publication.IsHeader(seen.Sort))
            return;
        Frames++;
        _seenUs = Time.NowUs;
        Follow(payload, timestamp);
    }

    /// <summary>It waits for something that it should have by now, in a calm.</summary>
    public bool IsStarved(long nowUs)
    {
        if (IsOver || StartedAt == 0 || Excuse is not null)
            return false;
        if (IsSeeking && nowUs - _soughtUs > AnswerUs)
            return true;
        // A file that a recorder could not begin is none: then a live stream is waited for.
        var isShown = Frames > 0
            || (!World.HasDiskFailed && World.Disk.CapacityBytes == long.MaxValue);
        return isShown && !IsPaused && !_isComplete && !IsSeeking && _tags is { IsSound: true }
            && nowUs - _seenUs > LatestPaceUs + StepUs();
    }

    public override string ToString() => $"{Owner} plays the recording {Stream}";

    protected override void OnEnded() => _tags = null;

    private void Begin(uint targetMs)
    {
        _targetMs = targetMs;
        _next = -1;
        _isComplete = false;
        _seenUs = Time.NowUs;
        _tags = RecordingTags.Of(World, _file);
        _view = new Viewing(World.Checks, World.Ledger, Stream[..Stream.LastIndexOf('_')], this)
        {
            IsSlow = true,                      // what a recorder lacks its player lacks
            MayLackHeaders = !_hadPicture,
            MayJump = true,                     // times are the file's, and compared with it
        };
    }

    /// <summary>Whether somebody published it whose messages are in the book.</summary>
    private bool IsOurs(ReadOnlySpan<byte> payload) =>
        Simulation.Frames.TryRead(payload, out var id, out _) && World.Ledger.Find(id) is not null;

    private void Follow(ReadOnlySpan<byte> payload, uint timeMs)
    {
        Simulation.Frames.TryRead(payload, out var id, out var index);
        if (_next < 0)
            _next = StartAt(id, index);
        if (_next >= _tags!.Frames.Count)
            _tags = RecordingTags.Of(World, _file);     // it has grown
        if (!_tags.IsSound)
            return;                             // the power failed while this was on its way
        var wanted = _next < _tags.Frames.Count ? _tags.Frames[_next] : default;
        if ((wanted.Id, wanted.Index, wanted.TimeMs) != (id, index, timeMs))
        {
            World.Checks.Fail(
                "what a recording holds is played from there on, and all of it",
                $"{this}: {id}/{index} at {timeMs} ms, and not {wanted} ({_next})");
        }
        _next++;
    }

    /// <summary>Without a picture it may begin behind a header of that time.</summary>
    private int StartAt(uint id, uint index)
    {
        var start = _tags!.StartFor(_targetMs, _hadPicture);
        var next = start + 1 < _tags.Frames.Count ? _tags.Frames[start + 1] : default;
        return !_hadPicture && (next.Id, next.Index) == (id, index) ? start + 1 : start;
    }

    private void HearEnd()
    {
        _isComplete = true;
        Ends++;
        if (_tags is not { IsSound: true } || Excuse is not null
            || World.Disk.Read(_file).Length != _length
            || World.EverInForce.Count > 1)
        {
            return;                             // it was written meanwhile
        }
        if (IsSeeking)
            return;                             // what was on its way went when the seek came
        var next = _next < 0 ? _tags.StartFor(_targetMs, _hadPicture) : _next;
        if (next < _tags.Frames.Count)
        {
            World.Checks.Fail(
                "what a recording holds is played from there on, and all of it",
                $"{this}: it ends behind {next} frames of {_tags.Frames.Count}");
        }
    }

    /// <summary>What lies between two frames of the file, for there may be a silence.</summary>
    private long StepUs()
    {
        var frames = _tags!.Frames;
        var next = _next < 0 ? _tags.StartFor(_targetMs, _hadPicture) : _next;
        var isBetween = next > 0 && next < frames.Count;
        return isBetween ? (frames[next].TimeMs - frames[next - 1].TimeMs) * 1000L : 0;
    }
}
