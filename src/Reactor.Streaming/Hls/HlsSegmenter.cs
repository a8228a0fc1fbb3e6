using System;
using Reactor.Primitives;

namespace Reactor.Streaming.Hls;

/// <summary>Cuts the frames of a live stream into segments.</summary>
/// <remarks>
/// <para>A segment begins at a keyframe, once the one before it is long enough; at any frame only
/// where no keyframe comes. A decoder has to begin anew, and is told so once, where another
/// publisher begins, where headers or tracks change, and where the clock leaps (A21).</para>
/// <para>Time is the frames' own; the wall clock is for the playlist's dates alone. Where two
/// servers are to make the same segments, <see cref="HlsGrid"/> says where one begins, and each is
/// written as if it were the first.</para>
/// Invariant: while a segment is open, the container holds its beginning.
/// </remarks>
public sealed class HlsSegmenter
{
    private const int UsualStepMs = 20;
    private const int UsualStepMaxMs = 1000;

    private readonly HlsSettings _settings;
    private readonly IHlsContainer _container;
    private readonly HlsTracks _tracks;
    private readonly HlsProbe _probe;
    private readonly HlsGrid? _grid;
    private readonly HlsDates _dates;
    private readonly HlsPartClock _parts;
    private readonly Action<MediaFrame> _mux;
    private HlsProgram _program;
    private bool _isProbing;
    private bool _isOpen;
    private bool _hasFrame;
    private bool _isDiscontinuity;
    private bool _hasBegun;
    private bool _opensAnew;
    private long _startMs;
    private long _latestMs;
    private long _steppedMs;
    private long _stepMs = UsualStepMs;
    private DateTimeOffset _utc;
    private DateTimeOffset? _startUtc;
    private bool _isIndependent;
    private bool _isUnlike;

    /// <param name="settings">Lengths and bounds.</param>
    /// <param name="pool">Where segments and playlists live.</param>
    /// <param name="name">The live stream's name, without its application.</param>
    /// <param name="firstSequence">See <see cref="HlsWindow"/>.</param>
    public HlsSegmenter(HlsSettings settings, PacketPool pool, string name, long firstSequence)
    {
        _settings = settings;
        _container = settings.IsMp4 ? new Mp4Container(pool) : new TsContainer(pool);
        _tracks = new HlsTracks(_container, settings);
        _probe = new HlsProbe(settings);
        _grid = settings.IsAligned ? new HlsGrid(settings) : null;
        _dates = new HlsDates(settings.IsAligned ? DateTimeOffset.UnixEpoch : null);
        _parts = new HlsPartClock(settings.PartMs, settings.FragmentMs);
        _mux = frame => Mux(frame);
        Window = new HlsWindow(settings, pool, name, firstSequence);
    }

    public HlsWindow Window { get; }

    /// <summary>Called with each segment once it is complete.</summary>
    public Action<HlsSegment>? SegmentReady { get; set; }

    /// <summary>Called when a bound cuts a segment, or costs the oldest one.</summary>
    public Action<StreamBound>? Struck
    {
        get => Window.Struck;
        set => Window.Struck = value;
    }

    /// <summary>Called once a publisher for each codec that is left out (Q56).</summary>
    public Action<string>? CodecRefused
    {
        get => _tracks.CodecRefused;
        set => _tracks.CodecRefused = value;
    }

    /// <summary>
    /// Called once a publisher when another server, which began later, would number otherwise.
    /// </summary>
    public Action? Unlike { get; set; }

    /// <summary>Frames that could not be carried: empty, cut short, too long.</summary>
    public long Skipped { get; private set; }

    /// <summary>When the last frame has been shown, where none follows.</summary>
    private long EndMs => Math.Max(_latestMs, _steppedMs + _stepMs);

    /// <summary>The codec of a track that is left out, or why; null when it is not.</summary>
    public string? RefusedOf(FrameKind kind) => _tracks.RefusedOf(kind);

    /// <summary>A publisher begins.</summary>
    /// <param name="shiftMs">
    /// What two servers that are to agree add to its times, see <see cref="HlsGrid.ShiftOf"/>.
    /// </param>
    public void Begin(long shiftMs = 0)
    {
        Pause();
        if (Window.IsEnded)
            Window.Resume();
        _tracks.Reset();
        _dates.Begin();
        _grid?.Begin(shiftMs);
        _parts.Restart();
        _program = default;
        _isUnlike = false;
        _isDiscontinuity = true;
        _isProbing = true;
    }

