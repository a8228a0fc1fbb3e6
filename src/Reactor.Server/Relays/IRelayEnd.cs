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

    /// <summary>The peer says something of the stream that is no error.</summary>
    void OnStatus(string code);

    /// <summary>The connection, or the attempt at one, has ended.</summary>
    void OnEnded(string why);
}
