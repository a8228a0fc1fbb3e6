using System;
using Reactor.Protocol.Flv;

namespace Reactor.Streaming;

/// <summary>What the head of a payload tells the stream; the rest passes through unread.</summary>
/// <param name="IsUsable">Whether to pass it on at all.</param>
/// <param name="Role">What it means to a joiner.</param>
/// <param name="MovesClock">False for what stands beside the time line, with any timestamp.</param>
/// <param name="ConfigId">For a config: the same id replaces it.</param>
/// <param name="Codec">Tells codecs of the default track apart; 0 where it is not told.</param>
internal readonly record struct FrameFacts(
    bool IsUsable, FrameRole Role, bool MovesClock, int ConfigId, uint Codec)
{
    /// <summary>A configuration without contents: nothing to keep.</summary>
    public bool IsEmptyConfig { get; private init; }

    /// <summary>
    /// Of a config: frames before it need another one. Colour only describes what is shown.
    /// </summary>
    public bool EndsGop => ConfigId >> 8 != (int)TagKind.Metadata;

    public static FrameFacts OfVideo(ReadOnlySpan<byte> payload)
    {
        var header = VideoTagHeader.Read(payload);
        var isDefaultTrack = header.TrackId == 0;
        var codec = isDefaultTrack ? CodecId(header.Codec, header.LegacyId) : 0;
        return header.Kind switch
        {
            // An empty configuration comes before the good one from some encoders (Q48).
            TagKind.SequenceHeader => Config(
                header.TrackId, TagKind.SequenceHeader, codec, header.IsEmptyConfig),
            TagKind.Metadata => Config(header.TrackId, TagKind.Metadata, codec),
            // ffmpeg ends with "17 02" and an older time: relayed, but no GOP starts (Q51).
            TagKind.SequenceEnd or TagKind.Command => Aside,
            TagKind.Frames => Frame(header.IsKeyframe && isDefaultTrack, codec),
            _ => Unreadable(payload),
        };
    }

    public static FrameFacts OfAudio(ReadOnlySpan<byte> payload)
    {
        var header = AudioTagHeader.Read(payload);
        var codec = header.TrackId == 0 ? CodecId(header.Codec, header.LegacyId) : 0;
        return header.Kind switch
        {
            TagKind.SequenceHeader => Config(
                header.TrackId, TagKind.SequenceHeader, codec, header.IsEmptyConfig),
            TagKind.MultichannelConfig => Config(
                header.TrackId, TagKind.MultichannelConfig, codec),
            TagKind.SequenceEnd => Aside,
            TagKind.Frames => Frame(false, codec),
            _ => Unreadable(payload),
        };
    }

    /// <summary>The track of a <see cref="ConfigId"/>; 0 is the default one.</summary>
    public static int TrackOf(int configId) => configId & 0xFF;

    /// <summary>Four letters, or the id of old FLV (one more, for linear PCM is 0).</summary>
    private static uint CodecId(FourCc letters, int legacyId) =>
        letters.IsNone ? (uint)legacyId + 1 : letters.Value;

    private static FrameFacts Aside => new(true, FrameRole.None, false, 0, 0);

    /// <summary>
    /// Bytes pass whether or not the codec is known; only nothing is left out (Q17).
    /// </summary>
    private static FrameFacts Unreadable(ReadOnlySpan<byte> payload) =>
        new(!payload.IsEmpty, FrameRole.None, true, 0, 0);

    private static FrameFacts Frame(bool isKeyframe, uint codec) =>
        new(true, isKeyframe ? FrameRole.Keyframe : FrameRole.None, true, 0, codec);

    private static FrameFacts Config(
        byte track, TagKind kind, uint codec, bool isEmpty = false) =>
        new(true, FrameRole.Config, false, ((int)kind << 8) | track, codec)
        {
            IsEmptyConfig = isEmpty,
        };
}
