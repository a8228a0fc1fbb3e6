using System.Collections.Generic;
using Reactor.Server.Storage;
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

    /// <summary>A recording is played from now on, and until its file is closed.</summary>
    /// <param name="server">Whose bandwidth it takes.</param>
    /// <param name="key">The name that it was asked for by.</param>
    /// <param name="file">The recording.</param>
    /// <param name="kbps">What it takes, as far as that is known.</param>
    public void Enter(ReactorServer server, StreamKey key, StoredFile file, double kbps)
    {
        Count++;
        _players[key] = Of(key) + 1;
        server.Traffic.Promise(key.App, kbps);
        file.Closing = () => Leave(key);
    }

    private void Leave(StreamKey key)
    {
        Count--;
        if (--_players[key] == 0)               // keys are names that anybody may make up
            _players.Remove(key);
    }
}
