using System;
using System.Collections.Generic;
using System.Linq;
using Reactor.Primitives;
using Reactor.Protocol.Codecs;

namespace Reactor.Testing.Fuzzing;

/// <summary>Decoder configurations and heads of frames, which no peer has to send right.</summary>
public sealed class CodecTarget : FuzzTarget
{
    /// <summary>Decoder configurations of each codec, and heads of frames.</summary>
    private static readonly byte[][] Real =
    [
        Convert.FromHexString(
            "0164001EFFE100186764001EACD940B424D8088000000300800000190F8A14CB01000668FBE3CB22C0FD"
            + "F8F800"),
        Convert.FromHexString(
            "0104080000009E08000000003FF000FCFFF8F800000F03200001001740010C01FFFF0408000003009E08"
            + "00000300003F959809210001002B4201010408000003009E0800000300003F9000A2402E39E7CB2B"
            + "349272BC05A020000003002000000303C122000100084401C172860C4624"),
        [0x12, 0x10],
        [0x13, 0x08, 0x56, 0xE5, 0x9D, 0x48, 0x80],
        [0xFF, 0xF1, 0x50, 0x80, 0x02, 0x1F, 0xFC, 0x21, 0, 0, 0, 0, 0, 0, 0, 0],
        [0xFF, 0xFB, 0x90, 0x64],
        Convert.FromHexString("812400000A0E20000024CFA70DBFFF3404340080"),
        [.. "OpusHead"u8, 1, 2, 0x38, 1, 0x80, 0xBB, 0, 0, 0, 0, 0],
        Convert.FromHexString("001F800101010000"),
        Convert.FromHexString("824983420000000000EFC00000"),
        [.. "fLaC"u8, .. Convert.FromHexString(
            "800000221000100000000000000000BB80F0000000000000000000000000000000000000000000")],
        Convert.FromHexString("0B77000014404F84"),
        Convert.FromHexString("0B7700FF3F867FE0"),
    ];

    public override string Name => "codecs";

    /// <summary>A configuration comes as one message: how the network cut it is over.</summary>
    protected override bool IsResumable => false;

    public override IEnumerable<byte[]> Seeds() => Real;

    public override byte[] Generate(Random random)
    {
        var bytes = Real[random.Next(Real.Length)].ToArray();
        for (var i = random.Next(6); i > 0; i--)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    protected override void Read(IEnumerable<byte[]> pieces, PacketPool pool, Features seen)
    {
        foreach (var input in pieces)
        {
            ReadVideo(input, NaluCodec.Avc, seen);
            ReadVideo(input, NaluCodec.Hevc, seen);
            var aac = AacConfig.Read(input);
            seen.Add(aac is null ? "no AAC" : aac.AdtsObstacle is null ? "ADTS" : "AAC");
            if (AdtsHeader.TryRead(input, out var adts))
            {
                Invariant.Holds(adts.FrameLength <= input.Length);
                seen.Add("an ADTS frame");
            }
            if (Mp3Header.TryRead(input, out var mp3))
                seen.Add($"MP3 {mp3.IsMpeg1} {mp3.Channels}");
            if (OpusHead.Read(input) is { } opus)
                seen.Add($"Opus {opus.Channels}");
            ReadOthers(input, seen);
            if (Av1Config.Read(input) is { } av1)
            {
                Invariant.Holds(av1.Width is >= 0 and <= 65_536);
                Invariant.Holds(av1.Height is >= 0 and <= 65_536);
                Invariant.Holds(av1.FramesPerSecond is >= 0 and <= 1000);
                seen.Add($"AV1 {av1.Width > 0} {av1.FramesPerSecond > 0} {av1.Profile}");
            }
        }
    }

    private static void ReadOthers(byte[] input, Features seen)
    {
        foreach (var audio in (AudioFacts?[])[FlacInfo.Read(input), Ac3Header.Read(input)])
        {
            if (audio is null)
                continue;
            Invariant.Holds(audio.SampleRate is > 0 and <= 655_350);
            Invariant.Holds(audio.Channels is >= 1 and <= 8);
            seen.Add($"{audio.Codec} {audio.SampleRate} {audio.Channels}");
        }
        if (Vp9Config.Read(input) is { } vp9)
            seen.Add(vp9.Rfc6381);
        if (Vp9Frame.TryRead(input, out var frame))
        {
            Invariant.Holds(frame.Width is >= 1 and <= 65_536);
            Invariant.Holds(frame.Height is >= 1 and <= 65_536);
            seen.Add($"VP9 {frame.Profile}");
        }
    }

    private static void ReadVideo(byte[] input, NaluCodec expected, Features seen)
    {
        if (VideoConfig.Read(input, expected) is { } config)
        {
            var facts = config.Facts;
            Invariant.Holds(facts.Width is >= 0 and <= 65_536 && facts.Height is >= 0);
            Invariant.Holds(!double.IsNaN(facts.FramesPerSecond));
            Invariant.Holds(config.ParameterSets.Length <= input.Length * 3);
            seen.Add($"{config.Codec} {facts.Width > 0} {facts.FramesPerSecond > 0}");
        }
        for (var lengthBytes = 1; lengthBytes <= 4; lengthBytes++)
        {
            var units = 0;
            var bytes = 0;
            var reader = new NaluReader(input, lengthBytes);
            for (; reader.TryRead(out var nalu); units++)
            {
                Invariant.Holds(nalu.Length > 0);
                bytes += nalu.Length;
            }
            Invariant.Holds(bytes <= input.Length);
            seen.Add($"units {reader.IsAnnexB} {Math.Min(units, 4)}");
        }
    }
}
