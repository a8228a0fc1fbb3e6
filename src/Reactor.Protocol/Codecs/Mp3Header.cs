using System;
using System.Buffers.Binary;

namespace Reactor.Protocol.Codecs;

/// <summary>The header of an MP3 frame: MPEG audio, layer III (ISO 11172-3 §2.4.1.3).</summary>
/// <remarks>
/// <code>
/// | 1's 11 | version 2 | layer 2 | no CRC 1 | bit rate 4 | rate 2 | padding 1 | 1 | mode 2 | ...
/// </code>
/// </remarks>
/// <param name="IsMpeg1">False for MPEG-2 and 2.5, with half the rates and samples.</param>
/// <param name="SampleRate">In Hz.</param>
/// <param name="Channels">1 or 2.</param>
/// <param name="FrameLength">Bytes, header included.</param>
public readonly record struct Mp3Header(
    bool IsMpeg1, int SampleRate, int Channels, int FrameLength)
{
    private const int Length = 4;
    private const int LayerIII = 1;

    private static readonly int[] Rates = [44_100, 48_000, 32_000];
    private static readonly int[] Kilobits =
        [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    private static readonly int[] KilobitsOfMpeg2 =
        [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

    public int FrameSamples => IsMpeg1 ? 1152 : 576;

    public AudioFacts Facts => new("MP3", "mp4a.40.34", SampleRate, Channels, "");

    /// <summary>Whether a frame of layer III begins here; it may be cut short.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Mp3Header header)
    {
        header = default;
        if (!BinaryPrimitives.TryReadUInt32BigEndian(bytes, out var bits))
            return false;
        var version = (int)(bits >> 19) & 3;    // 3 is 1, 2 is 2, 0 is 2.5
        var bitRate = (int)(bits >> 12) & 15;
        var rate = (int)(bits >> 10) & 3;
        if (bits >> 21 != 0x7FF || version == 1 || ((bits >> 17) & 3) != LayerIII
            || bitRate is 0 or 15 || rate == 3)
        {
            return false;                       // a free bit rate does not tell the length
        }
        var isMpeg1 = version == 3;
        var sampleRate = Rates[rate] >> (version switch { 3 => 0, 2 => 1, _ => 2 });
        var kilobits = (isMpeg1 ? Kilobits : KilobitsOfMpeg2)[bitRate];
        var padding = (int)(bits >> 9) & 1;
        header = new Mp3Header(
            isMpeg1,
            sampleRate,
            ((bits >> 6) & 3) == 3 ? 1 : 2,
            ((isMpeg1 ? 144_000 : 72_000) * kilobits / sampleRate) + padding);
        return header.FrameLength > Length;
    }
}
