using System;
using System.Collections.Generic;
using NLog;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Server.Exec;
using Reactor.Server.Hooks;
using Reactor.Server.Storage;
using Reactor.Streaming;
using Reactor.Transport;
using Reactor.Transport.Polling;

namespace Reactor.Server.Recording;

/// <summary>Writes a live stream into files, one after another.</summary>
/// <remarks>
/// A file begins with the configurations, and its picture at a keyframe; the time of each begins at
/// 0. A publisher that comes back within its grace goes on in the same file. Trouble with the disk
/// ends the file and is told once; it is tried again after a while, or for the next stream.
/// </remarks>
internal sealed class Recorder : ISubscriber, IFaultTarget
{
    private const int RetryMs = 30_000;
    private const int FreeCheckMs = 10_000;

    private static readonly Logger Log = LogManager.GetLogger("record");
    private static readonly LentCall<Recorder, MediaFrame> TakeFrame =
        (Recorder recorder, in MediaFrame frame) => recorder.Take(frame);
    private static readonly Action<object> Flush =
        recorder => ((Recorder)recorder)._file?.EndPart();

    private readonly ReactorServer _server;
    private long _graceMs;
    private RecordingFile? _file;

    /// <summary>Those that have had their last frame, and still need the disk.</summary>
    private readonly List<RecordingFile> _ending = [];

    private SafePath _wanted;
    private HookEvent? _publisher;
    private PlayerClock _clock;
    private bool _hasPicture;
    private bool _repeatsConfigs;
    private uint _soundMs;
    private long _flushedMs;
    private long _retryAtMs;
    private long _freeCheckAtMs;

    public Recorder(
        ReactorServer server, LiveStream stream, RecordOptions rule, StreamOptions options)
    {
        _server = server;
        Reload(options);
        Stream = stream;
        Rule = rule;
        stream.Subscribe(this);
    }

    public LiveStream Stream { get; }

    public RecordOptions Rule { get; }

    public bool IsAudience => false;

    /// <summary>Whether it is over: the publisher left for good, or it was ended.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The file that is being written.</summary>
    public RecordingFile? File => _file;

    /// <summary>What went wrong last; empty when nothing did.</summary>
    public string LastError { get; private set; } = "";

    public void OnFrame(in MediaFrame frame) => _server.Loop.Contain(this, this, frame, TakeFrame);

    private void Take(in MediaFrame frame)
    {
        var nowMs = _server.Loop.NowMs;
        if (IsOver || nowMs < _retryAtMs || !IsWanted(frame))
            return;
        if (_file is not null && ((frame is { IsConfig: false } && IsDue(frame))
            || !_file.Fits(MediaFrame.TypeOf(frame.Kind), frame.Payload)))
        {
            EndFile();
        }
        if (_file is null && !TryBegin(frame))
            return;
        if (frame.Kind == FrameKind.Video && !frame.IsConfig)
        {
            if (Rule.WaitKey && !_hasPicture && !frame.IsKeyframe)
                return;
            _hasPicture = true;
        }
        Write(frame);
    }

    public void OnPublished()
    {
        _hasPicture = false;
        _retryAtMs = 0;
        _clock.Resume();
    }

    public void OnUnpublished() => _server.Loop.Contain(this, this, Flush);

    /// <summary>Writes what has waited long enough, and ends what nobody publishes any more.
    /// </summary>
    public void Check()
    {
        if (IsOver)
            return;
        var nowMs = _server.Loop.NowMs;
        if (!Stream.IsPublished && nowMs - Stream.UnpublishedSinceMs > _graceMs)
        {
            End();
            return;
        }
        if (_file is null)
            return;
        if (nowMs - _flushedMs >= Rule.Part.TotalMilliseconds)
        {
            _flushedMs = nowMs;
            _file.EndPart();
        }
        if (_file is { } file && Rule.MinFree > 0 && nowMs >= _freeCheckAtMs)
            CheckFree(file, nowMs);
    }

    /// <summary>Other options are in force: what is written, and where, stays as it was.</summary>
    public void Reload(StreamOptions options) =>
        _graceMs = (long)options.Publish.Grace.TotalMilliseconds;

