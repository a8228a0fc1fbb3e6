using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Reactor.Primitives;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Storage;

namespace Reactor.Server.Recording;

/// <summary>One FLV file that is being written.</summary>
/// <remarks>
/// Tags are whole in every write, with their back pointers, and a write that fails leaves nothing
/// of itself: so the file can be played whenever the server ends. Payloads of some size are handed
/// to the disk as they are, shared with the players; the rest is gathered in packets of ours.
/// Until the file is found, frames wait as they are: only then it is known where its time goes on.
/// Invariants: one write is under way at most; <see cref="_waiting"/> counts the bytes that the
/// disk has not answered for, and is within <see cref="WaitingBytesMax"/>.
/// </remarks>
internal sealed class RecordingFile
{
    /// <summary>What a slow disk may owe us: seconds of any usual stream.</summary>
    public const int WaitingBytesMax = 16 << 20;

    private const int BatchBytes = 64 << 10;
    private const int CopiedBytesMax = 4096;
    private const int AroundBytes = FlvWriter.TagHeaderLength + FlvWriter.BackPointerLength;
    private const int MetadataAt = FlvWriter.HeaderLength + FlvWriter.TagHeaderLength;

    private readonly RecordingPlace _place;
    private readonly PacketPool _pool;
    private readonly Action<RecordingFile> _opened;
    private readonly Action<RecordingFile, FileError?> _ended;
    private readonly List<Packet> _parts = [];
    private readonly Queue<(MessageType Type, uint TimeMs, Packet Payload, bool IsKeyframe)>
        _early = new();

    private RecordingStart? _start;
    private Packet? _batch;
    private State _state = State.Opening;
    private uint _startMs;
    private long _waiting;
    private bool _isWriting;
    private bool _hasAudio;
    private bool _hasVideo;

    /// <summary>Begins a file, or goes on in one.</summary>
    /// <param name="place">Which.</param>
    /// <param name="pool">Where packets come from.</param>
    /// <param name="opened">Told once it is being written.</param>
    /// <param name="ended">Told once: complete, or what went wrong.</param>
    public RecordingFile(
        RecordingPlace place,
        PacketPool pool,
        Action<RecordingFile> opened,
        Action<RecordingFile, FileError?> ended)
    {
        _place = place;
        _pool = pool;
        _opened = opened;
        _ended = ended;
        place.Open(Opened);
    }

    private enum State
    {
        Opening,
        Open,
        Finishing,
        Ended,
    }

    public SafePath Path => _place.Path;

    /// <summary>Time of the last tag.</summary>
    public uint LastMs { get; private set; }

    /// <summary>Bytes of the file, once all that waits is written.</summary>
    public long Bytes { get; private set; }

    /// <summary>Pictures, or frames of sound where there is no picture, since it was opened.
    /// </summary>
    public int Frames { get; private set; }

    public bool HasEnded => _state == State.Ended;

    /// <summary>Whether it ended because more waited than the disk may owe us.</summary>
    public bool WasTooSlow { get; private set; }

    /// <summary>Adds a tag.</summary>
    public void Write(MessageType type, uint timeMs, Packet payload, bool isKeyframe)
    {
        if (_state is State.Finishing or State.Ended
            || payload.Length > FlvWriter.PayloadBytesMax)
        {
            return;
        }
        if (_waiting + payload.Length > WaitingBytesMax)
        {
            WasTooSlow = true;
            Fail(new FileError(
                FileFailure.Busy, $"{Path}: the disk is too slow: {_waiting} bytes wait"));
            return;
        }
        if (_start is null)
        {
            _waiting += payload.Length;
            _early.Enqueue((type, timeMs, payload.Retain(), isKeyframe));
            return;
        }
        Add(type, timeMs, payload, isKeyframe);
        if (_waiting >= BatchBytes * 4)
            Flush();
    }

    /// <summary>Hands over what waits, unless a write is under way.</summary>
    public void Flush()
    {
        if (_isWriting || _start is null || _state is State.Ended)
            return;
        EndBatch();
        if (_parts.Count == 0)
            return;
        _isWriting = true;
        var bytes = 0L;
        foreach (var part in _parts)
            bytes += part.Length;
        _start.File.Append(CollectionsMarshal.AsSpan(_parts), error =>
        {
            _isWriting = false;
            _waiting -= bytes;
            Written(error);
        });
        Drop();
    }

    /// <summary>No tag comes any more: what waits is written, then the metadata, then it closes.
    /// </summary>
    public void Finish()
    {
        if (_state is State.Finishing or State.Ended)
            return;
        _state = State.Finishing;
        _place.End();
        Flush();
        FinishIfWritten();
    }

