namespace Reactor.Protocol.Flv;

/// <summary>What an audio or video payload brings.</summary>
public enum TagKind
{
    /// <summary>Empty, cut short or of no packet type that is known: to be skipped (Q49).</summary>
    Unknown,

    /// <summary>The decoder configuration, sent before frames and again when it changes.</summary>
    SequenceHeader,

    /// <summary>Coded frames: the media itself.</summary>
    Frames,

    /// <summary>The end of a sequence, with nothing to decode (Q51).</summary>
    SequenceEnd,

    /// <summary>Colour information and the like, between frames (Enhanced RTMP).</summary>
    Metadata,

    /// <summary>Where the channels belong (Enhanced RTMP, audio only).</summary>
    MultichannelConfig,

    /// <summary>A video info frame: seeking begins or ends.</summary>
    Command,
}