    /// <summary>The publisher is gone, and may come back: what there is of it is listed.</summary>
    public void Pause()
    {
        CloseSegment(EndMs);
        _probe.Clear();
        _isProbing = false;
    }

    /// <summary>Nobody publishes any more: the playlist says that it ends.</summary>
    public void End()
    {
        Pause();
        if (!Window.IsEnded)
            Window.End();
    }

    /// <summary>Gives all memory back.</summary>
    public void Clear()
    {
        _tracks.Reset();
        _probe.Clear();
        _container.DropSegment();
        _container.Clear();
        _isOpen = _isProbing = false;
        Window.Clear();
    }

    /// <summary>Takes a frame of the live stream.</summary>
    /// <param name="frame">Its payload is borrowed.</param>
    /// <param name="utc">When it came, by the wall clock.</param>
    public void OnFrame(in MediaFrame frame, DateTimeOffset utc)
    {
        _utc = utc;
        Take(_grid is null ? frame : _grid.Place(frame));
    }

    private void Take(in MediaFrame frame)
    {
        var isFrame = _tracks.IsFrame(frame);
        if (_isProbing && _tracks.IsChanged)
        {
            _probe.Drop();                      // it would be told to need the new decoder
            _tracks.BeginSegment();
        }
        if (!isFrame)
            return;
        _dates.See(frame.TimeMs, _utc);
        if (_isProbing)
            Probe(frame);
        else
            Mux(frame);
    }

    /// <summary>Holds the frame, and begins once it is known with which tracks.</summary>
    private void Probe(in MediaFrame frame)
    {
        if (_tracks.IsCarried(frame.Kind))
            _probe.Hold(frame);
        if (!_probe.IsOver(frame.TimeMs, _tracks.VideoState, _tracks.AudioState))
            return;
        if (_probe.Count == 0)
        {
            _probe.Clear();                     // nothing that can be carried: wait anew
            return;
        }
        _isProbing = false;
        _startMs = frame.TimeMs;
        _probe.Measure(_parts, _tracks.VideoState);
        SettleParts();
        _probe.Release(_mux, inOrder: _grid is not null);
    }

    private void Mux(in MediaFrame frame)
    {
        if (_isOpen && frame.TimeMs - _latestMs > _settings.GapMs)
            Leap(frame);
        var mayBegin = _grid?.CanBegin(frame, Window.NextSequence) != false;
        if (!mayBegin)
            _startMs = frame.TimeMs;            // nothing is late that may not begin yet
        var program = _tracks.ProgramAt(frame.TimeMs, _program);
        var isNew = !_isOpen || program != _program || _tracks.IsChanged;
        if (mayBegin && IsStart(frame, program) && (isNew || IsLongEnough(frame, program)))
        {
            CountBound(frame, program);
            OpenSegment(frame, program);
        }
        else if (_isOpen && Leads(frame.Kind) && _parts.IsOver(frame.TimeMs))
            CutPart(frame);
        if (!_isOpen || !_tracks.Fits(frame.Kind, _program))
            return;                             // until a keyframe, or a track's new start
        if (_tracks.TryWrite(frame))
            Advance(frame);
        else
            Skipped++;
    }

    /// <summary>The stream's clock leaps; a keyframe is waited for, but not for ever.</summary>
    private void Leap(in MediaFrame frame)
    {
        CloseSegment(EndMs);
        _isDiscontinuity = true;
        _tracks.Leap(frame.TimeMs);
        _grid?.Wait();
        _dates.Begin();
        _dates.See(frame.TimeMs, _utc);
        _startMs = frame.TimeMs;
    }

    /// <summary>Whether a segment can begin here: late ones begin at any frame.</summary>
    private bool IsStart(in MediaFrame frame, HlsProgram program) =>
        !program.IsEmpty && (frame.IsKeyframe || !program.HasVideo || IsLate(frame));

    private bool IsLate(in MediaFrame frame) =>
        frame.TimeMs - _startMs >= _settings.FragmentMaxMs
        || _container.Bytes >= _settings.SegmentBytesMax;

