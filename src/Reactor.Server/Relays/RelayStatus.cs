using System.Net;

namespace Reactor.Server.Relays;

/// <summary>One relay, for lists and metrics.</summary>
/// <param name="Key"><c>push:app/name</c> or <c>pull:app/name</c>.</param>
/// <param name="Target">The other server, without query and without names that may be keys.</param>
/// <param name="Origin">Who asked for it: <c>config</c>, <c>api</c>, <c>edge</c>.</param>
/// <param name="State">How far it is.</param>
/// <param name="StateMs">For how long.</param>
/// <param name="LastError">What went wrong last; empty when nothing did.</param>
/// <param name="Attempts">Connections tried.</param>
/// <param name="BytesIn">From the peer, over all connections.</param>
/// <param name="BytesOut">To the peer.</param>
/// <param name="Remote">The peer's address while connected.</param>
public sealed record RelayStatus(
    string Key,
    string Target,
    string Origin,
    RelayState State,
    long StateMs,
    string LastError,
    int Attempts,
    long BytesIn,
    long BytesOut,
    IPEndPoint? Remote);
