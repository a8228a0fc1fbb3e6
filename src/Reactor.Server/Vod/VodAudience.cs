using System.Collections.Generic;
using Reactor.Streaming;

namespace Reactor.Server.Vod;

/// <summary>Who plays recordings, by RTMP or by HTTP, for the limits of players.</summary>
internal sealed class VodAudience
{
    private readonly Dictionary<StreamKey, int> _players = [];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many play what was asked for by this name.</summary>
    public int Of(StreamKey key) => _players.GetValueOrDefault(key);

    public int OfApp(string app)
    {
        var count = 0;
        foreach (var (key, players) in _players)
            count += key.App == app ? players : 0;
        return count;
    }

    public void Enter(StreamKey key)
    {
        Count++;
        _players[key] = Of(key) + 1;
    }

    public void Leave(StreamKey key)
    {
        Count--;
        if (--_players[key] == 0)               // keys are names that anybody may make up
            _players.Remove(key);
    }
}
