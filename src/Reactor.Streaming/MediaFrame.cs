using System;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;

namespace Reactor.Streaming;

/// <summary>The kinds of frames, which are also the tracks of the time line.</summary>
public enum FrameKind : byte
{
    Audio,
    Video,
    Data,
}

/// <summary>What a frame means to those who cache, gate or drop.</summary>
[Flags]
public enum FrameRole : byte
{
    None = 0,

    /// <summary>Decoding of the default video track can begin here.</summary>
    Keyframe = 1,

    /// <summary>Needed before frames can be decoded: sequence headers, metadata, colour.</summary>
    Config = 2,
}

/// <summary>One frame of a live stream, as its publisher sent it.</summary>
/// <param name="Kind">Audio, video or data.</param>
/// <param name="Role">What it means to a joiner.</param>
/// <param name="TimeMs">On the stream's own clock: 64 bits, per track never going back.</param>
/// <param name="SourceTime">As the publisher sent it, modulo 2^32.</param>
/// <param name="Payload">Shared bytes; whoever keeps the frame retains them.</param>
public readonly record struct MediaFrame(
    FrameKind Kind, FrameRole Role, long TimeMs, uint SourceTime, Packet Payload)
{
    public bool IsKeyframe => (Role & FrameRole.Keyframe) != 0;

    public bool IsConfig => (Role & FrameRole.Config) != 0;

    /// <summary>The type that the kind has as a message of RTMP and as a tag of FLV.</summary>
    public static MessageType TypeOf(FrameKind kind) => kind switch
    {
        FrameKind.Audio => MessageType.Audio,
        FrameKind.Video => MessageType.Video,
        _ => MessageType.Data,
    };
}
