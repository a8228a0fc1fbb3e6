using System;
using Reactor.Primitives;
using Reactor.Protocol.Codecs;
using Reactor.Protocol.Flv;

namespace Reactor.Protocol.Mp4;

/// <summary>A track of H.264, H.265, AV1 or VP9, as payloads of FLV tell of it.</summary>
/// <remarks>
/// Frames are carried as they came, by reference, but for what MP4 does not know: start codes
/// (Q52), lengths of 1 to 3 bytes and units that are cut short are written anew, with lengths of 4
/// bytes, and AV1's temporal delimiters stay out (AV1-ISOBMFF §2.4).
/// </remarks>
public sealed class Mp4VideoTrack : Mp4Track
{
    /// <summary>Times are in 90 kHz.</summary>
    public const int TicksPerMs = 90;

    private readonly VideoConfig? _units;

    private Mp4VideoTrack(FourCc codec, VideoConfig? units, VideoFacts facts, byte[] sampleEntry)
        : base(codec, 1000 * TicksPerMs, sampleEntry)
    {
        (_units, Facts) = (units, facts);
    }

    public VideoFacts Facts { get; }

    private static ReadOnlySpan<byte> TemporalDelimiter => [0x12, 0];

    public static bool IsSupported(FourCc codec) =>
        codec == FourCc.Avc1 || codec == FourCc.Hvc1
        || codec == FourCc.Av01 || codec == FourCc.Vp09;

    /// <summary>What is known of the track once a payload was seen.</summary>
    /// <param name="header">Its head. Configurations and keyframes tell something.</param>
    /// <param name="payload">All of it.</param>
    /// <param name="known">What was known before.</param>
    /// <returns>
    /// The same object where a decoder need not begin anew; null before a configuration has come.
    /// </returns>
    public static Mp4VideoTrack? Read(
        in VideoTagHeader header, ReadOnlySpan<byte> payload, Mp4VideoTrack? known)
    {
        var body = header.BodyOf(payload);
        if (header.IsSequenceHeader)
            return body.Length <= ConfigBytesMax ? Same(known, OfConfig(header, body)) : known;
        if (!header.IsKeyframe)
            return known;
        if (known is null && NaluReader.StartsWithCode(body))
            return OfConfig(header, body[..Math.Min(body.Length, ConfigBytesMax)]);
        return known is not null && header.Codec == FourCc.Vp09 && known.Codec == FourCc.Vp09
            && Vp9Frame.TryRead(body, out var frame)
            ? Same(known, known.WithSize(frame))
            : known;
    }

    /// <summary>The sample that a payload is.</summary>
    /// <param name="pool">Where what has to be written anew lives.</param>
    /// <param name="header">Its head.</param>
    /// <param name="payload">Borrowed; the sample is another owner of it, or of a new one.</param>
    /// <param name="sample">Owned by the caller.</param>
    /// <returns>False for a frame that cannot be carried.</returns>
    public bool TryTake(
        PacketPool pool, in VideoTagHeader header, Packet payload, out Mp4Slice sample)
    {
        sample = default;
        var body = header.BodyOf(payload.Written);
        if (header.Codec != Codec)
            return false;
        if (_units is not null && !NaluLengths.AreWhole(body, _units.NaluLengthBytes))
            return NaluLengths.TryWrite(pool, body, _units.NaluLengthBytes, out sample);
        var skipped = Codec == FourCc.Av01 && body.StartsWith(TemporalDelimiter)
            ? TemporalDelimiter.Length
            : 0;
        if (body.Length == skipped)
            return false;
        sample = new Mp4Slice(
            payload.Retain(), header.BodyOffset + skipped, body.Length - skipped);
        return true;
    }

    private static Mp4VideoTrack? OfConfig(in VideoTagHeader header, ReadOnlySpan<byte> body)
    {
        var codec = header.Codec;
        if (codec == FourCc.Avc1 || codec == FourCc.Hvc1)
        {
            var expected = codec == FourCc.Avc1 ? NaluCodec.Avc : NaluCodec.Hevc;
            return VideoConfig.Read(body, expected) is { } units
                && VideoEntry.Of(units, body) is { } entry
                ? new(codec, units, units.Facts, entry)
                : null;
        }
        if (codec == FourCc.Av01 && Av1Config.Read(body) is { } av1)
            return new(codec, null, av1, VideoEntry.OfAv1(av1, body));
        return codec == FourCc.Vp09 && Vp9Config.Read(body) is { } vp9
            ? new(codec, null, vp9, VideoEntry.OfVp9(vp9, Vp9Config.RecordOf(body)))
            : null;
    }

    /// <summary>VP9 tells its size with each keyframe, and nowhere else.</summary>
    private Mp4VideoTrack WithSize(Vp9Frame frame)
    {
        var facts = Facts with { Width = frame.Width, Height = frame.Height };
        return new(Codec, null, facts, VideoEntry.WithSize(SampleEntry, facts));
    }
}
