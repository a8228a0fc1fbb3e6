using System;
using Reactor.Primitives;

namespace Reactor.Protocol.Flv;

/// <summary>What a video payload says of itself: FLV's VideoTagHeader, old or enhanced.</summary>
/// <remarks>
/// Read from the first bytes only and without failure, for a payload passes through whether
/// or not it is understood: what cannot be read is <see cref="TagKind.Unknown"/>.
/// </remarks>
public readonly record struct VideoTagHeader
{
    /// <summary>Composition times beyond this are nonsense.</summary>
    private const int CompositionMaxMs = 10_000;

    private const int KeyFrame = 1;
    private const int InfoFrame = 5;

    /// <summary>Ids of old FLV; 12 and 13 are Chinese practice and in no specification.</summary>
    private const int Avc = 7;
    private const int Hevc = 12;
    private const int Av1 = 13;

    public TagKind Kind { get; private init; }

    /// <summary>1 key, 2 inter, 3 disposable, 4 generated key, 5 info (FLV §E.4.3.1).</summary>
    public int FrameType { get; private init; }

    /// <summary>The codec by its letters, also when it came by id; none for old ones.</summary>
    public FourCc Codec { get; private init; }

    /// <summary>The id of old FLV; 0 when the header is an enhanced one.</summary>
    public int LegacyId { get; private init; }

    public bool IsEnhanced { get; private init; }

    public Multitrack Tracks { get; private init; }

    /// <summary>Number of the first track in the payload; 0 for the default one.</summary>
    public byte TrackId { get; private init; }

    /// <summary>What to add to the timestamp for showing; may be negative (Q50).</summary>
    public int CompositionTimeMs { get; private init; }

    /// <summary>The same, without nonsense.</summary>
    public int BoundedCompositionMs =>
        Math.Clamp(CompositionTimeMs, -CompositionMaxMs, CompositionMaxMs);

    /// <summary>Where the first track's contents begin: the configuration, or its frames.</summary>
    public int BodyOffset { get; private init; }

    /// <summary>Bytes of other tracks at the payload's end.</summary>
    private int BytesBehind { get; init; }

    /// <summary>A sequence header without a decoder configuration: <c>17 00</c> (Q48).</summary>
    public bool IsEmptyConfig { get; private init; }

    public bool IsSequenceHeader => Kind == TagKind.SequenceHeader;

    public bool IsSequenceEnd => Kind == TagKind.SequenceEnd;

    public bool IsMetadata => Kind == TagKind.Metadata;

    /// <summary>Decoding can begin here; <c>17 02</c> says key too, and is none (Q51).</summary>
    public bool IsKeyframe => Kind == TagKind.Frames && FrameType == KeyFrame;

    /// <summary>For logs: H264, HEVC, AV1, ..., or what tells an unknown codec.</summary>
    public string CodecName => Codec.IsNone
        ? LegacyId switch
        {
            2 => "H263",
            3 or 6 => "Screen",
            4 or 5 => "VP6",
            _ => $"video {LegacyId}",
        }
        : Codec.Name;

    /// <summary>The first track's contents: the configuration, or its frames.</summary>
    public ReadOnlySpan<byte> BodyOf(ReadOnlySpan<byte> payload) =>
        payload[BodyOffset..Math.Max(BodyOffset, payload.Length - BytesBehind)];

    public static VideoTagHeader Read(ReadOnlySpan<byte> payload)
    {
        var input = new ByteReader(payload);
        if (!input.TryReadByte(out var first))
            return default;
        var frameType = (first >> 4) & 0x07;
        return first >= 0x80
            ? ReadEnhanced(payload, input, frameType, first & 0x0F)
            : ReadLegacy(payload, input, frameType, first & 0x0F);
    }

    private static VideoTagHeader ReadLegacy(
        ReadOnlySpan<byte> payload, ByteReader input, int frameType, int id)
    {
        var header = new VideoTagHeader
        {
            FrameType = frameType,
            LegacyId = id,
            Codec = id switch
            {
                Avc => FourCc.Avc1,
                Hevc => FourCc.Hvc1,
                Av1 => FourCc.Av01,
                _ => default,
            },
        };
        if (frameType == InfoFrame)
            return header with { Kind = TagKind.Command, BodyOffset = 1 };
        if (header.Codec.IsNone)
            return header with { Kind = TagKind.Frames, BodyOffset = 1 };

        // | frame type 4 | id 4 | packet type 8 | composition time 24, signed |
        if (!input.TryReadByte(out var packetType))
            return header;
        var hasTime = TryReadTime(ref input, out var time);
        header = header with
        {
            CompositionTimeMs = time,
            BodyOffset = payload.Length - input.Remaining,
        };
        return packetType switch
        {
            0 => header with
            {
                Kind = TagKind.SequenceHeader,
                IsEmptyConfig = input.Remaining == 0,
            },
            1 when hasTime => header with { Kind = TagKind.Frames },
            2 => header with { Kind = TagKind.SequenceEnd },
            _ => header,
        };
    }

    private static VideoTagHeader ReadEnhanced(
        ReadOnlySpan<byte> payload, ByteReader input, int frameType, int packetType)
    {
        var header = new VideoTagHeader { FrameType = frameType, IsEnhanced = true };
        if (frameType == InfoFrame && packetType != 4)
            return header with { Kind = TagKind.Command, BodyOffset = 1 };
        if (!EnhancedHeader.TryRead(ref input, packetType, multitrack: 6, out var enhanced))
            return header;

        var time = 0;
        var hasTime = enhanced.PacketType != 1
            || !BearsCompositionTime(enhanced.Codec)
            || TryReadTime(ref input, out time);
        return header with
        {
            Kind = enhanced.PacketType switch
            {
                0 or 5 => TagKind.SequenceHeader,       // 5: AV1 as in MPEG-2 TS
                1 when hasTime => TagKind.Frames,
                2 => TagKind.SequenceEnd,
                3 => TagKind.Frames,                    // CodedFramesX: composition time is 0
                4 => TagKind.Metadata,
                _ => TagKind.Unknown,
            },
            Codec = enhanced.Codec,
            Tracks = enhanced.Tracks,
            TrackId = enhanced.TrackId,
            CompositionTimeMs = time,
            BodyOffset = payload.Length - input.Remaining,
            BytesBehind = enhanced.BytesBehind,
            IsEmptyConfig = enhanced.PacketType is 0 or 5
                && input.Remaining == enhanced.BytesBehind,
        };
    }

    private static bool BearsCompositionTime(FourCc codec) =>
        codec == FourCc.Avc1 || codec == FourCc.Hvc1 || codec == FourCc.Vvc1;

    private static bool TryReadTime(ref ByteReader input, out int time)
    {
        var ok = input.TryReadUInt24(out var bits);
        time = (int)(bits << 8) >> 8;           // the sign is bit 23
        return ok;
    }
}
