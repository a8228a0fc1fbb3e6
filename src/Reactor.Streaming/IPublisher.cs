namespace Reactor.Streaming;

/// <summary>Whoever publishes a live stream, as the next publisher sees it.</summary>
public interface IPublisher
{
    /// <summary>
    /// Another publisher takes the name; the stream is given up when this returns.
    /// </summary>
    void OnReplaced();
}
