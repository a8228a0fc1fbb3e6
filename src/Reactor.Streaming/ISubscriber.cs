namespace Reactor.Streaming;

/// <summary>
/// Anything that takes the frames of a live stream: a player, a recorder, a relay.
/// </summary>
public interface ISubscriber
{
    /// <summary>A frame, in the order of the publisher; its payload is borrowed.</summary>
    void OnFrame(in MediaFrame frame);

    /// <summary>A publisher is there; headers and frames follow.</summary>
    void OnPublished();

    /// <summary>The publisher is gone; the next one may come.</summary>
    void OnUnpublished();
}
