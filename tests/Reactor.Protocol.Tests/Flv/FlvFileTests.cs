using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Rtmp;
using Reactor.Testing;

namespace Reactor.Protocol.Tests.Flv;

/// <summary>Reader and writer together: what was read, written again, is the file.</summary>
[TestFixture]
public sealed class FlvFileTests
{
    private const int PayloadBytesMax = 1 << 20;

    private static byte[] EnhancedFile => Samples.Load("ertmp-av1-opus.flv");

    [Test]
    public void A_file_does_not_depend_on_where_it_was_cut()
    {
        var file = File(
            hasAudio: true,
            hasVideo: true,
            (MessageType.Data, 0, [2, 0, 1, 65]),
            (MessageType.Video, 0x00FF_FFFF, Payload(300)),
            (MessageType.Audio, 0x1234_5678, []),
            (MessageType.Video, uint.MaxValue, Payload(5_000)));

        foreach (var cut in Wire.EveryCutOf(file))
            Assert.That(Rewritten(cut).AsSpan().SequenceEqual(file));
    }

    [Test]
    public void A_recorded_file_is_the_same_when_read_and_written([Range(0, 4)] int seed)
    {
        var file = EnhancedFile;

        Assert.That(Rewritten(Wire.RandomCuts(file, seed, bytesMax: 9_000)), Is.EqualTo(file));
    }

    [Test]
    public void FFmpegs_enhanced_file_has_the_tags_that_its_description_lists()
    {
        var video = new List<VideoTagHeader>();
        var audio = new List<AudioTagHeader>();
        foreach (var (type, _, payload) in Read([EnhancedFile]))
        {
            if (type == MessageType.Video)
                video.Add(VideoTagHeader.Read(payload));
            else if (type == MessageType.Audio)
                audio.Add(AudioTagHeader.Read(payload));
        }

        Assert.That(video.Select(each => each.CodecName), Is.All.EqualTo("AV1"));
        Assert.That(video.Count(each => each.IsSequenceHeader), Is.EqualTo(2));
        Assert.That(video.Count(each => each.IsMetadata), Is.EqualTo(1));
        Assert.That(video.Count(each => each.Kind == TagKind.Frames), Is.EqualTo(300));
        Assert.That(video.First(each => each.Kind == TagKind.Frames).IsKeyframe, Is.True);
        Assert.That(audio.Select(each => each.CodecName), Is.All.EqualTo("Opus"));
        Assert.That(audio.Count(each => each.IsSequenceHeader), Is.EqualTo(1));
        Assert.That(
            audio.Count(each => each.Kind == TagKind.MultichannelConfig), Is.EqualTo(1));
    }

    [Test]
    public void A_file_cut_short_anywhere_gives_its_whole_tags_and_no_packet_is_lost()
    {
        const int Tag = FlvWriter.TagHeaderLength + 20;
        var file = File(
            hasAudio: true,
            hasVideo: false,
            (MessageType.Audio, 0, Payload(20)),
            (MessageType.Audio, 23, Payload(20)));

        for (var length = 0; length < file.Length; length++)
        {
            var behindHeader = Math.Max(0, length - FlvWriter.HeaderLength);
            var whole = (behindHeader + FlvWriter.BackPointerLength)
                / (Tag + FlvWriter.BackPointerLength);
            Assert.That(Read([file[..length]]), Has.Count.EqualTo(whole));
        }
    }

    [Test]
    public void The_header_tells_which_tracks_are_promised(
        [Values] bool hasAudio, [Values] bool hasVideo)
    {
        ReadOnlySpan<byte> input = File(hasAudio, hasVideo);
        using var reader = new FlvReader(new PacketPool(), PayloadBytesMax);

        Assert.That(reader.TryRead(ref input, out _), Is.False);
        Assert.That(reader.HasAudio, Is.EqualTo(hasAudio));
        Assert.That(reader.HasVideo, Is.EqualTo(hasVideo));
    }

    [Test]
    public void A_longer_file_header_is_passed_over()
    {
        var usual = File(hasAudio: true, hasVideo: true, (MessageType.Audio, 5, [0xAF, 1]));
        byte[] file = [.. "FLV"u8, 1, 5, 0, 0, 0, 12, 7, 7, 7, .. usual.AsSpan(9)];

        Assert.That(Read([file]), Has.Count.EqualTo(1));
    }

