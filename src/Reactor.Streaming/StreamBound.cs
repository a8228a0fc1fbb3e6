namespace Reactor.Streaming;

/// <summary>A bound that a publisher has run into without losing its stream.</summary>
public enum StreamBound
{
    /// <summary>The GOP cache was full: the oldest GOP went, or nothing could be kept.</summary>
    GopCache,

    /// <summary>Metadata or a configuration was too long to be kept, and is left out.</summary>
    ConfigBytes,

    /// <summary>A segment was cut where no keyframe was: it was long enough.</summary>
    SegmentLength,

    /// <summary>A segment was cut, or the oldest one went early: they were too large.</summary>
    SegmentBytes,
}
