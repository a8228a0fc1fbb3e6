using System.Collections.Generic;
using Reactor.Protocol;
using Reactor.Protocol.Rtmp;

namespace Reactor.Streaming;

/// <summary>
/// Anything that takes the frames of a live stream: a player, a recorder, a relay.
/// </summary>
public interface ISubscriber
{
    /// <summary>
    /// Whether somebody watches by it: for others, such as recorders, no stream is fetched.
    /// </summary>
    bool IsAudience => true;

    /// <summary>What stood behind the question mark; null for whoever has no URL.</summary>
    QueryParameters? Parameters => null;

    /// <summary>Relays that wait for the stream behind it; see <see cref="RelayPath"/>.
    /// </summary>
    IReadOnlyList<string> Path => [];

    /// <summary>A frame comes soon: what it needs for that may be fetched already.</summary>
    void FetchAhead()
    {
    }

    /// <summary>A frame, in the order of the publisher; its payload is borrowed.</summary>
    void OnFrame(in MediaFrame frame);

    /// <summary>A publisher is there; headers and frames follow.</summary>
    void OnPublished();

    /// <summary>The publisher is gone; the next one may come.</summary>
    void OnUnpublished();
}
