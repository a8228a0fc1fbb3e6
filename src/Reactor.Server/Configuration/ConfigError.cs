namespace Reactor.Server.Configuration;

/// <summary>One thing that is wrong in the configuration.</summary>
/// <param name="Place">File, line and column, or the variable or option that says it.</param>
/// <param name="Key">The full key, <c>rtmp.chunk_size</c>; empty for the file as a whole.</param>
/// <param name="Problem">What was expected and what was found.</param>
public sealed record ConfigError(Place Place, string Key, string Problem)
{
    public override string ToString()
        => Key.Length == 0 ? $"{Place}: {Problem}" : $"{Place}: {Key}: {Problem}";
}
