using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Reactor.Primitives;
using Reactor.Protocol.Codecs;
using Reactor.Protocol.Rtmp;
using Reactor.Testing.Mp4;

namespace Reactor.Tests.Harness;

/// <summary>
/// A film of one track of any codec that MP4 carries, and its payloads as Enhanced RTMP has them,
/// which this ffmpeg does not write.
/// </summary>
internal sealed class CodecFilm
{
    private const string Picture = "testsrc2=s=320x180:r=25";
    private const string Sound = "aevalsrc=sin(400*t*t)|cos(300*t*t):s=48000";

    private static readonly Dictionary<string, string> VideoEncoders = new()
    {
        ["avc1"] = "libx264 -preset ultrafast -bf 2 -g 25",
        ["hvc1"] = "libx265 -preset ultrafast -bf 2 -g 25 -tag:v hvc1 "
            + "-x265-params log-level=none",
        ["av01"] = "libsvtav1 -preset 12 -g 25",
        ["vp09"] = "libvpx-vp9 -deadline realtime -cpu-used 8 -g 25",
    };

    private static readonly Dictionary<string, string> AudioEncoders = new()
    {
        ["mp4a"] = "aac",
        [".mp3"] = "libmp3lame",
        ["Opus"] = "libopus",
        ["fLaC"] = "flac",
        ["ac-3"] = "ac3",
        ["ec-3"] = "eac3",
    };

    private readonly string _codec;
    private readonly string _form;

    /// <summary>Encodes three seconds of it.</summary>
    /// <param name="folder">Where the file is written.</param>
    /// <param name="codec">Its FourCC.</param>
    /// <param name="form">
    /// How payloads deviate: "codes" or "short" for other forms of units, "adts" for headers of AAC
    /// in each frame.
    /// </param>
    public CodecFilm(TemporaryFolder folder, string codec, string form = "")
    {
        (_codec, _form) = (codec, form);
        Path = System.IO.Path.Combine(folder.Path, "source.mp4");
        string[] input = VideoEncoders.TryGetValue(codec, out var encoder)
            ? ["-i", Picture, "-c:v", .. encoder.Split(' ')]
            : ["-i", Sound, "-c:a", AudioEncoders[codec]];
        Ffmpeg.Run([
            "-f", "lavfi", .. input, "-pix_fmt", "yuv420p", "-t", "3",
            "-movflags", "frag_keyframe+empty_moov+delay_moov+default_base_moof",
            "-frag_duration", "500000", "-strict", "-2",
            Path]);
        Walk.ReadFile(File.ReadAllBytes(Path));
    }

    public static IEnumerable<string> VideoCodecs => VideoEncoders.Keys;

    public static IEnumerable<string> AudioCodecs => AudioEncoders.Keys;

    /// <summary>The file that ffmpeg has written.</summary>
    public string Path { get; }

    /// <summary>What is in it.</summary>
    public Mp4Walk Walk { get; } = new();

    public bool IsVideo => Walk.Video is not null;

    /// <summary>What a publisher sends: the sequence header, where there is one, and all frames.
    /// </summary>
    public IEnumerable<(MessageType Type, uint TimeMs, byte[] Payload)> Messages =>
        Payloads.Prepend((TimeMs: 0u, Bytes: Header)).Where(each => each.Bytes.Length > 0)
            .Select(each => (
                IsVideo ? MessageType.Video : MessageType.Audio, each.TimeMs, each.Bytes));

    /// <summary>The payloads of all frames.</summary>
    public IEnumerable<(uint TimeMs, byte[] Bytes)> Payloads =>
        Walk.Frames.Select(frame => ((uint)Math.Round(frame.TimeMs), Payload(frame)));

    /// <summary>A sequence header; nothing where there is none.</summary>
    public byte[] Header
    {
        get
        {
            if (Walk.Video is { } video)
                return [0x90, .. Letters, .. Config(video.Config)];
            var config = Walk.Audio!.Config;
            return _codec switch
            {
                "mp4a" when _form == "adts" => [],
                "mp4a" =>
                [
                    0x90, .. Letters,
                    .. config.AsSpan(config.AsSpan().IndexOf(AacConfigHead) + 5, 2),
                ],
                "Opus" =>
                [
                    0x90, .. Letters, .. "OpusHead"u8, 1, config[1], config[3], config[2],
                    .. config[4..8].Reverse(), .. config[8..10].Reverse(), config[10],
                ],
                "fLaC" => [0x90, .. Letters, .. config[4..]],
                _ => [],
            };
        }
    }

    private byte[] Letters => [.. _codec.Select(letter => (byte)letter)];

    /// <summary>A DecoderSpecificInfo's tag, and its length in four bytes.</summary>
    private static ReadOnlySpan<byte> AacConfigHead => [5, 0x80, 0x80, 0x80];

    private byte[] Config(byte[] avcC)
    {
        if (_form == "short")
        {
            avcC[4] = 0xFD;                     // lengths of two bytes
            return avcC;
        }
        return _form == "codes"
            ? AvcConfig.Read(avcC)!.ParameterSets.ToArray()
            : avcC;
    }

    private byte[] Payload(Mp4Frame frame)
    {
        if (!frame.IsVideo)
        {
            return _form == "adts"
                ? [0xAF, 1, .. Adts(frame.Bytes.Length), .. frame.Bytes]
                : [0x91, .. Letters, .. frame.Bytes];
        }
        var head = frame.IsSync ? (byte)0x91 : (byte)0xA1;
        if (_codec is not ("avc1" or "hvc1"))
            return [head, .. Letters, .. frame.Bytes];
        var composition = (int)Math.Round(frame.ShowMs) - (int)Math.Round(frame.TimeMs);
        return
        [
            head, .. Letters,
            (byte)(composition >> 16), (byte)(composition >> 8), (byte)composition,
            .. Units(frame.Bytes),
        ];
    }

    private byte[] Units(byte[] frame)
    {
        if (_form.Length == 0)
            return frame;
        var bytes = new List<byte>();
        var units = new NaluReader(frame, 4);
        while (units.TryRead(out var nalu))
        {
            if (_form == "codes")
                bytes.AddRange((ReadOnlySpan<byte>)[0, 0, 0, 1]);
            else
                bytes.AddRange([(byte)(nalu.Length >> 8), (byte)nalu.Length]);
            bytes.AddRange(nalu);
        }
        return [.. bytes];
    }

    private static byte[] Adts(int length)
    {
        var header = new byte[AdtsHeader.Length];
        var to = new ByteWriter(header);
        AdtsHeader.Write(ref to, AacConfig.Read([0x11, 0x90])!, length);
        return header;
    }
}
