using System;
using System.Collections.Generic;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Storage;

namespace Reactor.Server.Recording;

/// <summary>One file that is being written.</summary>
/// <remarks>
/// Every write ends where its format can end, and a write that fails leaves nothing of itself: so
/// the file can be played whenever the server ends. Until the file is found, frames wait as they
/// are: only then it is known where its time goes on.
/// Invariants: one write is under way at most; what waits is within its bound.
/// </remarks>
internal sealed class RecordingFile
{
    private readonly RecordingPlace _place;
    private readonly IRecordingFormat _format;
    private readonly int _waitingBytesMax;
    private readonly RecordingBytes _bytes;
    private readonly Action<RecordingFile> _opened;
    private readonly Action<RecordingFile, FileError?> _ended;
    private readonly Queue<RecordedFrame> _early = new();

    private StoredFile? _file;
    private RecordingHead? _head;
    private State _state = State.Opening;
    private uint _startMs;
    private long _earlyBytes;
    private bool _isWriting;
    private bool _hasVideo;

    /// <summary>Begins a file, or goes on in one.</summary>
    /// <param name="place">Which.</param>
    /// <param name="format">What it is written as.</param>
    /// <param name="waitingBytesMax">What a slow disk may owe us.</param>
    /// <param name="pool">Where packets come from.</param>
    /// <param name="opened">Told once it is being written.</param>
    /// <param name="ended">Told once: complete, or what went wrong.</param>
    public RecordingFile(
        RecordingPlace place,
        IRecordingFormat format,
        int waitingBytesMax,
        PacketPool pool,
        Action<RecordingFile> opened,
        Action<RecordingFile, FileError?> ended)
    {
        _place = place;
        _format = format;
        _waitingBytesMax = waitingBytesMax;
        _bytes = new RecordingBytes(pool);
        _opened = opened;
        _ended = ended;
        place.Open(Opened);
    }

    private enum State
    {
        Opening,
        Open,
        Finishing,
        Completing,
        Ended,
    }

    public SafePath Path => _place.Path;

    /// <summary>Time of the last frame.</summary>
    public uint LastMs { get; private set; }

    /// <summary>Bytes of the file, once all that waits is written.</summary>
    public long Bytes => _bytes.Length + _format.HeldBytes;

    /// <summary>Pictures, or frames of sound where there is no picture, since it was opened.
    /// </summary>
    public int Frames { get; private set; }

    /// <summary>Whether nothing waits any more but its head, and its end.</summary>
    public bool HasEnded => _state >= State.Completing;

    /// <summary>Whether it ended because more waited than the disk may owe us.</summary>
    public bool WasTooSlow { get; private set; }

    private long Waiting => _bytes.Waiting + _format.HeldBytes + _earlyBytes;

    /// <summary>Whether a frame can go into this file; otherwise another has to begin.</summary>
    public bool Fits(MessageType type, Packet payload) => _format.Fits(type, payload);

    /// <summary>Adds a frame.</summary>
    public void Write(in RecordedFrame frame)
    {
        if (_state >= State.Finishing)
            return;
        if (Waiting + frame.Payload.Length > _waitingBytesMax)
        {
            WasTooSlow = true;
            Fail(new FileError(
                FileFailure.Busy, $"{Path}: the disk is too slow: {Waiting} bytes wait"));
            return;
        }
        if (_file is null)
        {
            _earlyBytes += frame.Payload.Length;
            frame.Payload.Retain();
            _early.Enqueue(frame);
            return;
        }
        Add(frame);
        if (_bytes.Waiting >= RecordingBytes.BatchBytes)
            Flush();
    }

    /// <summary>What came so far is to be on the disk.</summary>
    public void EndPart()
    {
        if (_state != State.Open)
            return;
        _format.EndPart(_bytes);
        if (_bytes.Length == 0 && Frames > 0)
            Fail(NothingHeld());
        Flush();
    }

    /// <summary>No frame comes any more: what waits is written, then the head, then it closes.
    /// </summary>
    public void Finish()
    {
        if (_state >= State.Finishing)
            return;
        _state = State.Finishing;
        _place.End();
        EndFormat();
    }

    /// <summary>Gives the file up as it is; it can be played up to what is written.</summary>
    public void Fail(FileError error)
    {
        if (_state == State.Ended)
            return;
        _state = State.Ended;
        _bytes.Drop();
        _format.Drop();
        CloseAsItIs();
        _ended(this, error);
    }

    private void Opened(RecordingStart? start, FileError? error)
    {
        _file = start?.File;
        if (start is null)
        {
            Fail(error!);
            return;
        }
        if (_state == State.Ended)
        {
            CloseAsItIs();
            return;
        }
        if (_state == State.Opening)
            _state = State.Open;
        else
            _place.End();
        if (start.Tail is { } tail)
        {
            _bytes.Length = start.File.Length;
            (LastMs, _startMs, _hasVideo) = (tail.LastMs, tail.NextMs, tail.HasVideo);
        }
        _format.Begin(start.Tail, _bytes);
        _opened(this);
        while (_early.TryDequeue(out var early))
        {
            _earlyBytes -= early.Payload.Length;
            Add(early);
            early.Payload.Release();
        }
        Flush();
        if (_state == State.Finishing)
            EndFormat();
    }

    private void Add(in RecordedFrame frame)
    {
        var timeMs = frame.TimeMs + _startMs;
        _hasVideo |= frame.Type == MessageType.Video;
        Frames += frame.Type == (_hasVideo ? MessageType.Video : MessageType.Audio) ? 1 : 0;
        LastMs = Math.Max(LastMs, timeMs);
        _format.Add(frame with { TimeMs = timeMs }, _bytes);
    }

    /// <summary>Hands over what waits, unless a write is under way.</summary>
    private void Flush()
    {
        if (_isWriting || _file is null || _state == State.Ended || _bytes.IsEmpty)
            return;
        _isWriting = true;
        _bytes.HandTo(_file, error =>
        {
            _isWriting = false;
            Written(error);
        });
    }

    private void Written(FileError? error)
    {
        if (_state == State.Ended)
            return;
        if (error is not null)
            Fail(error);
        else if (_state == State.Finishing)
            FinishIfWritten();
    }

    private void EndFormat()
    {
        if (_file is null)
            return;
        _head = _format.End(LastMs, _bytes);
        if (_head is null)
            Fail(NothingHeld());
        else
            FinishIfWritten();
    }

    private FileError NothingHeld() =>
        new(FileFailure.Other, $"{Path}: nothing came that its format can hold");

    private void FinishIfWritten()
    {
        Flush();                                // what came while the last write was under way
        if (_state != State.Finishing || _isWriting)
            return;
        _state = State.Completing;
        Invariant.Holds(_bytes.IsEmpty && _head is not null);
        _file!.Write(_head!.At, _head.Bytes, error => _file.Close(second =>
        {
            _place.Leave();
            if (_state == State.Ended)
                return;                         // a fault was told meanwhile
            _state = State.Ended;
            _ended(this, error ?? second);
        }));
    }

    private void CloseAsItIs()
    {
        while (_early.TryDequeue(out var early))
            early.Payload.Release();
        _place.End();
        _file?.Close(_ => _place.Leave());
    }
}