    /// <summary>Completes the file and leaves the stream.</summary>
    public void End()
    {
        if (IsOver)
            return;
        IsOver = true;
        EndFile();
        Stream.Unsubscribe(this);
        _server.Hub.Release(Stream);
    }

    public void OnFault(Exception fault)
    {
        Log.Error(fault, "{Stream:l}: a fault of ours in its recording", Stream.Key.ToString());
        LastError = fault.Message;
        if (_file is { } current)
            _ending.Add(current);
        _file = null;
        End();
        foreach (var file in _ending.ToArray())     // whose work it was is not known
            file.Fail(new FileError(FileFailure.Other, $"{file.Path}: {fault.Message}"));
    }

    private bool IsWanted(in MediaFrame frame) => Rule.Record switch
    {
        RecordMode.Audio => frame.Kind != FrameKind.Video,
        RecordMode.Video => frame.Kind != FrameKind.Audio,
        RecordMode.Keyframes =>
            frame.Kind == FrameKind.Video && (frame.IsKeyframe || frame.IsConfig),
        _ => true,
    };

    /// <summary>Whether another file is to begin with this frame.</summary>
    private bool IsDue(in MediaFrame frame)
    {
        var isTurn = frame.IsKeyframe
            || (frame.Kind == FrameKind.Audio && (!Stream.Codecs.HasVideo || !_hasPicture));
        if (!isTurn)
            return false;
        var file = _file!;
        var lengthMs = _clock.Of(frame);
        var isFull = (Rule.RecordInterval > TimeSpan.Zero
                && lengthMs >= Rule.RecordInterval.TotalMilliseconds)
            || (Rule.RecordMaxSize > 0 && file.Bytes >= Rule.RecordMaxSize)
            || (Rule.RecordMaxFrames > 0 && file.Frames >= Rule.RecordMaxFrames);
        return isFull && !(Rule.RecordAppend && PathNow() == _wanted);
    }

    private SafePath PathNow()
    {
        var now = _server.Time.GetLocalNow();
        var path = Rule.RecordPath.Expand(
            new PathFields(Stream.Key.App, Stream.Key.Name, Rule.Extension, now));
        return Rule.RecordUnique
            ? RecordingPlace.Numbered(path, now.ToUnixTimeSeconds())
            : path;
    }

    private bool TryBegin(in MediaFrame frame)
    {
        var needsKeyframe = Rule.WaitKey && Rule.Record != RecordMode.Audio
            && Stream.Codecs.HasVideo;
        if (frame.IsConfig || frame.Kind == FrameKind.Data || (needsKeyframe && !frame.IsKeyframe))
            return false;
        var path = PathNow();
        if (Rule.RecordAppend && _server.Recorders.Names.IsEnding(path))
            return false;                       // it is written on as soon as it is closed
        _clock = new PlayerClock(TimeMode.Full);
        _hasPicture = false;
        _wanted = path;
        _flushedMs = _server.Loop.NowMs;
        _freeCheckAtMs = _flushedMs + FreeCheckMs;
        var place = new RecordingPlace(_server, Rule, path, this);
        var publisher = _server.Hooks.PublisherOf(Stream);
        var file = new RecordingFile(
            place, NewFormat(), Rule.MaxBacklog, _server.Loop.Pool,
            _ => Notify(StatusCode.RecordStart),
            (ended, error) => Ended(ended, publisher, error));
        if (file.HasEnded)
            return false;
        _file = file;
        _publisher = publisher;
        // What is there already of a file may have begun with others.
        _repeatsConfigs = Rule is { RecordAppend: true, Format: RecordFormat.Flv };
        _soundMs = 0;
        for (var i = 0; i < Stream.Codecs.Count; i++)
        {
            if (IsWanted(Stream.Codecs[i]))
                Write(Stream.Codecs[i], _clock.Of(Stream.Codecs[i]), isStart: false);
        }
        return _file is not null;
    }

