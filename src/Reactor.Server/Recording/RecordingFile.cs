using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Reactor.Primitives;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Storage;
using Reactor.Transport.Polling;

namespace Reactor.Server.Recording;

/// <summary>One FLV file that is being written.</summary>
/// <remarks>
/// Tags are whole in every write, with their back pointers, and a write that fails leaves nothing
/// of itself: so the file can be played whenever the server ends. Payloads of some size are handed
/// to the disk as they are, shared with the players; the rest is gathered in packets of ours.
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

    private const int NamesMax = 100;

    private readonly FileStore _files;
    private readonly PacketPool _pool;
    private readonly IFaultTarget _owner;
    private readonly FlvMetadata _metadata;
    private readonly FlvIndex _index = new();
    private readonly Action<RecordingFile, FileError?> _ended;
    private readonly List<Packet> _parts = [];
    private Packet? _batch;
    private StoredFile? _file;
    private State _state = State.Opening;
    private long _waiting;
    private bool _isWriting;
    private bool _hasAudio;
    private bool _hasVideo;

    /// <summary>Begins a file.</summary>
    /// <param name="files">Where it becomes one.</param>
    /// <param name="pool">Where packets come from.</param>
    /// <param name="path">Its name; with a number behind it where there is such a file.</param>
    /// <param name="metadata">What the publisher said of the stream.</param>
    /// <param name="owner">Whose fault it is if an answer of the disk cannot be taken.</param>
    /// <param name="ended">Told once: complete, or what went wrong.</param>
    public RecordingFile(
        FileStore files,
        PacketPool pool,
        SafePath path,
        FlvMetadata metadata,
        IFaultTarget owner,
        Action<RecordingFile, FileError?> ended)
    {
        _files = files;
        _pool = pool;
        _metadata = metadata;
        _owner = owner;
        _ended = ended;
        Path = path;
        Begin();
        Open(path, 0);
    }

    private enum State
    {
        Opening,
        Open,
        Finishing,
        Ended,
    }

    public SafePath Path { get; private set; }

    /// <summary>Time of the last tag.</summary>
    public uint LastMs { get; private set; }

    /// <summary>Bytes of the file, once all that waits is written.</summary>
    public long Bytes { get; private set; }

    /// <summary>Pictures, or frames of sound where there is no picture.</summary>
    public int Frames { get; private set; }

    public bool HasEnded => _state == State.Ended;

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
            Fail(new FileError(
                FileFailure.Busy, $"{Path}: the disk is too slow: {_waiting} bytes wait"));
            return;
        }
        if (isKeyframe)
            _index.Add(timeMs, Bytes);
        _hasVideo |= type == MessageType.Video;
        _hasAudio |= type == MessageType.Audio;
        Frames += type == (_hasVideo ? MessageType.Video : MessageType.Audio) ? 1 : 0;
        LastMs = Math.Max(LastMs, timeMs);
        Tag(type, timeMs, payload);
        if (_waiting >= BatchBytes * 4)
            Flush();
    }

    /// <summary>Hands over what waits, unless a write is under way.</summary>
    public void Flush()
    {
        if (_isWriting || _file is null || _state is State.Ended)
            return;
        EndBatch();
        if (_parts.Count == 0)
            return;
        _isWriting = true;
        var bytes = 0L;
        foreach (var part in _parts)
            bytes += part.Length;
        _file.Append(CollectionsMarshal.AsSpan(_parts), error =>
        {
            _isWriting = false;
            _waiting -= bytes;
            Written(error);
        });
        Drop();
    }

    /// <summary>No file that is there is ever touched: another name is taken.</summary>
    private void Open(SafePath path, int number)
    {
        Path = number == 0 ? path : Numbered(path.Text, number);
        _files.Open(Path, FileUse.Create, _owner, result =>
        {
            if (result.Error?.Failure == FileFailure.Exists && number < NamesMax)
                Open(path, number + 1);
            else
                Opened(result);
        });
    }

    private static SafePath Numbered(string path, int number)
    {
        var dot = path.LastIndexOf('.');
        var stem = dot > path.LastIndexOf('/') ? dot : path.Length;
        return SafePath.Configured($"{path[..stem]}-{number}{path[stem..]}");
    }

    private void Opened(FileResult<StoredFile> result)
    {
        if (!result.IsOk(out var file, out var error))
        {
            Fail(error);
            return;
        }
        if (_state == State.Ended)
        {
            file.Close();
            return;
        }
        _file = file;
        if (_state == State.Opening)
            _state = State.Open;
        Flush();
        FinishIfWritten();
    }

    /// <summary>No tag comes any more: what waits is written, then the metadata, then it closes.
    /// </summary>
    public void Finish()
    {
        if (_state is State.Finishing or State.Ended)
            return;
        _state = State.Finishing;
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
        _file?.Close();
        _ended(this, error);
    }

    private void Begin()
    {
        var head = new byte[FlvWriter.HeaderLength];
        var writer = new ByteWriter(head);
        FlvWriter.Header(ref writer, hasAudio: true, hasVideo: true);
        Append(head);
        var body = _pool.Rent(_metadata.Length);
        _metadata.Write(body.Free, default, _index);
        body.Advance(_metadata.Length);
        Tag(MessageType.Data, 0, body);
        body.Release();
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
        if (_state != State.Finishing || _file is null || _isWriting)
            return;
        _state = State.Ended;
        Invariant.Holds(_parts.Count == 0 && _batch is null);
        var body = new byte[_metadata.Length];
        _metadata.Write(body, new FlvSummary(LastMs, Bytes, _hasAudio, _hasVideo), _index);
        _file.Write(MetadataAt, body, Close);
    }

    private void Close(FileError? error) =>
        _file!.Close(second => _ended(this, error ?? second));
}
