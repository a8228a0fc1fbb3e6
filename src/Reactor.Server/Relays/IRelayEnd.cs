using Reactor.Protocol.Rtmp;

namespace Reactor.Server.Relays;

/// <summary>What stands behind a relay's connection: a push, or a pull.</summary>
internal interface IRelayEnd
{
    /// <summary>What to ask of the peer, now that a connection begins.</summary>
    ClientRequest RequestOf(RelayUrl url);

    /// <summary>The peer has accepted publish or play.</summary>
    void OnRunning(RelaySession session);

    /// <summary>A message of the peer's; its payload is borrowed.</summary>
    void OnMedia(RtmpMessage message);

    /// <summary>The peer says something of the stream; after an error the connection ends.
    /// </summary>
    void OnStatus(string code, bool isError);

    /// <summary>
    /// The connection, or the attempt at one, has ended: for good where the client is idle.
    /// </summary>
    void OnEnded(string why);
}
