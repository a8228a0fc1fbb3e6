using System;
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
    public const int BatchBytes = 256 << 10;

    private const int CopiedBytesMax = 4096;

    private readonly PieceList _pieces = new(pool);

    /// <summary>Bytes of the file, once all that waits is written.</summary>
    public long Length { get; set; }

    public long Waiting { get; private set; }

    public bool IsEmpty => _pieces.IsEmpty;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        Waiting += bytes.Length;
        Length += bytes.Length;
        _pieces.Append(bytes);
    }

    public void Append(Packet payload)
    {
        if (payload.Length <= CopiedBytesMax)
        {
            Append(payload.Written);
            return;
        }
        _pieces.Share(payload);
        Waiting += payload.Length;
        Length += payload.Length;
    }

    /// <summary>Writes all that waits behind the end of a file, in one piece.</summary>
    public void HandTo(StoredFile file, Action<FileError?> written)
    {
        var bytes = 0L;
        foreach (var piece in _pieces.All)
            bytes += piece.Length;
        file.Append(_pieces.All, error =>
        {
            Waiting -= bytes;
            written(error);
        });
        _pieces.Drop();
    }

    /// <summary>Gives back what was not handed over.</summary>
    public void Drop() => _pieces.Drop();
}
