using System;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Codecs;
using Reactor.Protocol.Flv;

namespace Reactor.Streaming;

/// <summary>What a live stream says of its picture, for people.</summary>
/// <remarks>
/// The decoder configuration counts before the metadata, which encoders make up (Q46); only where
/// it is silent, as of AV1 or of the frame rate, the metadata is believed.
/// </remarks>
/// <param name="Width">In pixels; 0 where nobody tells, as in what follows.</param>
/// <param name="Height">In pixels.</param>
/// <param name="FramesPerSecond">As the encoder means it; what comes may be less.</param>
public readonly record struct PictureFacts(int Width, int Height, double FramesPerSecond)
{
    private const int SizeMax = 1 << 16;
    private const int RateMax = 1000;

    public static PictureFacts Of(CodecState codecs)
    {
        var facts = OfConfiguration(codecs);
        if (!codecs.HasVideo || codecs.Metadata is not { } metadata)
            return facts;
        var told = OfMetadata(metadata.Payload.Written);
        var isSize = told.Width > 0 && told.Height > 0;
        if (isSize && (facts.Width == 0 || facts.Height == 0))
            facts = facts with { Width = told.Width, Height = told.Height };
        return facts.FramesPerSecond > 0
            ? facts
            : facts with { FramesPerSecond = told.FramesPerSecond };
    }

    private static PictureFacts OfConfiguration(CodecState codecs)
    {
        for (var i = 0; i < codecs.Count; i++)
        {
            if (codecs[i].Kind != FrameKind.Video)
                continue;
            var payload = codecs[i].Payload.Written;
            var header = VideoTagHeader.Read(payload);
            if (header is not { IsSequenceHeader: true, TrackId: 0 }
                || ExpectedOf(header) is not { } codec)
            {
                continue;
            }
            if (VideoConfig.Read(payload[header.BodyOffset..], codec)?.Facts is { } facts)
                return new PictureFacts(facts.Width, facts.Height, facts.FramesPerSecond);
        }
        return default;
    }

    private static NaluCodec? ExpectedOf(in VideoTagHeader header) =>
        header.Codec == FourCc.Avc1 ? NaluCodec.Avc
        : header.Codec == FourCc.Hvc1 ? NaluCodec.Hevc
        : null;

    /// <summary>The name onMetaData, then an object with width, height and framerate.</summary>
    private static PictureFacts OfMetadata(ReadOnlySpan<byte> body)
    {
        var reader = new Amf0Reader(body);
        if (!reader.TryRead(out _) || !reader.TryRead(out var told))
            return default;
        return new PictureFacts(
            (int)Number(told["width"], SizeMax),
            (int)Number(told["height"], SizeMax),
            Number(told["framerate"], RateMax));
    }

    private static double Number(AmfValue value, double max) =>
        value.AsNumber() is { } number && number > 0 && number <= max ? number : 0;
}
