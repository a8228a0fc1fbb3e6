namespace Reactor.Protocol.Rtmp;

/// <summary>A bound that a peer has run into without losing its connection.</summary>
public enum RtmpBound
{
    /// <summary>It announced a chunk size of 0, which is ignored, or one that is clamped.</summary>
    ChunkSize,

    /// <summary>It asked for one message stream too many.</summary>
    Streams,

    /// <summary>The values of its command are over the bounds of AMF.</summary>
    Amf,
}
