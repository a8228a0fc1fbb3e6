namespace Reactor.Streaming;

/// <summary>Whoever publishes a live stream, as the next publisher sees it.</summary>
public interface IPublisher
{
    /// <summary>The connection that it comes by, for people.</summary>
    long ConnectionId { get; }

    /// <summary>
    /// Another publisher takes the name; the stream is given up when this returns.
    /// </summary>
    void OnReplaced();
}
