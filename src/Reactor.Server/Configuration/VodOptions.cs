using Reactor.Server.Configuration.Schema;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration;

/// <summary>Playing recordings back: section <c>vod</c> of a stream.</summary>
public sealed record VodOptions
{
    public bool Enabled { get; init; }
    public string Path { get; init; } = "record";

    internal static readonly Section<VodOptions> Keys = new(
        "Recordings that are played back: play of NAME with a start is PATH/APP/NAME.flv, or the "
            + "newest below PATH of a recorder whose record_path has {app} and {stream}.")
    {
        { "enabled", Flag, New,
            o => o.Enabled, (o, v) => o with { Enabled = v },
            "Plays recordings, also where a live stream is asked for that nobody publishes." },
        { "path", Text, New,
            o => o.Path, (o, v) => o with { Path = v },
            "Where they are." },
    };
}
