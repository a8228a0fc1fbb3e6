using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Codecs;
using Reactor.Protocol.Rtmp;

namespace Reactor.Streaming.Tests.Hls;

/// <summary>What becomes of frames on their way into a transport stream.</summary>
[TestFixture]
public sealed class HlsMuxTests
{
    private static readonly byte[] Idr = [0x65, 0x88, 0x84, 0x11, 0x80];
    private static readonly byte[] Slice = [0x41, 0x9A, 0x24, 0x80];
    private static readonly byte[] Sei = [0x06, 0x05, 0x01, 0x80];
    private static readonly byte[] Delimiter = [0x09, 0x10];

    [Test]
    public void A_keyframe_has_a_delimiter_and_its_parameter_sets_and_others_a_delimiter(
        [Values(1, 2, 4)] int lengthBytes)
    {
        using var feed = new HlsFeed();
        feed.Avc(0, WithLength(lengthBytes));
        for (uint time = 0; time < 8001; time += 40)
        {
            byte[][] units = time % 1000 == 0 ? [Delimiter, Sei, Idr] : [Slice, Slice];
            feed.Send(MessageType.Video, time, Frame(time % 1000 == 0, lengthBytes, units));
        }

        foreach (var picture in feed.Pictures)
        {
            Assert.That(Types(picture.Bytes), Is.EqualTo(
                picture.IsRandomAccess ? new[] { 9, 7, 8, 6, 5 } : [9, 1, 1]));
        }
        Assert.That(feed.Pictures.Count(picture => picture.IsRandomAccess), Is.EqualTo(8));
        Assert.That(Units(feed.Pictures.First().Bytes)[^1], Is.EqualTo(Idr));
    }

    [Test]
    public void Parameter_sets_that_come_with_a_frame_are_not_doubled()
    {
        using var feed = new HlsFeed();
        feed.Avc(0);
        var sets = Units(AvcConfig.Read(HlsFeed.AvcC)!.ParameterSets.Span);
        for (uint time = 0; time < 4001; time += 1000)
            feed.Send(MessageType.Video, time, Frame(true, 4, [Delimiter, .. sets, Idr]));

        Assert.That(feed.Pictures.Select(picture => Types(picture.Bytes)),
            Is.All.EqualTo(new[] { 9, 7, 8, 5 }));
    }

    [Test]
    public void Start_codes_within_flv_are_found([Values] bool hasHeader)
    {
        using var feed = new HlsFeed();         // Q52, with a sequence header and without
        if (hasHeader)
            feed.Avc(0);
        var sets = AvcConfig.Read(HlsFeed.AvcC)!.ParameterSets.ToArray();
        for (uint time = 0; time < 8001; time += 500)
        {
            var isKey = time % 1000 == 0;
            byte[] body = isKey ? [.. sets, 0, 0, 1, .. Idr] : [0, 0, 0, 1, .. Slice];
            feed.Send(MessageType.Video, time, [(byte)(isKey ? 0x17 : 0x27), 1, 0, 0, 0, .. body]);
        }

        Assert.That(feed.Pictures.Select(picture => Types(picture.Bytes).Last()),
            Is.EqualTo(Enumerable.Range(0, feed.Pictures.Count()).Select(i => i % 2 == 0 ? 5 : 1)));
        Assert.That(feed.Pictures.Count(), Is.GreaterThan(8));
    }

    [Test]
    public void Units_of_256_to_511_bytes_are_no_start_codes()
    {
        using var feed = new HlsFeed();
        feed.Avc(0);
        for (uint time = 0; time < 8001; time += 40)
            feed.Key(time, bytes: 256 + (int)(time / 40));

        Assert.That(feed.Pictures.Select(picture => Units(picture.Bytes)[^1].Length),
            Is.EqualTo(Enumerable.Range(256, feed.Pictures.Count())));
    }

    //        head of a header                head of a keyframe        of another frame
    [TestCase("1C 00 000000", "1C 01 000000", "2C 01 000000", TestName = "HEVC as id 12")]
    [TestCase("90 68766331", "91 68766331 000000", "A3 68766331", TestName = "HEVC as hvc1")]
    [TestCase("17 00 000000", "17 01 000000", "27 01 000000", TestName = "HEVC as id 7")]
    public void Hevc_is_carried_however_it_is_spelled(string header, string key, string inter)
    {
        using var feed = new HlsFeed();         // Q53
        byte[] idr = [0x26, 0x01, 0xAF, 0x80];
        byte[] trail = [0x02, 0x01, 0xD0, 0x80];
        feed.Send(MessageType.Video, 0, [.. Hex(header), .. HlsFeed.HvcC]);
        for (uint time = 0; time < 8001; time += 500)
        {
            feed.Send(MessageType.Video, time, time % 1000 == 0
                ? [.. Hex(key), .. Counted(idr)]
                : [.. Hex(inter), .. Counted(trail)]);
        }

        Assert.That(feed.Pictures.Select(picture => picture.StreamType), Is.All.EqualTo(0x24));
        Assert.That(
            HevcTypes(feed.Pictures.First().Bytes), Is.EqualTo(new[] { 35, 32, 33, 34, 19 }));
        Assert.That(HevcTypes(feed.Pictures.ElementAt(1).Bytes), Is.EqualTo(new[] { 35, 1 }));
        Assert.That(feed.Durations, Is.All.EqualTo(2000));
    }