    /// <summary>
    /// Whoever seeks has what the file begins with: where that does not hold any more, each
    /// keyframe has the configurations of its time before it.
    /// </summary>
    private void Write(in MediaFrame frame)
    {
        var timeMs = _clock.Of(frame);
        var isStart = frame.IsKeyframe;
        _repeatsConfigs |= Rule.Format == RecordFormat.Flv
            && frame is { IsConfig: true, Kind: not FrameKind.Data };
        for (var i = 0; frame.IsKeyframe && _repeatsConfigs && i < Stream.Codecs.Count; i++)
        {
            if (!IsWanted(Stream.Codecs[i]))
                continue;
            Write(Stream.Codecs[i], timeMs, isStart);
            isStart = false;
        }
        Write(frame, timeMs, isStart);
    }

    private void Write(in MediaFrame frame, uint timeMs, bool isStart)
    {
        if (frame.Kind == FrameKind.Audio)
            timeMs = _soundMs = Math.Max(timeMs, _soundMs);     // a keyframe may be a bit behind
        _file?.Write(new RecordedFrame(
            MediaFrame.TypeOf(frame.Kind), timeMs, frame.Payload, isStart));
    }

    private IRecordingFormat NewFormat()
    {
        var pool = _server.Loop.Pool;
        if (Rule.Format == RecordFormat.Fmp4)
            return new Mp4Recording(pool);
        var published = Stream.Codecs.Metadata is { } metadata ? metadata.Payload.Written : [];
        return new FlvRecording(new FlvMetadata(published), pool);
    }

    private void EndFile()
    {
        if (_file is { HasEnded: false } file)
        {
            _ending.Add(file);
            file.Finish();
        }
        _file = null;
    }

    /// <summary>Tells the publisher of a file, if it wants to know (nginx's record_notify).
    /// </summary>
    /// <remarks>Trouble is no error of the stream: at that level encoders give up.</remarks>
    private void Notify(string code)
    {
        if (Rule.RecordNotify)
            Stream.Publisher?.OnNotice(code, Rule.Name);
    }

    private void Ended(RecordingFile file, HookEvent publisher, FileError? error)
    {
        _ending.Remove(file);
        Notify(error is null ? StatusCode.RecordStop : StatusCode.RecordFailed);
        if (file.WasTooSlow)
            _server.Struck.Add(Limit.RecordBacklog);
        if (error is null)
        {
            _server.Hooks.RecordDone(publisher, Told(file));
            _server.Exec.Tell(ExecKind.RecordDone, publisher with { File = Told(file) });
            Log.Info(
                "{Stream:l} recorded: {Path:l}, {Seconds} s, {Bytes} bytes",
                Stream.Key.ToString(), file.Path.Text, file.LastMs / 1000.0, file.Bytes);
            return;
        }
        LastError = error.Text;
        _server.Hooks.RecordFailed(publisher, Told(file) with { Why = error.Text });
        if (IsOver || (_file is not null && _file != file))
        {
            // One that had its last frame could not be completed; the one under way, if there is
            // one, has its own luck.
            Log.Error("{Stream:l}: {Why:l}", Stream.Key.ToString(), error.Text);
            return;
        }
        _file = null;
        Pause(error);
    }

    /// <summary>Tells of trouble, and records nothing for a while.</summary>
    private void Pause(FileError error)
    {
        LastError = error.Text;
        _retryAtMs = _server.Loop.NowMs + RetryMs;
        Log.Error(
            "{Stream:l} is not recorded any more: {Why:l}; again in {Seconds} s",
            Stream.Key.ToString(), error.Text, RetryMs / 1000);
    }

    /// <summary>What is there is completed, which needs no more room.</summary>
    private void CheckFree(RecordingFile file, long nowMs)
    {
        _freeCheckAtMs = nowMs + FreeCheckMs;
        _server.Recorders.Retention.MakeRoom(Rule, file.Path.Folder, this, error =>
        {
            if (error is null || file != _file || file.HasEnded)
                return;
            _server.Hooks.RecordFailed(_publisher!, Told(file) with { Why = error.Text });
            EndFile();
            Pause(error);
        });
    }

    private HookFile Told(RecordingFile file) =>
        new(file.Path.Text, file.LastMs) { Bytes = file.Bytes, Recorder = Rule.Name };
}
