using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Reactor.Primitives;
using Reactor.Server.Storage;

namespace Reactor.Server.Recording;

/// <summary>What of a recording waits for the disk, in order.</summary>
/// <remarks>
/// Payloads of some size are kept as they are, shared with the players; the rest is gathered in
/// packets of ours. Invariant: <see cref="Waiting"/> counts the bytes that the disk has not
/// answered for.
/// </remarks>
internal sealed class RecordingBytes(PacketPool pool)
{
    /// <summary>What may be gathered before it is worth a write.</summary>
    public const int BatchBytes = 64 << 10;

    private const int CopiedBytesMax = 4096;

    private readonly List<Packet> _parts = [];
    private Packet? _batch;

    /// <summary>Bytes of the file, once all that waits is written.</summary>
    public long Length { get; set; }

    public long Waiting { get; private set; }

    public bool IsEmpty => _parts.Count == 0 && _batch is null;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        Waiting += bytes.Length;
        Length += bytes.Length;
        while (!bytes.IsEmpty)
        {
            if (_batch is not null && _batch.Capacity == _batch.Length)
                EndBatch();
            _batch ??= pool.Rent(BatchBytes);
            var piece = bytes[..Math.Min(bytes.Length, _batch.Capacity - _batch.Length)];
            _batch.Append(piece);
            bytes = bytes[piece.Length..];
        }
    }

    public void Append(Packet payload)
    {
        if (payload.Length <= CopiedBytesMax)
        {
            Append(payload.Written);
            return;
        }
        EndBatch();
        _parts.Add(payload.Retain());
        Waiting += payload.Length;
        Length += payload.Length;
    }

    /// <summary>Writes all that waits behind the end of a file, in one piece.</summary>
    public void HandTo(StoredFile file, Action<FileError?> written)
    {
        EndBatch();
        var bytes = 0L;
        foreach (var part in _parts)
            bytes += part.Length;
        file.Append(CollectionsMarshal.AsSpan(_parts), error =>
        {
            Waiting -= bytes;
            written(error);
        });
        Drop();
    }

    /// <summary>Gives back what was not handed over.</summary>
    public void Drop()
    {
        EndBatch();
        foreach (var part in _parts)
            part.Release();
        _parts.Clear();
    }

    private void EndBatch()
    {
        if (_batch is { } batch)
            _parts.Add(batch);
        _batch = null;
    }
}