    [Test]
    public void Only_the_default_track_of_several_is_carried()
    {
        using var feed = new HlsFeed();
        byte[] other = [0, 0, 0, 1, 0x67];
        feed.Avc(0);
        for (uint time = 0; time < 8001; time += 500)
        {
            byte[] first = [0, 0, 0, .. Counted(time % 1000 == 0 ? Idr : Slice)];
            feed.Send(MessageType.Video, time,
            [
                (byte)(time % 1000 == 0 ? 0x96 : 0xA6), 0x11, .. "avc1"u8,
                0, 0, 0, (byte)first.Length, .. first,
                1, 0, 0, (byte)other.Length, .. other,
            ]);
            feed.Send(
                MessageType.Video, time, [0x96, 0x01, .. "avc1"u8, 2, 0, 0, 0, .. Counted(Sei)]);
        }

        Assert.That(feed.Pictures.Select(picture => Types(picture.Bytes)[^1]),
            Is.All.AnyOf(5, 1));
        Assert.That(feed.Pictures.Count(), Is.EqualTo(16));
    }

    [Test]
    public void Frames_shown_later_than_decoded_keep_both_times()
    {
        using var feed = new HlsFeed();
        feed.Avc(0);
        int[] composition = [80, 160, 0, 0, 80];
        for (uint i = 0; i < 200; i++)
            Picture(feed, i, composition[i % 5]);

        var pictures = feed.Pictures.ToList();
        Assert.That(
            pictures.Select(picture => (int)(picture.Pts - picture.Dts) / 90),
            Is.EqualTo(Enumerable.Range(0, pictures.Count).Select(i => composition[i % 5])));
        Assert.That(
            pictures.Select(picture => picture.Dts - pictures[0].Dts),
            Is.EqualTo(Enumerable.Range(0, pictures.Count).Select(i => i * 3600)));
    }

    [Test]
    public void A_negative_composition_time_moves_decoding_and_not_the_picture()
    {
        using var feed = new HlsFeed();         // Q50: I P B B without a delay of the P
        feed.Avc(0);
        int[] composition = [0, 80, -40, -40];
        for (uint i = 0; i < 300; i++)
            Picture(feed, i, composition[i % 4]);

        var pictures = feed.Pictures.Skip(25).ToList();     // once the lead is known
        var shown = pictures.Select((picture, i) =>
            (picture.Pts / 90) - ((i + 25) * 40) - composition[(i + 25) % 4]).ToList();
        Assert.That(shown, Is.All.EqualTo(shown[0]));
        Assert.That(
            pictures.Select(picture => picture.Pts - picture.Dts), Is.All.InRange(0, 160 * 90));
    }

    [TestCase(0x7F_FFFF)]
    [TestCase(-0x80_0000)]
    public void A_composition_time_that_cannot_be_is_bounded(int composition)
    {
        using var feed = new HlsFeed();
        feed.Avc(0);
        for (uint i = 0; i < 200; i++)
            Picture(feed, i, i % 7 == 3 ? composition : 0);

        Assert.That(feed.Pictures.Select(picture => picture.Pts - picture.Dts),
            Is.All.InRange(0, 10_000 * 90));
    }

    [Test]
    public void The_clock_wraps_after_26_hours()
    {
        using var feed = new HlsFeed();
        const uint Wrap = (uint)((1L << 33) / 90);
        feed.Avc(0);
        feed.Aac(0);
        feed.Film(0, 4000);
        feed.Wait((int)Wrap - 30_000);
        feed.Film(Wrap - 26_000, Wrap);

        Assert.That(feed.Discontinuities, Has.Count.EqualTo(1), "of the leap, none of the wrap");
        Assert.That(feed.Pictures.Max(picture => picture.Pts), Is.GreaterThan(1L << 33));
        Assert.That(feed.Durations, Is.All.EqualTo(2000));
    }

