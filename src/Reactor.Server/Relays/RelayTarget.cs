using Reactor.Streaming;

namespace Reactor.Server.Relays;

/// <summary>Where a relay goes to, and on whose word.</summary>
/// <param name="Url">The other server's stream.</param>
/// <param name="Key">Our stream.</param>
/// <param name="IsByApi">Whoever may use the API asked for it: see <see cref="RelayTargets"/>.
/// </param>
internal sealed record RelayTarget(RelayUrl Url, StreamKey Key, bool IsByApi)
{
    /// <summary>For logs and lists, without what may be a secret.</summary>
    public string Shown => Url.Shown(Key.Name);
}
