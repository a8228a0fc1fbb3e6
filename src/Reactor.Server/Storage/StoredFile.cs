using System;
using Reactor.Primitives;
using Reactor.Transport.Polling;

namespace Reactor.Server.Storage;

/// <summary>An open file. What is asked of it is done in the order in which it was asked.</summary>
/// <remarks>Closing waits for its turn; then nothing more may be asked.</remarks>
public sealed class StoredFile
{
    private readonly FileStore _store;
    private readonly IDiskFile _file;
    private readonly IFaultTarget? _owner;
    private long _end;                          // belongs to whoever works, one at a time

    internal StoredFile(
        FileStore store, SafePath path, IDiskFile file, FileLane lane, IFaultTarget? owner)
    {
        _store = store;
        _file = file;
        _owner = owner;
        Path = path;
        Lane = lane;
        Lane.File = this;
        Facts = file.Facts;
        Length = _end = Facts.Length;
    }

    public SafePath Path { get; }

    /// <summary>As it was when it was opened.</summary>
    public FileFacts Facts { get; }

    /// <summary>Bytes, with everything that was appended and answered.</summary>
    public long Length { get; private set; }

    public bool IsOpen { get; private set; } = true;

    /// <summary>Called when nobody wants the file any more.</summary>
    public Action? Closing { get; set; }

    internal FileLane Lane { get; }

    /// <summary>Reads from a place.</summary>
    /// <param name="at">Bytes from the start.</param>
    /// <param name="count">
    /// Bytes, 1 to <see cref="PacketPool.CapacityMax"/>; fewer come only at the end of the file.
    /// </param>
    /// <param name="done">
    /// Borrows a packet with the bytes, which is empty behind the end: keep it by Retain.
    /// </param>
    public void Read(long at, int count, Action<FileResult<Packet>> done)
    {
        Invariant.Holds(at >= 0 && count > 0);
        var packet = _store.Loop.Pool.Rent(count);
        var into = packet.FreeMemory[..count];
        Take(() => _file.Read(at, into.Span), Filled, packet.Release);

        void Filled(FileResult<int> result)
        {
            if (result.Error is null)
                packet.Advance(result.Value);
            done(new FileResult<Packet>(result.Error is null ? packet : null, result.Error));
        }
    }

    /// <summary>Writes at a place.</summary>
    /// <param name="at">Bytes from the start, not behind the end.</param>
    /// <param name="bytes">The caller's, who leaves them alone until the answer.</param>
    /// <param name="done">Told when all is written, or why not.</param>
    public void Write(long at, ReadOnlyMemory<byte> bytes, Action<FileError?> done)
    {
        Take(
            () =>
            {
                _file.Write(at, [bytes]);
                return _end = Math.Max(_end, at + bytes.Length);
            },
            result => Grown(result, done));
    }

    /// <summary>Writes behind the end: all of it, or, when that fails, nothing.</summary>
    /// <param name="parts">Final bytes, one behind the other; kept until the answer.</param>
    /// <param name="done">Told when all is written, or why not.</param>
    public void Append(ReadOnlySpan<Packet> parts, Action<FileError?> done)
    {
        var kept = new KeptPackets(parts);
        Take(() => Append(kept), result => Grown(result, done), kept.Release);
    }

    /// <summary>Makes what was written outlast a power failure.</summary>
    public void Flush(Action<FileError?> done) => Take(
        () =>
        {
            _file.Flush();
            return true;
        },
        result => done(result.Error));

    /// <summary>Cuts off what stands behind a place.</summary>
    /// <param name="length">Bytes that are left, not more than there are.</param>
    /// <param name="done">Told when it is so, or why not.</param>
    public void Truncate(long length, Action<FileError?> done) => Take(
        () =>
        {
            _file.Truncate(length);
            return _end = length;
        },
        result => Grown(result, done));

    /// <summary>Closes, behind all that was asked before.</summary>
    /// <param name="done">Told when it is closed.</param>
    public void Close(Action<FileError?>? done = null)
    {
        if (!IsOpen)
            return;
        IsOpen = false;
        Closing?.Invoke();
        var close = new FileOperation<bool>(
            Path,
            _owner,
            () =>
            {
                _file.Dispose();
                return true;
            },
            result =>
            {
                _store.Closed(this);
                done?.Invoke(result.Error);
            });
        _store.Take(Lane, close, isClosing: true);
    }

    /// <summary>The store is gone.</summary>
    internal void Abandon()
    {
        if (IsOpen)
            Closing?.Invoke();
        IsOpen = false;
        _file.Dispose();
        _store.Closed(this);
    }

    private long Append(KeptPackets kept)
    {
        var length = 0L;
        foreach (var part in kept.Bytes)
            length += part.Length;
        try
        {
            _file.Write(_end, kept.Bytes);
        }
        catch (Exception fault) when (FileError.Of(fault, Path) is not null)
        {
            TryTruncate();
            throw;
        }
        return _end += length;
    }

    /// <summary>A part that was written goes again: what reads on finds whole pieces.</summary>
    private void TryTruncate()
    {
        try
        {
            _file.Truncate(_end);
        }
        catch (Exception second) when (FileError.Of(second, Path) is not null)
        {
            // The first trouble is the one to tell of.
        }
    }

    private void Grown(FileResult<long> result, Action<FileError?> done)
    {
        if (result.Error is null)
            Length = result.Value;
        done(result.Error);
    }

    private void Take<T>(Func<T> work, Action<FileResult<T>> done, Action? released = null)
        where T : notnull
    {
        Invariant.Holds(IsOpen);
        _store.Take(Lane, new FileOperation<T>(Path, _owner, work, done) { Released = released });
    }
}
