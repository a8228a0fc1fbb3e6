using System.Collections.Generic;
using System.Linq;
using Reactor.Server.Egress;
using Reactor.Server.Sessions;
using Reactor.Streaming;

namespace Reactor.Server.Control;

/// <summary>
/// Who watches which stream, gathered once for an answer that goes through all streams: looking
/// through everybody for each stream would hold up the loop.
/// </summary>
internal sealed class Watchers(ReactorServer server)
{
    private readonly ILookup<LiveStream, (Session, Player)> _players = server.Sessions
        .SelectMany(session => session.Players.Select(player => (session, player)))
        .ToLookup(pair => pair.player.Stream);

    /// <summary>Made when it is asked for: most answers are of players alone.</summary>
    private ILookup<LiveStream, HlsViewer>? _viewers;

    /// <summary>Those with a connection, relays among them.</summary>
    public IEnumerable<(Session Session, Player Player)> PlayersOf(LiveStream stream) =>
        _players[stream];

    /// <summary>Those by HLS.</summary>
    public IEnumerable<HlsViewer> ViewersOf(LiveStream stream)
    {
        _viewers ??= server.Hls.Viewers.All.ToLookup(viewer => viewer.Output.Stream);
        return _viewers[stream];
    }
}
