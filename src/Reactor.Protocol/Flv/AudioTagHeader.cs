using System;
using Reactor.Primitives;

namespace Reactor.Protocol.Flv;

/// <summary>What an audio payload says of itself: FLV's AudioTagHeader, old or enhanced.</summary>
/// <remarks>As <see cref="VideoTagHeader"/>: what cannot be read is Unknown, and passes.</remarks>
public readonly record struct AudioTagHeader
{
    /// <summary>Sound formats of old FLV (§E.4.2.1); 13 is Chinese practice.</summary>
    private const int Aac = 10;
    private const int Opus = 13;

    /// <summary>The format that Enhanced RTMP took for its own header.</summary>
    private const int Enhanced = 9;

    public TagKind Kind { get; private init; }

    /// <summary>The codec by its letters, also when it came by id; none for old ones.</summary>
    public FourCc Codec { get; private init; }

    /// <summary>The sound format of old FLV; 9 when the header is an enhanced one.</summary>
    public int LegacyId { get; private init; }

    public bool IsEnhanced => LegacyId == Enhanced;

    public Multitrack Tracks { get; private init; }

    /// <summary>Number of the first track in the payload; 0 for the default one.</summary>
    public byte TrackId { get; private init; }

    /// <summary>Where the first track's contents begin: the configuration, or its frames.</summary>
    public int BodyOffset { get; private init; }

    /// <summary>Bytes of other tracks at the payload's end.</summary>
    private int BytesBehind { get; init; }

    /// <summary>A sequence header without a decoder configuration, <c>af 00</c> (Q48).</summary>
    public bool IsEmptyConfig { get; private init; }

    public bool IsSequenceHeader => Kind == TagKind.SequenceHeader;

    public bool IsSequenceEnd => Kind == TagKind.SequenceEnd;

    /// <summary>For logs: AAC, MP3, Opus, G711A, ..., or what tells an unknown codec.</summary>
    public string CodecName => Codec.IsNone
        ? LegacyId switch
        {
            0 or 3 => "PCM",
            1 => "ADPCM",
            4 or 5 or 6 => "Nellymoser",
            7 => "G711A",
            8 => "G711U",
            11 => "Speex",
            _ => $"audio {LegacyId}",
        }
        : Codec.Name;

    /// <summary>The first track's contents: the configuration, or its frames.</summary>
    public ReadOnlySpan<byte> BodyOf(ReadOnlySpan<byte> payload) =>
        payload[BodyOffset..Math.Max(BodyOffset, payload.Length - BytesBehind)];

    public static AudioTagHeader Read(ReadOnlySpan<byte> payload)
    {
        var input = new ByteReader(payload);
        if (!input.TryReadByte(out var first))
            return default;
        return first >> 4 == Enhanced
            ? ReadEnhanced(payload, input, first & 0x0F)
            : ReadLegacy(input, first >> 4);
    }

    private static AudioTagHeader ReadLegacy(ByteReader input, int id)
    {
        var header = new AudioTagHeader
        {
            LegacyId = id,
            BodyOffset = 1,
            Codec = id switch
            {
                2 or 14 => FourCc.Mp3,          // 14: at 8 kHz
                Aac => FourCc.Mp4a,
                Opus => FourCc.Opus,
                _ => default,
            },
        };
        if (id is not (Aac or Opus))
            return header with { Kind = TagKind.Frames };

        // | format 4 | rate 2 | size 1 | type 1 | packet type 8 |
        if (!input.TryReadByte(out var packetType))
            return header;
        header = header with { BodyOffset = 2 };
        return packetType switch
        {
            0 => header with
            {
                Kind = TagKind.SequenceHeader,
                IsEmptyConfig = input.Remaining == 0,
            },
            1 => header with { Kind = TagKind.Frames },
            _ => header,
        };
    }

    private static AudioTagHeader ReadEnhanced(
        ReadOnlySpan<byte> payload, ByteReader input, int packetType)
    {
        var header = new AudioTagHeader { LegacyId = Enhanced };
        if (!EnhancedHeader.TryRead(ref input, packetType, multitrack: 5, out var enhanced))
            return header;
        return header with
        {
            Kind = enhanced.PacketType switch
            {
                0 => TagKind.SequenceHeader,
                1 => TagKind.Frames,
                2 => TagKind.SequenceEnd,
                4 => TagKind.MultichannelConfig,
                _ => TagKind.Unknown,
            },
            Codec = enhanced.Codec,
            Tracks = enhanced.Tracks,
            TrackId = enhanced.TrackId,
            BodyOffset = payload.Length - input.Remaining,
            BytesBehind = enhanced.BytesBehind,
            IsEmptyConfig = enhanced.PacketType == 0 && input.Remaining == enhanced.BytesBehind,
        };
    }
}
