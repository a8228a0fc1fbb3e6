using System;
using Reactor.Protocol.Codecs;
using Reactor.Protocol.Flv;

namespace Reactor.Streaming;

/// <summary>What payloads tell of their track, as far as their codec's headers are read here.
/// </summary>
internal static class TrackFacts
{
    /// <summary>AVC, HEVC, AV1 and VP9 by their sequence header.</summary>
    /// <returns>Null for any other payload.</returns>
    public static VideoFacts? OfVideo(ReadOnlySpan<byte> payload)
    {
        var header = VideoTagHeader.Read(payload);
        if (!header.IsSequenceHeader)
            return null;
        var body = header.BodyOf(payload);
        return header.Codec == FourCc.Avc1 ? VideoConfig.Read(body, NaluCodec.Avc)?.Facts
            : header.Codec == FourCc.Hvc1 ? VideoConfig.Read(body, NaluCodec.Hevc)?.Facts
            : header.Codec == FourCc.Av01 ? Av1Config.Read(body)
            : header.Codec == FourCc.Vp09 ? Vp9Config.Read(body)
            : null;
    }

    /// <summary>VP9 tells its size with each keyframe, and nowhere else.</summary>
    /// <param name="payload">With a keyframe of the default track.</param>
    /// <param name="known">What is known of the track.</param>
    public static VideoFacts? OfKeyframe(ReadOnlySpan<byte> payload, VideoFacts? known)
    {
        var header = VideoTagHeader.Read(payload);
        if (header.Codec != FourCc.Vp09
            || !Vp9Frame.TryRead(header.BodyOf(payload), out var frame)
            || (known?.Width == frame.Width && known.Height == frame.Height))
        {
            return known;
        }
        known ??= new VideoFacts("VP9", "", 0, 0, 0, $"{frame.Profile}", "");
        return known with { Width = frame.Width, Height = frame.Height };
    }

    /// <summary>
    /// AAC, Opus and FLAC by their sequence header; MP3, AC-3, E-AC-3, and AAC that has ADTS inside
    /// (Q55), by a frame.
    /// </summary>
    /// <returns>Null for any other payload.</returns>
    public static AudioFacts? OfAudio(ReadOnlySpan<byte> payload)
    {
        var header = AudioTagHeader.Read(payload);
        var body = header.BodyOf(payload);
        if (header.IsSequenceHeader)
        {
            return header.Codec == FourCc.Mp4a ? AacConfig.Read(body)?.Facts
                : header.Codec == FourCc.Opus ? OpusHead.Read(body)
                : header.Codec == FourCc.Flac ? FlacInfo.Read(body)
                : null;
        }
        if (header.Kind != TagKind.Frames)
            return null;
        if (header.Codec == FourCc.Mp3 && Mp3Header.TryRead(body, out var mp3))
            return mp3.Facts;
        if (header.Codec == FourCc.Ac3 || header.Codec == FourCc.Eac3)
            return Ac3Header.Read(body);
        return header.Codec == FourCc.Mp4a && AdtsHeader.TryRead(body, out var adts)
            ? AacConfig.Of(adts).Facts
            : null;
    }
}
