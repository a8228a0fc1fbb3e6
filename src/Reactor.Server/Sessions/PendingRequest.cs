using System.Collections.Generic;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Authorisation;

namespace Reactor.Server.Sessions;

/// <summary>A publish or play of a message stream that waits for its verdict.</summary>
/// <remarks>
/// Encoders do not wait for the answer (Q39): what they send is held, and beyond a bound the
/// connection is not read, so that nothing is lost and TCP holds the rest.
/// Invariant: each held message is retained once.
/// </remarks>
internal sealed class PendingRequest(uint streamId)
{
    /// <summary>Media that is held before the connection is left unread.</summary>
    public const int HeldBytesMax = 256 << 10;

    private readonly Queue<RtmpMessage> _held = new();
    private int _bytes;

    public uint StreamId => streamId;

    public GateVisit? Visit { get; set; }

    /// <summary>Who may publish, but does not know yet whether the name is to be had.</summary>
    public NameClaim? Claim { get; set; }

    /// <summary>Whether no more is to be read until the verdict.</summary>
    public bool IsFull => _bytes > HeldBytesMax;

    public void Hold(RtmpMessage message)
    {
        message.Payload.Retain();
        _held.Enqueue(message);
        _bytes += message.Payload.Length;
    }

    /// <summary>Takes what was held, oldest first; the caller releases it.</summary>
    public bool TryTake(out RtmpMessage message) => _held.TryDequeue(out message);

    /// <summary>Nobody wants the verdict any more.</summary>
    public void Forget()
    {
        Visit?.Forget();
        Claim?.Forget();
        while (_held.TryDequeue(out var message))
            message.Payload.Release();
    }
}
