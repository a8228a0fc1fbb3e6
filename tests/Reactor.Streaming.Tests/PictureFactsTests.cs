using System;
using System.Linq;
using System.Text;
using NUnit.Framework;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;

namespace Reactor.Streaming.Tests;

/// <summary>What a stream says of its picture.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PictureFactsTests
{
    /// <summary>x264's, of 320 × 180 at 25 frames a second.</summary>
    private const string Avc =
        "014D400CFFE10019674D400CECA0A0CFCF80880000030008000003019078A14CB001000468CE0FC8";

    /// <summary>x265's, of the same picture.</summary>
    private const string Hevc =
        "0101600000009000000000003CF000FCFDF8F800000F03200001001840010C01FFFF01600000030090000003"
        + "000003003C959809210001002B42010101600000030090000003000003003CA00A080B9F79656692"
        + "4CAF016808000003000800000300C84022000100074401C172B46240";

    private readonly Feed _feed = new();

    private PictureFacts Facts => _feed.Stream.Codecs.Picture;

    [Test]
    public void Nothing_is_known_before_the_first_header()
    {
        Assert.That(Facts, Is.EqualTo(default(PictureFacts)));
    }

    [Test]
    public void The_configuration_tells()
    {
        _feed.Video(0, [0x17, 0, 0, 0, 0, .. Bytes(Avc)]);

        Assert.That(Facts, Is.EqualTo(new PictureFacts(320, 180, 25)));
    }

    [Test]
    public void HEVC_tells_too_by_its_letters_and_by_its_number()
    {
        _feed.Video(0, [0x90, .. "hvc1"u8, .. Bytes(Hevc)]);
        Assert.That(Facts, Is.EqualTo(new PictureFacts(320, 180, 25)));

        var other = new Feed();
        other.Video(0, [0x1C, 0, 0, 0, 0, .. Bytes(Hevc)]);
        Assert.That(
            other.Stream.Codecs.Picture, Is.EqualTo(new PictureFacts(320, 180, 25)));
    }

    [Test]
    public void The_metadata_is_not_believed_against_the_configuration()
    {
        Metadata(1920, 1080, 60);
        _feed.Video(0, [0x17, 0, 0, 0, 0, .. Bytes(Avc)]);

        Assert.That(Facts, Is.EqualTo(new PictureFacts(320, 180, 25)));
    }

    [Test]
    public void The_metadata_helps_where_the_configuration_is_silent()
    {
        Metadata(1280, 720, 29.97);
        _feed.Video(0, [0x90, .. "av01"u8, 0x81, 0, 0, 0]);

        Assert.That(Facts, Is.EqualTo(new PictureFacts(1280, 720, 29.97)));
    }

    [Test]
    public void Without_video_there_is_no_picture_whatever_the_metadata_says()
    {
        Metadata(1280, 720, 25);
        _feed.Audio(0);

        Assert.That(Facts, Is.EqualTo(default(PictureFacts)));
    }

    [TestCase(-1, double.NaN, double.PositiveInfinity)]
    [TestCase(1e300, 70_000, 1e9)]
    public void Numbers_that_no_picture_has_are_none(double width, double height, double rate)
    {
        Metadata(width, height, rate);
        _feed.Video(0, [0x90, .. "av01"u8, 0x81, 0, 0, 0]);

        Assert.That(Facts, Is.EqualTo(default(PictureFacts)));
    }

    [Test]
    public void Who_asks_again_is_told_what_has_changed_meanwhile()
    {
        Assert.That(Facts, Is.EqualTo(default(PictureFacts)));
        Metadata(1280, 720, 30);
        Assert.That(Facts, Is.EqualTo(default(PictureFacts)), "no video");
        _feed.Video(0, [0x90, .. "av01"u8, 0x81, 0, 0, 0]);
        Assert.That(Facts, Is.EqualTo(new PictureFacts(1280, 720, 30)), "video");
        Metadata(640, 480, 15);
        Assert.That(Facts, Is.EqualTo(new PictureFacts(640, 480, 15)), "metadata");
        _feed.Video(0, [0x17, 0, 0, 0, 0, .. Bytes(Avc)]);
        Assert.That(Facts, Is.EqualTo(new PictureFacts(320, 180, 25)), "a header");
        _feed.Stream.EndPublish(0);
        Assert.That(Facts, Is.EqualTo(default(PictureFacts)), "the end");
    }

    [Test]
    public void Metadata_that_ends_too_early_tells_nothing_that_is_not_in_it()
    {
        var whole = MetadataBody(1280, 720, 25);
        for (var length = "onMetaData".Length + 3; length < whole.Length - 3; length++)
        {
            var feed = new Feed();
            feed.Send(MessageType.Data, 0, whole[..length]);
            feed.Video(0, [0x90, .. "av01"u8, 0x81, 0, 0, 0]);

            Assert.That(
                feed.Stream.Codecs.Picture,
                Is.EqualTo(default(PictureFacts)).Or.EqualTo(new PictureFacts(1280, 720, 0)));
        }
    }

    private void Metadata(double width, double height, double rate) =>
        _feed.Send(MessageType.Data, 0, MetadataBody(width, height, rate));

    private static byte[] MetadataBody(double width, double height, double rate)
    {
        (string Name, double Value)[] members =
            [("width", width), ("height", height), ("framerate", rate)];
        var body = new byte[200];
        var writer = new Amf0Writer(body);
        writer.String("onMetaData");
        return
        [
            .. body[..writer.Length], 3,
            .. members.SelectMany(member => Member(member.Name, member.Value)), 0, 0, 9,
        ];
    }

    private static byte[] Member(string name, double value)
    {
        var number = BitConverter.GetBytes(value);
        return [0, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), 0, .. number.Reverse()];
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex);
}
