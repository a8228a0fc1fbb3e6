using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Egress;

[TestFixture]
public sealed class RtmpPlayerTests
{
    private static readonly byte[] Metadata = [2, 0, 10, .. "onMetaData"u8];

    [TestCase(StartAt.Gop, new uint[] { 1000, 1040, 1080, 2000 })]
    [TestCase(StartAt.Key, new uint[] { 2000 })]
    [TestCase(StartAt.Now, new uint[] { 1080, 2000 })]
    public void A_joiner_starts_where_it_was_configured(StartAt start, uint[] expected)
    {
        using var server = new ServerInMemory(
            new PlayOptions { StartAt = start, TimeJitter = TimeJitter.Off });
        var publisher = server.Publish();
        publisher.Send(MessageType.Data, 0, [.. Metadata, 5]);
        publisher.Headers();
        publisher.Key(0);
        publisher.Key(1000);
        publisher.Inter(1040);
        server.Turn();
        var player = server.Play();
        publisher.Inter(1080);
        publisher.Key(2000);
        server.Turn();

        var media = player.Seen.Where(seen =>
            seen.Type is MessageType.Audio or MessageType.Video or MessageType.Data).ToList();
        // |RtmpSampleAccess, onMetaData, then the headers, then pictures.
        Assert.That(media.Take(2).Select(seen => seen.Type), Is.All.EqualTo(MessageType.Data));
        Assert.That(media.Skip(2).Take(2).Select(seen => seen.IsHeader), Is.All.True);
        Assert.That(media.Skip(4).Select(seen => seen.Time), Is.EqualTo(expected));
    }

    [Test]
    public void A_joiner_has_the_first_picture_with_the_answer_to_play()
    {
        using var server = new ServerInMemory();
        var publisher = server.Publish();
        publisher.Headers();
        publisher.Key(0);
        server.Turn();
        var player = server.Visit("a", publishes: false);
        for (var i = 0; i < 20 && !player.IsStarted; i++)
            server.Turn();

        Assert.That(player.Video.Last().IsKeyframe);
    }

    [Test]
    public void A_pause_lets_headers_through_only_and_ends_at_a_keyframe()
    {
        using var server = new ServerInMemory();
        var publisher = server.Publish();
        var player = server.Play();
        publisher.Key(0);
        server.Turn();
        player.Command("pause", AmfValue.Of(true));
        server.Turn();
        publisher.Inter(40);
        publisher.Sound(40);
        publisher.Headers();
        server.Turn();
        player.Command("pause", AmfValue.Of(false));
        server.Turn();
        publisher.Inter(80);
        publisher.Sound(80);
        publisher.Key(120);
        server.Turn();

        Assert.That(player.Video.Where(seen => !seen.IsHeader).Select(seen => seen.Time),
            Is.EqualTo(new[] { 0, 120 }));
        Assert.That(player.Audio.Where(seen => !seen.IsHeader).Select(seen => seen.Time),
            Is.EqualTo(new[] { 80 }));
        Assert.That(player.Seen.Count(seen => seen.IsHeader), Is.EqualTo(2));
    }

    [Test]
    public void A_player_takes_sound_or_pictures_alone()
    {
        using var server = new ServerInMemory();
        var publisher = server.Publish();
        var player = server.Play();
        player.Command("receiveVideo", AmfValue.Of(false));
        server.Turn();
        publisher.Key(0);
        publisher.Sound(0);
        server.Turn();
        player.Command("receiveVideo", AmfValue.Of(true));
        player.Command("receiveAudio", AmfValue.Of(false));
        server.Turn();
        publisher.Inter(40);
        publisher.Sound(40);
        publisher.Key(80);
        server.Turn();

        Assert.That(player.Video.Select(seen => seen.Time), Is.EqualTo(new[] { 80 }));
        Assert.That(player.Audio.Select(seen => seen.Time), Is.EqualTo(new[] { 0 }));
    }

    [Test]
    public void Metadata_comes_without_its_wrapping_or_not_at_all([Values] MetadataMode mode)
    {
        using var server = new ServerInMemory(new PlayOptions { Metadata = mode });
        var publisher = server.Publish();
        var player = server.Play();
        publisher.Send(
            MessageType.Data, 0,
            [2, 0, 13, .. "@setDataFrame"u8, .. Metadata, 5]);          // Q45
        server.Turn();

        Assert.That(
            player.Seen.Count(seen => seen.Payload.AsSpan().StartsWith(Metadata)),
            Is.EqualTo(mode == MetadataMode.On ? 1 : 0));
    }

    [Test]
    public void An_empty_data_frame_does_not_shift_what_follows()
    {
        using var server = new ServerInMemory();
        var publisher = server.Publish();
        var player = server.Play();
        publisher.Send(MessageType.Data, 0, [2, 0, 13, .. "@setDataFrame"u8]);
        publisher.Key(0);
        publisher.Sound(3);
        server.Turn();

        Assert.That(player.Video.Count() + player.Audio.Count(), Is.EqualTo(2));
    }

    [Test]
    public void An_absent_stream_is_not_found_where_waiting_is_not_allowed()
    {
        using var server = new ServerInMemory(new PlayOptions { IdleStreams = false });
        var player = server.Visit("a", publishes: false);
        server.Turns(5);

        Assert.That(player.Last, Is.EqualTo(StatusCode.PlayStreamNotFound));
        Assert.That(server.Server.Hub.Count, Is.Zero);
    }
}