    [TestCase("FFFB9064", 417, 1152, 44_100, 0x03)]
    [TestCase("FFF38064", 208, 576, 22_050, 0x04)]
    public void Mp3_is_carried_as_it_is(
        string header, int length, int samples, int rate, int streamType)
    {
        using var feed = new HlsFeed();
        byte[] frame = [.. Hex(header), .. new byte[length - 4]];
        for (var i = 0; i < 1000; i++)
            feed.Send(MessageType.Audio, (uint)(i * 1000L * samples / rate), [0x2F, .. frame]);

        var first = feed.Sounds.First();
        Assert.That(first.StreamType, Is.EqualTo(streamType));
        Assert.That(first.Bytes[..length], Is.EqualTo(frame));
        Assert.That(feed.Durations, Is.All.InRange(4000, 4027));
        Assert.That(feed.Sounds.Sum(sound => sound.Bytes.Length), Is.GreaterThan(length * 600));
    }

    [Test]
    public void Aac_that_has_adts_headers_keeps_them([Values] bool hasConfig)
    {
        using var feed = new HlsFeed();         // Q55
        byte[] frame = [0xFF, 0xF1, 0x50, 0x80, 0x02, 0x1F, 0xFC, .. new byte[9]];
        if (hasConfig)
            feed.Aac(0);
        for (var i = 0; i < 500; i++)
            feed.Send(MessageType.Audio, (uint)(i * 1024_000L / 44_100), [0xAF, 1, .. frame]);

        Assert.That(feed.Sounds.First().Bytes[..16], Is.EqualTo(frame));
        Assert.That(feed.Durations, Is.All.InRange(4000, 4023));
    }

    [Test]
    public void High_efficiency_aac_is_told_by_its_core()
    {
        using var feed = new HlsFeed();         // 48 kHz as heard, 24 kHz in the core: index 6
        feed.Aac(0, "2B118800");
        for (var i = 0; i < 300; i++)
            feed.Sound((uint)(i * 1024_000L / 24_000));

        AdtsHeader.TryRead(feed.Sounds.First().Bytes, out var header);
        Assert.That(header.SampleRate, Is.EqualTo(24_000));
        Assert.That(header.ObjectType, Is.EqualTo(2));
    }

    [Test]
    public void A_missing_frame_of_sound_leaves_a_hole_and_no_shift()
    {
        using var feed = new HlsFeed();
        feed.Aac(0);
        for (var i = 0; i < 1000; i++)
        {
            var time = (uint)(i * 1024_000L / 44_100);
            if (i % 100 is < 50 or > 52)
                feed.Send(MessageType.Audio, time, 0xAF, 1, 0x21, (byte)(i >> 8), (byte)i);
        }

        foreach (var sound in feed.Sounds)
        {
            var index = (sound.Bytes[8] << 8) | sound.Bytes[9];     // behind the header, and 0x21
            Assert.That((sound.Pts / 90.0) - 10_000,
                Is.EqualTo(index * 1024_000.0 / 44_100).Within(1.1));
        }
    }

    [Test]
    public void Frames_that_are_no_frames_are_skipped_and_counted()
    {
        using var feed = new HlsFeed();
        feed.Avc(0);
        feed.Aac(0);
        feed.Film(0, 3000);
        feed.Send(MessageType.Video, 3000, 0x27, 1, 0, 0, 0);
        feed.Send(MessageType.Video, 3001, 0x27, 1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 1);
        feed.Send(MessageType.Audio, 3002, 0xAF, 1);
        feed.Sound(3003, bytes: 8185);          // a byte more than ADTS can count

        Assert.That(feed.Segmenter.Skipped, Is.EqualTo(4));
    }

    private static void Picture(HlsFeed feed, uint index, int composition)
    {
        if (index % 25 == 0)
            feed.Key(index * 40, composition: composition);
        else
            feed.Inter(index * 40, composition: composition);
    }

    private static byte[] WithLength(int lengthBytes)
    {
        byte[] config = [.. HlsFeed.AvcC];
        config[4] = (byte)(0xFC | (lengthBytes - 1));
        return config;
    }

    private static byte[] Frame(bool isKey, int lengthBytes, byte[][] units) =>
    [
        (byte)(isKey ? 0x17 : 0x27), 1, 0, 0, 0,
        .. units.SelectMany(unit => (byte[])
            [.. new byte[lengthBytes - 1], (byte)unit.Length, .. unit]),
    ];

    private static byte[] Counted(byte[] unit) => [0, 0, 0, (byte)unit.Length, .. unit];

    private static List<byte[]> Units(ReadOnlySpan<byte> bytes)
    {
        var units = new List<byte[]>();
        var reader = NaluReader.AnnexB(bytes);
        while (reader.TryRead(out var nalu))
            units.Add(nalu.ToArray());
        return units;
    }

    private static int[] Types(byte[] bytes) => [.. Units(bytes).Select(unit => unit[0] & 31)];

    private static int[] HevcTypes(byte[] bytes) => [.. Units(bytes).Select(unit => unit[0] >> 1)];

    private static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", ""));
}
