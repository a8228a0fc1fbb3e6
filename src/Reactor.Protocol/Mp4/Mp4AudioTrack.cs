using System;
using Reactor.Protocol.Codecs;
using Reactor.Protocol.Flv;

namespace Reactor.Protocol.Mp4;

/// <summary>A track of AAC, MP3, Opus, FLAC, AC-3 or E-AC-3, as payloads of FLV tell of it.
/// </summary>
/// <remarks>
/// Its timescale is the sample rate, so that times are counts of samples. Payloads are carried
/// by reference; one with several frames is several samples (<see cref="AudioFrames"/>).
/// </remarks>
public sealed class Mp4AudioTrack : Mp4Track
{
    private Mp4AudioTrack(FourCc codec, AudioFacts facts, int timescale, byte[] sampleEntry)
        : base(codec, timescale, sampleEntry)
    {
        Facts = facts;
    }

    public AudioFacts Facts { get; }

    /// <summary>Samples in a frame of AAC.</summary>
    internal int FrameSamples { get; private init; }

    public static bool IsSupported(FourCc codec) =>
        codec == FourCc.Mp4a || codec == FourCc.Mp3 || codec == FourCc.Opus
        || codec == FourCc.Flac || codec == FourCc.Ac3 || codec == FourCc.Eac3;

    /// <summary>What is known of the track once a payload was seen.</summary>
    /// <param name="header">
    /// Its head. Configurations tell something, of MP3, AC-3 and E-AC-3 each frame, and of AAC
    /// a frame behind an ADTS header (Q55).
    /// </param>
    /// <param name="payload">All of it.</param>
    /// <param name="known">What was known before.</param>
    /// <returns>
    /// The same object where a decoder need not begin anew; null before the format is known.
    /// </returns>
    public static Mp4AudioTrack? Read(
        in AudioTagHeader header, ReadOnlySpan<byte> payload, Mp4AudioTrack? known)
    {
        var body = header.BodyOf(payload);
        if (header.IsSequenceHeader)
        {
            return body.Length <= ConfigBytesMax
                ? Same(known, OfConfig(header.Codec, body))
                : known;
        }
        if (header.Codec == FourCc.Mp3)
        {
            return Mp3Header.TryRead(body, out var mp3) && !IsKnown(known, header, mp3.Facts)
                ? new(header.Codec, mp3.Facts, mp3.SampleRate, AudioEntry.OfMp3(mp3))
                : known;
        }
        if (header.Codec == FourCc.Ac3 || header.Codec == FourCc.Eac3)
        {
            return Ac3Header.TryRead(body, out var ac3) && !IsKnown(known, header, ac3.Facts)
                ? new(header.Codec, ac3.Facts, ac3.SampleRate, AudioEntry.OfAc3(ac3))
                : known;
        }
        return known?.Codec != header.Codec && header.Codec == FourCc.Mp4a
            && AdtsHeader.TryRead(body, out var adts)
            ? OfAac(AacConfig.Of(adts), AudioEntry.ConfigOf(adts))
            : known;
    }

    private static Mp4AudioTrack? OfConfig(FourCc codec, ReadOnlySpan<byte> body)
    {
        if (codec == FourCc.Mp4a)
            return AacConfig.Read(body) is { } aac ? OfAac(aac, body) : null;
        if (codec == FourCc.Opus && OpusHead.Read(body) is { } opus)
            return AudioEntry.OfOpus(opus, body) is { } entry
                ? new(codec, opus, opus.SampleRate, entry)
                : null;
        return codec == FourCc.Flac && FlacInfo.Read(body) is { } flac
            ? new(codec, flac, flac.SampleRate, AudioEntry.OfFlac(flac, FlacInfo.BlockOf(body)))
            : null;
    }

    private static Mp4AudioTrack OfAac(AacConfig config, ReadOnlySpan<byte> body) =>
        new(FourCc.Mp4a, config.Facts, config.SampleRate, AudioEntry.OfAac(config, body))
        {
            FrameSamples = config.FrameSamples,
        };

    /// <summary>Only a change that a decoder notices: bit rates vary.</summary>
    private static bool IsKnown(Mp4AudioTrack? known, in AudioTagHeader header, AudioFacts facts) =>
        known is not null && known.Codec == header.Codec && known.Facts == facts;
}
