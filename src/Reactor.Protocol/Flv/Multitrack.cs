namespace Reactor.Protocol.Flv;

/// <summary>How a payload carries tracks beside the first (Enhanced RTMP v2).</summary>
public enum Multitrack
{
    /// <summary>The plain form: the default track, without a number.</summary>
    None,
    OneTrack,

    /// <summary>Several tracks of one codec in one payload.</summary>
    ManyTracks,

    /// <summary>Several tracks, each with a codec of its own.</summary>
    ManyTracksManyCodecs,
}
