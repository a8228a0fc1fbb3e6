using Reactor.Primitives;
using Reactor.Protocol.Rtmp;

namespace Reactor.Server.Recording;

/// <summary>A frame on the clock of its file.</summary>
/// <param name="Type">Video, audio or data.</param>
/// <param name="TimeMs">From the beginning of the file.</param>
/// <param name="Payload">Borrowed.</param>
/// <param name="IsKeyframe">Whether decoding can begin here.</param>
internal readonly record struct RecordedFrame(
    MessageType Type, uint TimeMs, Packet Payload, bool IsKeyframe);

/// <summary>Bytes at the beginning of a file that are written anew in the end.</summary>
internal sealed record RecordingHead(long At, byte[] Bytes);

/// <summary>How frames become the bytes of one file.</summary>
/// <remarks>
/// Whatever is given to <see cref="RecordingBytes"/> in one call of these is whole: what is handed
/// to the disk ends where a player can end.
/// </remarks>
internal interface IRecordingFormat
{
    /// <summary>Bytes that are held back for the end of the part.</summary>
    long HeldBytes { get; }

    /// <summary>The file is open.</summary>
    /// <param name="tail">How it ends already; null for an empty one.</param>
    /// <param name="to">Takes what the file begins with.</param>
    void Begin(FlvTail? tail, RecordingBytes to);

    /// <summary>Whether a frame can go into this file; otherwise another has to begin.</summary>
    bool Fits(MessageType type, Packet payload);

    void Add(in RecordedFrame frame, RecordingBytes to);

    /// <summary>What was added so far is to be on the disk.</summary>
    void EndPart(RecordingBytes to);

    /// <summary>No frame comes any more.</summary>
    /// <param name="lastMs">The time of the last one.</param>
    /// <param name="to">Takes what stands at the end.</param>
    /// <returns>Null where nothing could be recorded.</returns>
    RecordingHead? End(uint lastMs, RecordingBytes to);

    /// <summary>Gives back what is held.</summary>
    void Drop();
}
