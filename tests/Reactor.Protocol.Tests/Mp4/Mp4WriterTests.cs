using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Rtmp;
using Reactor.Protocol.Tests.Codecs;
using Reactor.Testing;

namespace Reactor.Protocol.Tests.Mp4;

[TestFixture]
public sealed class Mp4WriterTests
{
    private static readonly byte[] AvcHeader = [0x17, 0, 0, 0, 0, .. ConfigSamples.Main.Bytes];
    private static readonly byte[] AacHeader = [0xAF, 0, 0x12, 0x10];
    private static readonly byte[] Key = [0, 0, 0, 2, 0x65, 0x88];
    private static readonly byte[] Inter = [0, 0, 0, 3, 0x41, 0x9A, 1];

    private PacketPool _pool = null!;
    private Tags _tags = null!;

    [SetUp]
    public void Begin()
    {
        _pool = new PacketPool();
        _tags = new Tags(_pool);
    }

    [TearDown]
    public void Nothing_is_left()
    {
        _tags.Writer.Drop();
        Assert.That(_pool.Outstanding, Is.Zero);
    }

    [Test]
    public void A_fragment_is_a_moof_with_its_mdat_byte_for_byte()
    {
        _tags.Video(0, AvcHeader);
        _tags.Audio(0, AacHeader);
        _tags.Video(1000, [0x17, 1, 0, 0, 80, .. Key]);
        _tags.Video(1040, [0x27, 1, 0xFF, 0xFF, 0xD8, .. Inter]);
        _tags.Audio(1000, 0xAF, 1, 0x21, 7, 8);

        var fragment = _tags.Cut(nextVideoMs: 1100);

        Assert.That(Convert.ToHexString(fragment), Is.EqualTo(string.Concat(
            "000000C0", "6D6F6F66",                                 // moof
            "00000010", "6D666864", "00000000", "00000001",         // mfhd: number 1
            "00000060", "74726166",                                 // traf
            "00000010", "74666864", "00020000", "00000001",         // tfhd: base is moof, track 1
            "00000014", "74666474", "01000000", "0000000000015F90", // tfdt: 90,000
            "00000034", "7472756E", "01000F01", "00000002", "000000C8",
            "00000E10", "00000006", "02000000", "00001C20",         // 40 ms, key, 80 ms later
            "00001518", "00000007", "01010000", "FFFFF1F0",         // 60 ms, 40 ms earlier (Q50)
            "00000048", "74726166",
            "00000010", "74666864", "00020000", "00000002",
            "00000014", "74666474", "01000000", "000000000000AC44", // 44,100
            "0000001C", "7472756E", "01000301", "00000001", "000000D5",
            "00000400", "00000003",                                 // 1,024 samples, 3 bytes
            "00000018", "6D646174",                                 // mdat
            "000000026588", "00000003419A01", "210708")));
    }

    [Test]
    public void A_real_stream_of_AV1_and_Opus_comes_through_but_for_temporal_delimiters()
    {
        var tags = Read("ertmp-av1-opus.flv");
        foreach (var (isVideo, payload, _) in tags.Where(tag => !IsFrame(tag.IsVideo, tag.Payload)))
            Send(isVideo, payload, 0);
        var (pictures, sounds) = (new List<byte[]>(), new List<byte[]>());
        foreach (var (isVideo, payload, timeMs) in tags)
        {
            if (!IsFrame(isVideo, payload))
                continue;
            if (isVideo && VideoTagHeader.Read(payload).IsKeyframe && !_tags.Writer.IsEmpty)
                _tags.Cut(timeMs);
            Assert.That(Send(isVideo, payload, timeMs), Is.True);
            if (isVideo)
                pictures.Add(VideoTagHeader.Read(payload).BodyOf(payload)[2..].ToArray());
            else
                sounds.Add(AudioTagHeader.Read(payload).BodyOf(payload).ToArray());
        }
        _tags.Cut();

        Assert.That(_tags.Walk.Video!.Codec, Is.EqualTo("av01"));
        Assert.That(_tags.Walk.Audio!.Codec, Is.EqualTo("Opus"));
        Assert.That(_tags.Walk.Pictures.Select(frame => frame.Bytes), Is.EqualTo(pictures));
        Assert.That(_tags.Walk.Sounds.Select(frame => frame.Bytes), Is.EqualTo(sounds));
    }

    /// <remarks>Pictures come at 0, 33, 66, 100, … ms, as those of 30 a second do.</remarks>
    [Test]
    public void A_last_picture_whose_end_is_not_known_lasts_no_longer_than_until_the_next(
        [Range(1, 8)] int pictures)
    {
        _tags.Video(0, AvcHeader);
        for (var i = 0; i < pictures; i++)
            _tags.Video(i * 1000 / 30, [0x27, 1, 0, 0, 0, .. Inter]);
        _tags.Cut();

        var last = _tags.Walk.Pictures.Last();
        var endMs = (last.DecodeTime + last.Duration) * 1000.0 / last.Track.Timescale;
        Assert.That(
            endMs, pictures > 2
                ? Is.InRange((pictures * 1000 / 30) - 1, pictures * 1000 / 30)
                : Is.InRange(last.TimeMs + 1, pictures * 1000 / 30));
    }

    private bool Send(bool isVideo, byte[] payload, long timeMs) =>
        isVideo ? _tags.Video(timeMs, payload) : _tags.Audio(timeMs, payload);

    private static bool IsFrame(bool isVideo, byte[] payload) => TagKind.Frames
        == (isVideo ? VideoTagHeader.Read(payload).Kind : AudioTagHeader.Read(payload).Kind);

    private List<(bool IsVideo, byte[] Payload, long TimeMs)> Read(string sample)
    {
        var tags = new List<(bool, byte[], long)>();
        using var reader = new FlvReader(_pool, 1 << 20);
        ReadOnlySpan<byte> input = Samples.Load(sample);
        while (reader.TryRead(ref input, out var tag))
        {
            if (tag.Type is MessageType.Video or MessageType.Audio)
            {
                tags.Add((
                    tag.Type == MessageType.Video, tag.Payload.Written.ToArray(), tag.TimestampMs));
            }
            tag.Payload.Release();
        }
        return tags;
    }
}
