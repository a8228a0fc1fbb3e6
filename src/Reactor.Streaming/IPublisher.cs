using System;
using System.Collections.Generic;
using Reactor.Primitives;
using Reactor.Protocol;
using Reactor.Protocol.Rtmp;

namespace Reactor.Streaming;

/// <summary>Whoever publishes a live stream, as the stream and the next publisher see it.</summary>
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

    /// <summary>Whether its frames have waited already, and come together.</summary>
    bool IsReadLate => false;

    /// <summary>How long its frames may have waited already, pictures left out.</summary>
    int UnreadMs => 0;

    /// <summary>
    /// Another publisher takes the name; the stream is given up when this returns.
    /// </summary>
    void OnReplaced();

    /// <summary>The stream was nobody's, and is somebody's now: frames are wanted.</summary>
    void OnSubscribed()
    {
    }

    /// <summary>Something that its peer may want to know; the stream goes on.</summary>
    /// <param name="code">A code of onStatus.</param>
    /// <param name="text">Its description.</param>
    void OnNotice(string code, string text)
    {
    }

    /// <summary>A deadline on the publisher's loop, whose fault what it does then is.</summary>
    /// <returns>Null where audio is not to wait for the picture beside it.</returns>
    IDeadline? CreateDeadline(Action due) => null;
}
