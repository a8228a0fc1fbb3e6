using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Codecs;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Mp4;
using Reactor.Testing.Mp4;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>
/// ffmpeg encodes, each codec goes through payloads of FLV into our MP4, and ffmpeg finds the same
/// packets and pictures in it.
/// </summary>
[TestFixture]
public sealed class Mp4CodecTests
{
    private const string Picture = "testsrc2=s=320x180:r=25";
    private const string Sound = "aevalsrc=sin(400*t*t)|cos(300*t*t):s=48000";

    [TestCase("avc1", "libx264 -preset ultrafast -bf 2 -g 25")]
    [TestCase(
        "hvc1",
        "libx265 -preset ultrafast -bf 2 -g 25 -tag:v hvc1 -x265-params log-level=none")]
    [TestCase("av01", "libsvtav1 -preset 12 -g 25")]
    [TestCase("vp09", "libvpx-vp9 -deadline realtime -cpu-used 8 -g 25")]
    public void Video_comes_through(string codec, string encoder)
    {
        using var folder = new TemporaryFolder();
        var source = Encode(folder, ["-f", "lavfi", "-i", Picture, "-c:v", .. encoder.Split(' ')]);
        var (recording, track) = Through(folder, source, codec);
        Assert.That((track.Codec, track.Width, track.Height), Is.EqualTo((codec, 320, 180)));
        ShouldEqual(recording, source);
    }

    [TestCase("mp4a", "aac", "mp4a")]
    [TestCase(".mp3", "libmp3lame", "mp4a")]
    [TestCase("Opus", "libopus", "Opus")]
    [TestCase("fLaC", "flac", "fLaC")]
    [TestCase("ac-3", "ac3", "ac-3")]
    [TestCase("ec-3", "eac3", "ec-3")]
    public void Audio_comes_through(string codec, string encoder, string entry)
    {
        using var folder = new TemporaryFolder();
        var source = Encode(folder, ["-f", "lavfi", "-i", Sound, "-c:a", encoder]);
        var (recording, track) = Through(folder, source, codec);
        Assert.That((track.Codec, track.Channels), Is.EqualTo((entry, 2)));
        ShouldEqual(recording, source);
    }

    [TestCase("codes", Description = "start codes instead of lengths (Q52)")]
    [TestCase("short", Description = "lengths of two bytes")]
    public void Units_in_other_forms_get_lengths_of_four_bytes(string form)
    {
        using var folder = new TemporaryFolder();
        var source = Encode(
            folder,
            ["-f", "lavfi", "-i", Picture, "-c:v", "libx264", "-preset", "ultrafast"]);
        var (recording, _) = Through(folder, source, "avc1", form);
        ShouldEqual(recording, source);
    }

    [Test]
    public void ADTS_headers_are_left_out_and_tell_what_the_configuration_would()
    {
        using var folder = new TemporaryFolder();
        var source = Encode(folder, ["-f", "lavfi", "-i", Sound, "-c:a", "aac"]);
        var (recording, _) = Through(folder, source, "mp4a", "adts");
        ShouldEqual(recording, source);
    }

    private static void ShouldEqual(Recording recording, string source)
    {
        var expected = Ffmpeg.Record(source);
        Assert.That(expected.Video.Count + expected.Audio.Count, Is.GreaterThan(20));
        Assert.That(Hashes(recording.Video), Is.EqualTo(Hashes(expected.Video)), "video");
        Assert.That(Hashes(recording.Audio), Is.EqualTo(Hashes(expected.Audio)), "sound");
        Assert.That(Hashes(recording.Pictures), Is.EqualTo(Hashes(expected.Pictures)), "pictures");
    }

    private static string[] Hashes(IEnumerable<FramePrint> frames) =>
        [.. frames.Select(frame => frame.Hash)];

    private static string Encode(TemporaryFolder folder, string[] arguments)
    {
        var path = Path.Combine(folder.Path, "source.mp4");
        Ffmpeg.Run([
            .. arguments, "-pix_fmt", "yuv420p", "-t", "3",
            "-movflags", "frag_keyframe+empty_moov+delay_moov+default_base_moof",
            "-frag_duration", "500000", "-strict", "-2",
            path]);
        return path;
    }

    private static (Recording, Mp4Described) Through(
        TemporaryFolder folder, string source, string codec, string form = "")
    {
        var walk = new Mp4Walk();
        walk.ReadFile(File.ReadAllBytes(source));
        var path = Path.Combine(folder.Path, "ours.mp4");
        File.WriteAllBytes(path, Rewrite(walk, codec, form));
        var ours = new Mp4Walk();
        Assert.That(ours.ReadFile(File.ReadAllBytes(path)), Is.EqualTo(new FileInfo(path).Length));
        Assert.That(
            ours.Frames.Select(frame => frame.IsSync),
            Is.EqualTo(walk.Frames.Select(frame => frame.IsSync)));
        Assert.That(
            ours.Frames.Select(frame => frame.ShowMs),
            Is.EqualTo(walk.Frames.Select(frame => frame.ShowMs)).Within(1.1));
        Ffmpeg.ShouldDecode(path);
        return (Ffmpeg.Record(path), ours.Video ?? ours.Audio!);
    }