    /// <summary>Without the bound it would have gone on.</summary>
    private void CountBound(in MediaFrame frame, HlsProgram program)
    {
        if (!_isOpen || frame.IsKeyframe || !program.HasVideo)
            return;
        Struck?.Invoke(_container.Bytes >= _settings.SegmentBytesMax
            ? StreamBound.SegmentBytes
            : StreamBound.SegmentLength);
    }

    private bool IsLongEnough(in MediaFrame frame, HlsProgram program) =>
        (_grid?.IsOver(frame.TimeMs) ?? frame.TimeMs - _startMs
            >= (program.HasVideo ? _settings.FragmentMs : _settings.AudioOnlyFragmentMs))
        || IsLate(frame);

    private void OpenSegment(in MediaFrame frame, HlsProgram program)
    {
        CloseSegment(frame.TimeMs);
        _opensAnew = _hasBegun && (_isDiscontinuity || program != _program || _tracks.IsChanged);
        Number(frame);
        _container.BeginSegment(
            program, _opensAnew, _grid is null ? null : Window.NextSequence);
        Window.SetInit(_container.Init);
        _tracks.BeginSegment();
        if (!_program.IsEmpty && program.Leading != _program.Leading)
            _parts.Restart();
        _program = program;
        _isDiscontinuity = false;
        _hasBegun = _isOpen = true;
        _hasFrame = false;
        _startMs = _latestMs = frame.TimeMs;
        _startUtc = null;
        BeginPart(frame);
    }

    private void Number(in MediaFrame frame)
    {
        if (_grid is null)
            return;
        var next = Window.NextSequence;
        Window.NextSequence = _grid.Open(frame.TimeMs, next, out var isLike);
        if (isLike || _isUnlike)
            return;
        _isUnlike = true;
        Unlike?.Invoke();
    }

    private void BeginPart(in MediaFrame frame)
    {
        _parts.Begin(frame.TimeMs);
        _isIndependent = frame.IsKeyframe || !_program.HasVideo;
    }

    /// <summary>What there is can be fetched; the frame begins the next part.</summary>
    private void CutPart(in MediaFrame frame)
    {
        if (!_hasFrame)
            return;
        AddPart(frame.TimeMs, _container.CutPart(frame.TimeMs));
        BeginPart(frame);
    }

    /// <summary>A part of which nothing could be carried is none.</summary>
    private void AddPart(long endMs, Packet[] packets)
    {
        if (packets.Length == 0)
            return;
        var part = new HlsPart(_parts.Duration(endMs), _isIndependent, packets);
        Window.AddPart(part, _opensAnew, StartUtc());
    }

    private DateTimeOffset StartUtc() => _startUtc ??= _dates.DateOf(_startMs);

    /// <summary>Whether frames of a kind say when a part ends.</summary>
    private bool Leads(FrameKind kind) => kind == FrameKind.Video || !_program.HasVideo;

    private void CloseSegment(long endMs)
    {
        if (!_isOpen)
            return;
        _isOpen = false;
        if (!_hasFrame)
        {
            _container.DropSegment();
            _isDiscontinuity |= _opensAnew;
            return;
        }
        var durationMs = Math.Max(1, endMs - _startMs);
        var startUtc = StartUtc();
        _dates.End(startUtc + TimeSpan.FromMilliseconds(durationMs));
        var packets = _container.EndSegment(endMs);
        if (Window.UnderWay is not null)
        {
            AddPart(endMs, packets);
            packets = [];
        }
        var segment = Window.Add(durationMs, _opensAnew, startUtc, packets);
        SettleParts();
        _startMs = endMs;
        SegmentReady?.Invoke(segment);
    }

    private void SettleParts()
    {
        _parts.Settle();
        Window.PartTargetMs = _parts.TargetMs;
    }

    private void Advance(in MediaFrame frame)
    {
        _hasFrame = true;
        _latestMs = Math.Max(_latestMs, frame.TimeMs);
        if (!Leads(frame.Kind))
            return;
        var stepMs = frame.TimeMs - _steppedMs;
        _steppedMs = frame.TimeMs;
        if (stepMs is > 0 and <= UsualStepMaxMs)
        {
            _stepMs = stepMs;
            _parts.Measure(stepMs);
        }
    }
}
