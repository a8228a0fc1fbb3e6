using Reactor.Server.Configuration.Schema;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration;

/// <summary>Files that are served as they are: section <c>http.static</c>.</summary>
public sealed record StaticOptions
{
    public bool Enabled { get; init; } = true;
    public string Root { get; init; } = "html";
    public string Index { get; init; } = "index.html";

    internal static readonly Section<StaticOptions> Keys = new(
        "Files, on listeners for flv or hls, at every path that is no stream.")
    {
        { "enabled", Flag, Live,
            o => o.Enabled, (o, v) => o with { Enabled = v },
            "Serves them at all." },
        { "root", Text, Live,
            o => o.Root, (o, v) => o with { Root = v },
            "The folder that they are in. Links out of it and names with a dot in front are not "
                + "followed; the default need not be there." },
        { "index", Text, Live,
            o => o.Index, (o, v) => o with { Index = v },
            "The file that stands for its folder." },
    };
}