    private static byte[] Rewrite(Mp4Walk walk, string codec, string form)
    {
        var pool = new PacketPool();
        var writer = new Mp4Writer(pool);
        var (file, slices) = (new MemoryStream(), new List<Mp4Slice>());
        var isVideo = walk.Video is not null;
        var payloads = walk.Frames.Select(frame => (
            frame.TimeMs, Bytes: Payload(frame, codec, form))).ToList();
        Mp4VideoTrack? video = null;
        Mp4AudioTrack? audio = null;
        foreach (var payload in (byte[][])[Header(walk, codec, form), payloads[0].Bytes])
        {
            if (isVideo)
                video = Mp4VideoTrack.Read(VideoTagHeader.Read(payload), payload, video);
            else
                audio = Mp4AudioTrack.Read(AudioTagHeader.Read(payload), payload, audio);
        }
        writer.Begin(video, audio);
        var init = Mp4Init.Write(pool, video, audio);
        file.Write(init.Written);
        init.Release();
        for (var i = 0; i < payloads.Count; i++)
        {
            var packet = pool.Copy(payloads[i].Bytes);
            var timeMs = (long)Math.Round(payloads[i].TimeMs);
            Assert.That(
                isVideo
                    ? writer.TryAdd(VideoTagHeader.Read(packet.Written), packet, timeMs)
                    : writer.TryAdd(AudioTagHeader.Read(packet.Written), packet, timeMs),
                Is.True);
            packet.Release();
            if (i % 20 != 19 && i < payloads.Count - 1)
                continue;
            writer.Cut(slices);
            foreach (var slice in slices)
            {
                file.Write(slice.Bytes);
                slice.Packet.Release();
            }
            slices.Clear();
        }
        Assert.That(pool.Outstanding, Is.Zero);
        return file.ToArray();
    }

    /// <summary>A sequence header, as Enhanced RTMP has it; nothing where there is none.</summary>
    private static byte[] Header(Mp4Walk walk, string codec, string form)
    {
        byte[] letters = [.. codec.Select(letter => (byte)letter)];
        if (walk.Video is { } video)
            return [0x90, .. letters, .. Config(video.Config, form)];
        var config = walk.Audio!.Config;
        return codec switch
        {
            "mp4a" when form == "adts" => [],
            "mp4a" =>
            [
                0x90, .. letters,
                .. config.AsSpan(config.AsSpan().IndexOf(AacConfigHead) + 5, 2),
            ],
            "Opus" =>
            [
                0x90, .. letters, .. "OpusHead"u8, 1, config[1], config[3], config[2],
                .. config[4..8].Reverse(), .. config[8..10].Reverse(), config[10],
            ],
            "fLaC" => [0x90, .. letters, .. config[4..]],
            _ => [],
        };
    }

    /// <summary>A DecoderSpecificInfo's tag, and its length in four bytes.</summary>
    private static ReadOnlySpan<byte> AacConfigHead => [5, 0x80, 0x80, 0x80];

    private static byte[] Config(byte[] avcC, string form)
    {
        if (form == "short")
        {
            avcC[4] = 0xFD;                     // lengths of two bytes
            return avcC;
        }
        return form == "codes"
            ? AvcConfig.Read(avcC)!.ParameterSets.ToArray()
            : avcC;
    }

    private static byte[] Payload(Mp4Frame frame, string codec, string form)
    {
        byte[] letters = [.. codec.Select(letter => (byte)letter)];
        if (!frame.IsVideo)
        {
            return form == "adts"
                ? [0xAF, 1, .. Adts(frame.Bytes.Length), .. frame.Bytes]
                : [0x91, .. letters, .. frame.Bytes];
        }
        var head = frame.IsSync ? (byte)0x91 : (byte)0xA1;
        if (codec is not ("avc1" or "hvc1"))
            return [head, .. letters, .. frame.Bytes];
        var composition = (int)Math.Round(frame.ShowMs) - (int)Math.Round(frame.TimeMs);
        return
        [
            head, .. letters,
            (byte)(composition >> 16), (byte)(composition >> 8), (byte)composition,
            .. Units(frame.Bytes, form),
        ];
    }

    private static byte[] Units(byte[] frame, string form)
    {
        if (form.Length == 0)
            return frame;
        var bytes = new List<byte>();
        var units = new NaluReader(frame, 4);
        while (units.TryRead(out var nalu))
        {
            if (form == "codes")
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
