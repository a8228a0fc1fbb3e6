using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Rtmp;
using Reactor.Testing;
using Reactor.Testing.Mp4;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>
/// Each codec that MP4 carries, published by Enhanced RTMP: what ffmpeg fetches by HLS, and what is
/// recorded meanwhile, are the packets and pictures that were encoded.
/// </summary>
[TestFixture]
public sealed class CodecTests
{
    private static readonly int Port = RtmpServerProcess.FreePort();
    private static TemporaryFolder _folder = null!;
    private static ReactorProcess _server = null!;

    [OneTimeSetUp]
    public static void Serve()
    {
        _folder = new TemporaryFolder();
        _server = ReactorProcess.Start(
            $"http.listen=127.0.0.1:{Port}", "defaults.publish.grace=200ms",
            "defaults.hls.type=fmp4", "defaults.hls.hls_fragment=1s",
            "defaults.hls.on_demand=false",
            "defaults.record="
                + $$"""[{"format":"fmp4","record_path":"{{_folder.Path}}/{stream}.{ext}"}]""");
    }

    [OneTimeTearDown]
    public static void End()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    //        FourCC, what ffprobe says of it: name, size or channels, packets
    [TestCase("avc1", "h264,320,180,75")]
    [TestCase("hvc1", "hevc,320,180,75")]
    [TestCase("av01", "av1,320,180,75")]
    [TestCase("vp09", "vp9,320,180,75")]
    [TestCase("mp4a", "aac,2,")]
    [TestCase(".mp3", "mp3,2,")]
    [TestCase("Opus", "opus,2,")]
    [TestCase("fLaC", "flac,2,")]
    [TestCase("ac-3", "ac3,2,")]
    [TestCase("ec-3", "eac3,2,")]
    public void It_comes_through_by_HLS_and_as_a_recording(string codec, string probed)
    {
        using var folder = new TemporaryFolder();
        var film = new CodecFilm(folder, codec);
        var name = codec.TrimStart('.');
        if (!film.IsVideo)
            probed += film.Walk.Frames.Count;

        TagPublisher.Publish(_server.Port, name, film.Messages);

        var expected = Ffmpeg.Record(film.Path);
        var (url, fetched) = Fetch(name);
        ShouldBe(fetched, film.Walk);
        ShouldBe(HlsPlayer.Play(url, hasAac: false), expected);
        Assert.That(Probe(url), Is.EqualTo(probed));

        var (file, recorded) = Recorded(name);
        ShouldBe(recorded, film.Walk);
        ShouldBe(Ffmpeg.Record(file), expected);
        Assert.That(Probe(file), Is.EqualTo(probed));
    }

    /// <summary>Both tracks, as FFmpeg 8 publishes them.</summary>
    [Test]
    public void AV1_and_Opus_of_a_real_encoder_come_through()
    {
        const string Name = "ertmp-av1-opus";
        var tags = Tags(Samples.Load($"{Name}.flv"));

        TagPublisher.Publish(_server.Port, Name, tags);

        var (url, fetched) = Fetch(Name);
        var played = HlsPlayer.Play(url, hasAac: false);
        var (file, recorded) = Recorded(Name);
        Ffmpeg.ShouldDecode(file);
        // The first sound comes before the pictures, and a recording begins with a keyframe.
        foreach (var (walk, unheard) in ((Mp4Walk, int)[])[(fetched, 0), (recorded, 1)])
        {
            Assert.That(
                (walk.Video!.Codec, walk.Audio!.Codec), Is.EqualTo(("av01", "Opus")));
            Assert.That(Bytes(walk.Pictures), Is.EqualTo(Frames(tags, MessageType.Video)));
            Assert.That(
                Bytes(walk.Sounds),
                Is.EqualTo(Frames(tags, MessageType.Audio).Skip(unheard)));
        }
        Assert.That(played.Pictures, Has.Count.EqualTo(fetched.Pictures.Count()));
    }

    private static (string Url, Mp4Walk Fetched) Fetch(string name)
    {
        var url = $"http://127.0.0.1:{Port}/live/{name}.m3u8";
        HlsPlayer.WaitForEnd(url);
        return (url, HlsPlayer.CheckMp4(url).Mp4);
    }

    private static (string File, Mp4Walk Recorded) Recorded(string name)
    {
        _server.Process.WaitForLine(
            line => line.Contains($"live/{name} recorded"), Ffmpeg.Deadline);
        var file = Path.Combine(_folder.Path, $"{name}.mp4");
        Ffmpeg.ShouldDecode(file);
        var recorded = new Mp4Walk();
        recorded.ReadFile(File.ReadAllBytes(file));
        return (file, recorded);
    }

    private static string Probe(string input) => Ffmpeg.Probe(
        input, "-count_packets", "-show_entries",
        "stream=codec_name,width,height,channels,nb_read_packets")
        .Select(line => line.TrimEnd(','))
        .Where(line => line.Length > 0).Distinct().Single();    // of HLS it tells all twice

    private static void ShouldBe(Mp4Walk walk, Mp4Walk source)
    {
        var start = walk.Frames[0].TimeMs - source.Frames[0].TimeMs;
        Assert.Multiple(() =>
        {
            Assert.That(walk.Tracks.Single().Codec, Is.EqualTo(source.Tracks.Single().Codec));
            Assert.That(Bytes(walk.Frames), Is.EqualTo(Bytes(source.Frames)));
            Assert.That(
                walk.Frames.Select(frame => frame.IsSync),
                Is.EqualTo(source.Frames.Select(frame => frame.IsSync)));
            Assert.That(
                walk.Frames.Select(frame => frame.ShowMs - start),
                Is.EqualTo(source.Frames.Select(frame => frame.ShowMs)).Within(1.1));
        });
    }

    private static void ShouldBe(Recording recording, Recording source) => Assert.Multiple(() =>
    {
        Assert.That(source.Pictures.Count + source.Sounds.Count, Is.GreaterThan(20));
        recording.ShouldHold(source);
        Assert.That(
            Recording.Hashes(recording.Sounds), Is.EqualTo(Recording.Hashes(source.Sounds)),
            "sounds");
    });

    private static IEnumerable<byte[]> Bytes(IEnumerable<Mp4Frame> frames) =>
        frames.Select(frame => frame.Bytes);

    private static List<(MessageType Type, uint TimeMs, byte[] Body)> Tags(byte[] file)
    {
        using var reader = new FlvReader(new PacketPool(), 1 << 20);
        var tags = new List<(MessageType, uint, byte[])>();
        ReadOnlySpan<byte> rest = file;
        while (reader.TryRead(ref rest, out var tag))
        {
            tags.Add((tag.Type, tag.TimestampMs, tag.Payload.Written.ToArray()));
            tag.Payload.Release();
        }
        return tags;
    }

    /// <summary>
    /// What coded frames hold, behind the byte of their kind and the FourCC. An AV1's temporal
    /// delimiter is left out in MP4.
    /// </summary>
    private static IEnumerable<byte[]> Frames(
        IEnumerable<(MessageType Type, uint TimeMs, byte[] Body)> tags, MessageType type) =>
        tags.Where(tag => tag.Type == type && (tag.Body[0] & 0x0F) == 1)
            .Select(tag => tag.Body[(HasDelimiter(tag.Type, tag.Body) ? 7 : 5)..]);

    private static bool HasDelimiter(MessageType type, byte[] body) =>
        type == MessageType.Video && body[5] == 0x12 && body[6] == 0;
}
