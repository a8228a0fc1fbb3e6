using Reactor.Primitives;

namespace Reactor.Streaming;

/// <summary>
/// How a frame looks on one kind of connection: what is made around its shared payload.
/// </summary>
/// <remarks>Keeps no state: one object serves all players of its kind.</remarks>
public interface IFrameFormat
{
    /// <summary>Bytes of a frame on the wire, everything around the payload included.</summary>
    int WireLength(in QueuedFrame frame);

    /// <summary>Where in the payload the next write of a partly sent frame begins.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="sent">Bytes of it that the socket took: 1 to its wire length less 1.</param>
    /// <param name="skip">Bytes to leave out of what <see cref="TryAdd"/> adds from there.</param>
    int FindUnsent(in QueuedFrame frame, int sent, out int skip);

    /// <summary>Adds a frame from an offset in its payload on.</summary>
    /// <returns>False when the write has no room for all of it, or has enough.</returns>
    bool TryAdd(GatherList into, in QueuedFrame frame, int offset, int bytesMax);
}
