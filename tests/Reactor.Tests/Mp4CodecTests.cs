using System.Collections.Generic;
using System.IO;
using System.Linq;
using NUnit.Framework;
using Reactor.Primitives;
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
    private static IEnumerable<string> VideoCodecs => CodecFilm.VideoCodecs;

    private static IEnumerable<string> AudioCodecs => CodecFilm.AudioCodecs;

    [TestCaseSource(nameof(VideoCodecs))]
    public void Video_comes_through(string codec)
    {
        using var folder = new TemporaryFolder();
        var film = new CodecFilm(folder, codec);
        var (recording, track) = Through(folder, film);
        Assert.That((track.Codec, track.Width, track.Height), Is.EqualTo((codec, 320, 180)));
        ShouldEqual(recording, film);
    }

    [TestCaseSource(nameof(AudioCodecs))]
    public void Audio_comes_through(string codec)
    {
        using var folder = new TemporaryFolder();
        var film = new CodecFilm(folder, codec);
        var (recording, track) = Through(folder, film);
        var entry = codec == ".mp3" ? "mp4a" : codec;
        Assert.That((track.Codec, track.Channels), Is.EqualTo((entry, 2)));
        ShouldEqual(recording, film);
    }

    [TestCase("codes", Description = "start codes instead of lengths (Q52)")]
    [TestCase("short", Description = "lengths of two bytes")]
    public void Units_in_other_forms_get_lengths_of_four_bytes(string form)
    {
        using var folder = new TemporaryFolder();
        var film = new CodecFilm(folder, "avc1", form);
        ShouldEqual(Through(folder, film).Recording, film);
    }

    [Test]
    public void ADTS_headers_are_left_out_and_tell_what_the_configuration_would()
    {
        using var folder = new TemporaryFolder();
        var film = new CodecFilm(folder, "mp4a", "adts");
        ShouldEqual(Through(folder, film).Recording, film);
    }

    private static void ShouldEqual(Recording recording, CodecFilm film)
    {
        var expected = Ffmpeg.Record(film.Path);
        Assert.That(expected.Video.Count + expected.Audio.Count, Is.GreaterThan(20));
        recording.ShouldHold(expected);
    }

    private static (Recording Recording, Mp4Described) Through(
        TemporaryFolder folder, CodecFilm film)
    {
        var walk = film.Walk;
        var path = Path.Combine(folder.Path, "ours.mp4");
        File.WriteAllBytes(path, Rewrite(film));
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

    private static byte[] Rewrite(CodecFilm film)
    {
        var pool = new PacketPool();
        var writer = new Mp4Writer(pool);
        var (file, slices) = (new MemoryStream(), new List<Mp4Slice>());
        var isVideo = film.IsVideo;
        var payloads = film.Payloads.ToList();
        Mp4VideoTrack? video = null;
        Mp4AudioTrack? audio = null;
        foreach (var payload in (byte[][])[film.Header, payloads[0].Bytes])
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
            var timeMs = payloads[i].TimeMs;
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
}