    /// <summary>Gives the file up as it is; it can be played up to what is written.</summary>
    public void Fail(FileError error)
    {
        if (_state == State.Ended)
            return;
        _state = State.Ended;
        EndBatch();
        Drop();
        CloseAsItIs();
        _ended(this, error);
    }

    private void Opened(RecordingStart? start, FileError? error)
    {
        _start = start;
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
        if (start.LastMs is { } lastMs)
            Continue(start, lastMs);
        else
            Begin(start);
        _opened(this);
        while (_early.TryDequeue(out var early))
        {
            _waiting -= early.Payload.Length;
            Add(early.Type, early.TimeMs, early.Payload, early.IsKeyframe);
            early.Payload.Release();
        }
        Flush();
        FinishIfWritten();
    }

    private void Begin(RecordingStart start)
    {
        var head = new byte[FlvWriter.HeaderLength];
        var writer = new ByteWriter(head);
        FlvWriter.Header(ref writer, hasAudio: true, hasVideo: true);
        Append(head);
        var body = _pool.Rent(start.Metadata.Length);
        start.Metadata.Write(body.Free, default, start.Index);
        body.Advance(start.Metadata.Length);
        Tag(MessageType.Data, 0, body);
        body.Release();
    }

    private void Continue(RecordingStart start, uint lastMs)
    {
        Bytes = start.File.Length;
        LastMs = lastMs;
        _startMs = start.NextMs;
        (_hasAudio, _hasVideo) = (start.HasAudio, start.HasVideo);
    }

    private void Add(MessageType type, uint timeMs, Packet payload, bool isKeyframe)
    {
        timeMs += _startMs;
        if (isKeyframe)
            _start!.Index.Add(timeMs, Bytes);
        _hasVideo |= type == MessageType.Video;
        _hasAudio |= type == MessageType.Audio;
        Frames += type == (_hasVideo ? MessageType.Video : MessageType.Audio) ? 1 : 0;
        LastMs = Math.Max(LastMs, timeMs);
        Tag(type, timeMs, payload);
    }

    private void Tag(MessageType type, uint timeMs, Packet payload)
    {
        Span<byte> around = stackalloc byte[FlvWriter.TagHeaderLength];
        var header = new ByteWriter(around);
        FlvWriter.TagHeader(ref header, type, timeMs, payload.Length);
        Append(around);
        if (payload.Length <= CopiedBytesMax)
        {
            Append(payload.Written);
        }
        else
        {
            EndBatch();
            _parts.Add(payload.Retain());
            _waiting += payload.Length;
            Bytes += payload.Length;
        }
        var behind = around[..FlvWriter.BackPointerLength];
        var pointer = new ByteWriter(behind);
        FlvWriter.BackPointer(ref pointer, payload.Length);
        Append(behind);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_batch is not null && _batch.Capacity - _batch.Length < bytes.Length)
            EndBatch();
        _batch ??= _pool.Rent(BatchBytes);
        _batch.Append(bytes);
        _waiting += bytes.Length;
        Bytes += bytes.Length;
    }

    private void EndBatch()
    {
        if (_batch is { } batch)
            _parts.Add(batch);
        _batch = null;
    }

    private void Drop()
    {
        foreach (var part in _parts)
            part.Release();
        _parts.Clear();
    }

    private void CloseAsItIs()
    {
        while (_early.TryDequeue(out var early))
            early.Payload.Release();
        _place.End();
        _start?.File.Close(_ => _place.Leave());
    }

    private void Written(FileError? error)
    {
        if (_state == State.Ended)
            return;
        if (error is not null)
            Fail(error);
        else if (_state == State.Finishing)
            Finished();
    }

    private void Finished()
    {
        Flush();                                // what came while the last write was under way
        FinishIfWritten();
    }

    private void FinishIfWritten()
    {
        if (_state != State.Finishing || _start is not { } start || _isWriting)
            return;
        _state = State.Ended;
        Invariant.Holds(_parts.Count == 0 && _batch is null);
        var body = new byte[start.Metadata.Length];
        start.Metadata.Write(
            body, new FlvSummary(LastMs, Bytes, _hasAudio, _hasVideo), start.Index);
        start.File.Write(MetadataAt, body, error => Close(start, error));
    }

    private void Close(RecordingStart start, FileError? error) => start.File.Close(second =>
    {
        _place.Leave();
        _ended(this, error ?? second);
    });
}
