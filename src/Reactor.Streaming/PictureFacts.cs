using System;
using Reactor.Protocol.Amf;

namespace Reactor.Streaming;

/// <summary>What a live stream says of its picture, for people.</summary>
/// <remarks>
/// The decoder configuration counts before the metadata, which encoders make up (Q46); only where
/// it is silent, as it often is of the frame rate, the metadata is believed.
/// </remarks>
/// <param name="Width">In pixels; 0 where nobody tells, as in what follows.</param>
/// <param name="Height">In pixels.</param>
/// <param name="FramesPerSecond">As the encoder means it; what comes may be less.</param>
public readonly record struct PictureFacts(int Width, int Height, double FramesPerSecond)
{
    private const int SizeMax = 1 << 16;
    private const int RateMax = 1000;

    internal static PictureFacts Of(CodecState codecs)
    {
        var facts = codecs.Video is { } header
            ? new PictureFacts(header.Width, header.Height, header.FramesPerSecond)
            : default;
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
