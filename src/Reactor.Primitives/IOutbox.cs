namespace Reactor.Primitives;

/// <summary>What is waiting to be sent on one connection, oldest first.</summary>
/// <remarks>
/// Two kinds exist: a <see cref="PacketRing"/> of ready-made bytes, and a player's outbox of
/// frames, whose headers are made while gathering.
/// </remarks>
public interface IOutbox
{
    bool IsEmpty { get; }

    /// <summary>Fills one write, beginning at the first byte that was not sent.</summary>
    /// <param name="into">Forgotten after the write.</param>
    /// <param name="bytesMax">Stops adding once so many bytes are gathered.</param>
    void Gather(GatherList into, int bytesMax);

    /// <summary>Forgets what the socket took.</summary>
    void Advance(int bytes);

    /// <summary>It is to be gathered soon: what it refers to may be fetched already.</summary>
    void FetchAhead()
    {
    }

    /// <summary>Forgets everything.</summary>
    void Clear();
}
