namespace Reactor.Streaming;

/// <summary>A bound that a publisher has run into without losing its stream.</summary>
public enum StreamBound
{
    /// <summary>The GOP cache was full: the oldest GOP went, or nothing could be kept.</summary>
    GopCache,

    /// <summary>Metadata or a configuration was too long to be kept, and is left out.</summary>
    ConfigBytes,
}
