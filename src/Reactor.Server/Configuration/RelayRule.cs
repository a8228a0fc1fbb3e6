namespace Reactor.Server.Configuration;

/// <summary>An entry of <c>push</c> or <c>pull</c>.</summary>
/// <param name="Url">
/// A target with <c>{app}</c>, <c>{stream}</c> and <c>{query.NAME}</c> left open.
/// </param>
public sealed record RelayRule(string Url)
{
    /// <summary>Of a push: the name there. Of a pull: the one stream here that it is for.</summary>
    public string Name { get; init; } = "";

    /// <summary>The application there, instead of the URL's.</summary>
    public string App { get; init; } = "";

    /// <summary>What connect says as tcUrl, instead of the URL.</summary>
    public string TcUrl { get; init; } = "";

    /// <summary>Of a pull: from the start and for ever, not only while somebody watches.</summary>
    public bool IsStatic { get; init; }
}