    [TestCase("FLX", 9)]
    [TestCase("FLV", 8)]
    [TestCase("FLV", 65_536)]
    public void What_is_no_FLV_file_is_refused(string letters, int headerLength)
    {
        byte[] file =
        [
            .. letters.Select(letter => (byte)letter), 1, 5,
            0, (byte)(headerLength >> 16), (byte)(headerLength >> 8), (byte)headerLength,
        ];

        var refusal = Assert.Throws<ProtocolException>(() => Read([file]));

        Assert.That(refusal.Error, Is.EqualTo(ProtocolError.Flv));
        Assert.That(refusal.Detail, Does.Contain("no FLV header"));
    }

    [Test]
    public void An_encrypted_tag_is_refused()
    {
        var file = File(hasAudio: true, hasVideo: true, (MessageType.Audio, 5, [0xAF, 1]));
        file[FlvWriter.HeaderLength] |= 0x20;

        var refusal = Assert.Throws<ProtocolException>(() => Read([file]));

        Assert.That(refusal.Detail, Is.EqualTo("an encrypted tag"));
    }

    [Test]
    public void A_tag_is_as_long_as_the_limit_and_no_longer([Values(0, 1)] int over)
    {
        var payload = Payload(PayloadBytesMax + over);
        var file = File(hasAudio: true, hasVideo: true, (MessageType.Video, 0, payload));

        if (over == 0)
            Assert.That(Read([file]), Has.Count.EqualTo(1));
        else
            Assert.That(() => Read([file]), Throws.TypeOf<ProtocolException>());
    }

    [Test]
    public void A_claimed_length_reserves_little()
    {
        var pool = new PacketPool();
        using var reader = new FlvReader(pool, FlvWriter.PayloadBytesMax);
        ReadOnlySpan<byte> input =
        [
            .. File(hasAudio: true, hasVideo: true),
            9, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0x17,
        ];

        Assert.That(reader.TryRead(ref input, out _), Is.False);
        Assert.That(pool.OutstandingBytes, Is.LessThanOrEqualTo(4096));
    }

    [Test]
    public void Spoilt_files_end_in_tags_or_a_refusal([Range(0, 9)] int seed)
    {
        var random = new Random(seed);
        var good = File(
            hasAudio: true,
            hasVideo: true,
            (MessageType.Video, 0, Payload(60)),
            (MessageType.Audio, 3, Payload(40)));
        for (var round = 0; round < 500; round++)
        {
            var file = good.AsSpan().ToArray();
            file[random.Next(file.Length)] = (byte)random.Next(256);
            try
            {
                Read(Wire.RandomCuts(file, round, bytesMax: 50));
            }
            catch (ProtocolException refusal)
            {
                Assert.That(refusal.Error, Is.EqualTo(ProtocolError.Flv));
            }
        }
    }

    private static byte[] Payload(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private static byte[] File(
        bool hasAudio, bool hasVideo, params (MessageType, uint, byte[])[] tags)
    {
        const int Around = FlvWriter.TagHeaderLength + FlvWriter.BackPointerLength;
        var room = new byte[FlvWriter.HeaderLength + tags.Sum(tag => tag.Item3.Length + Around)];
        var to = new ByteWriter(room);
        FlvWriter.Header(ref to, hasAudio, hasVideo);
        foreach (var (type, timestampMs, payload) in tags)
        {
            FlvWriter.TagHeader(ref to, type, timestampMs, payload.Length);
            to.Bytes(payload);
            FlvWriter.BackPointer(ref to, payload.Length);
        }
        Assert.That(to.Length, Is.EqualTo(room.Length));
        return room;
    }

    private static byte[] Rewritten(IEnumerable<byte[]> cut) =>
        File(hasAudio: true, hasVideo: true, [.. Read(cut)]);

    private static List<(MessageType Type, uint TimestampMs, byte[] Payload)> Read(
        IEnumerable<byte[]> cut)
    {
        var pool = new PacketPool();
        var tags = new List<(MessageType, uint, byte[])>();
        using (var reader = new FlvReader(pool, PayloadBytesMax))
        {
            foreach (var piece in cut)
            {
                ReadOnlySpan<byte> input = piece;
                while (reader.TryRead(ref input, out var tag))
                {
                    tags.Add((tag.Type, tag.TimestampMs, tag.Payload.Written.ToArray()));
                    tag.Payload.Release();
                }
                Assert.That(input.IsEmpty, "the input is always used up");
            }
        }
        Assert.That(pool.Outstanding, Is.Zero);
        return tags;
    }
}
