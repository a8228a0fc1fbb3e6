namespace Reactor.Server.Configuration;

/// <summary>A key that another configuration sets otherwise.</summary>
/// <param name="Key">The full key, <c>rtmp.chunk_size</c>.</param>
/// <param name="Takes">When it takes effect: <c>live</c>, <c>new</c>, <c>restart</c>.</param>
public sealed record ConfigChange(string Key, string Takes);
