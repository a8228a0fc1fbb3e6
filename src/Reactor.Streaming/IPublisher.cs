using System.Collections.Generic;
using Reactor.Protocol;
using Reactor.Protocol.Rtmp;

namespace Reactor.Streaming;

/// <summary>Whoever publishes a live stream, as the next publisher sees it.</summary>
public interface IPublisher
{
    /// <summary>The connection that it comes by, for people.</summary>
    long ConnectionId { get; }
    /// <summary>What stood behind the question mark; null for whoever has no URL.</summary>
    QueryParameters? Parameters => null;

    /// <summary>Relays that the stream has passed on its way; see <see cref="RelayPath"/>.
    /// </summary>
    IReadOnlyList<string> Path => [];

    /// <summary>Whether a newcomer may have the name: no frame has come for so long.</summary>
    bool IsStale(long nowMs) => false;

    /// <summary>
    /// Another publisher takes the name; the stream is given up when this returns.
    /// </summary>
    void OnReplaced();
}
