using System;
using System.Globalization;
using System.Net;
using Reactor.Protocol;
using Reactor.Server.Hooks;
using Reactor.Streaming;

namespace Reactor.Server.Exec;

/// <summary>What is filled into the arguments of a program.</summary>
/// <param name="App">As the network named it.</param>
/// <param name="Stream">As the network named it.</param>
public sealed record ExecFields(string App, string Stream)
{
    /// <summary>What stood behind question marks.</summary>
    public QueryParameters? Parameters { get; init; }

    public string Address { get; init; } = "";

    public string Client { get; init; } = "";

    public string Page { get; init; } = "";

    public string TcUrl { get; init; } = "";

    /// <summary>The file of a recording.</summary>
    public string Path { get; init; } = "";

    public string Recorder { get; init; } = "";

    /// <summary>How long it plays, or somebody has published or played, in seconds.</summary>
    public string Seconds { get; init; } = "";

    internal static ExecFields Of(HookEvent it) => new(it.Key.App, it.Key.Name)
    {
        Parameters = it.Parameters,
        Address = it.Address.Equals(IPAddress.Any) ? "" : it.Address.ToString(),
        Client = it.Client,
        Page = it.Page,
        TcUrl = it.TcUrl,
        Path = it.File?.Path ?? "",
        Recorder = it.File?.Recorder ?? "",
        Seconds = (it.File?.DurationMs / 1000.0 ?? it.Seconds)
            .ToString(CultureInfo.InvariantCulture),
    };

    internal static ExecFields Of(StreamKey key, QueryParameters? parameters) =>
        new(key.App, key.Name) { Parameters = parameters };

    /// <summary>What a word in braces stands for; null where it is none of ours.</summary>
    internal string? Find(string word) => word switch
    {
        "app" => App,
        "stream" => Stream,
        "addr" => Address,
        "client" => Client,
        "page" => Page,
        "tcurl" => TcUrl,
        "path" => Plain(Path),
        "filename" => Plain(System.IO.Path.GetFileName(Path)),
        "basename" => Plain(System.IO.Path.GetFileNameWithoutExtension(Path)),
        "dirname" => Plain(System.IO.Path.GetDirectoryName(Path) is { Length: > 0 } it ? it : "."),
        "recorder" => Recorder,
        "duration" => Seconds,
        _ => word.StartsWith(Query, StringComparison.Ordinal)
            ? Parameters?[word[Query.Length..]] ?? ""
            : null,
    };

    /// <summary>The same by the names that nginx-rtmp has.</summary>
    internal string? FindNginx(string word) => word switch
    {
        "name" => Stream,
        "flashver" => Client,
        "pageurl" => Page,
        "swfurl" => "",
        "app" or "addr" or "tcurl" or "path" or "filename" or "basename" or "dirname"
            or "recorder" => Find(word),
        _ => null,
    };

    private const string Query = "query.";

    /// <summary>A path that begins like an option means the same with its folder before it.
    /// </summary>
    private static string Plain(string path) => path is ['-', ..] ? $"./{path}" : path;
}
