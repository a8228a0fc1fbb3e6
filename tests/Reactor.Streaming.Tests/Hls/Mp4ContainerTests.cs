using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Rtmp;
using Reactor.Streaming.Hls;

namespace Reactor.Streaming.Tests.Hls;

/// <summary>Segments of fragmented MP4, each read by a checker as it comes.</summary>
[TestFixture]
public sealed class Mp4ContainerTests
{
    /// <summary>Where the clock of a live stream begins.</summary>
    private const long ClockMs = 10_000;

    private static readonly byte[] Av1Config =
        Convert.FromHexString("812400000A0E20000024CFA70DBFFF3404340080");

    private static readonly byte[] OpusConfig =
        [.. "OpusHead"u8, 1, 2, 0x38, 1, 0x80, 0xBB, 0, 0, 0, 0, 0];

    private HlsFeed _feed = null!;

    [SetUp]
    public void Begin() => _feed = new HlsFeed(new HlsSettings { IsMp4 = true });

    [TearDown]
    public void End() => _feed.Dispose();

    [Test]
    public void A_film_is_cut_into_segments_behind_one_init()
    {
        _feed.Avc(0);
        _feed.Aac(0);
        _feed.Film(0, 10_000);
        _feed.Segmenter.End();

        var segments = _feed.Segmenter.Window.Segments;
        var pictures = _feed.Mp4.Pictures.ToList();
        Assert.That(_feed.Durations, Is.EqualTo([2000, 2000, 2000, 2000, 2000]));
        Assert.That(segments.Select(segment => segment.Init).Distinct().Count(), Is.EqualTo(1));
        Assert.That(segments[0].Init!.Sequence, Is.EqualTo(segments[0].Sequence));
        Assert.That(_feed.Mp4.Video!.Codec, Is.EqualTo("avc1"));
        Assert.That(
            (_feed.Mp4.Video.Width, _feed.Mp4.Video.Height), Is.EqualTo((720, 576)));
        Assert.That(_feed.Mp4.Audio!.Codec, Is.EqualTo("mp4a"));
        Assert.That(
            pictures.Select(frame => frame.TimeMs),
            Is.EqualTo(Enumerable.Range(0, 250).Select(frame => ClockMs + (frame * 40.0))));
        Assert.That(pictures.Select(frame => frame.Duration), Has.All.EqualTo(3600));
        Assert.That(
            pictures.Select(frame => frame.IsSync),
            Is.EqualTo(Enumerable.Range(0, 250).Select(frame => frame % 25 == 0)));
    }

    [Test]
    public void Sound_is_counted_in_samples_without_a_gap()
    {
        _feed.Avc(0);
        _feed.Aac(0);
        _feed.Film(0, 10_000);
        _feed.Segmenter.End();

        var sounds = _feed.Mp4.Sounds.ToList();
        Assert.That(
            sounds.Select(frame => frame.DecodeTime),
            Is.EqualTo(Enumerable.Range(0, sounds.Count)
                .Select(frame => (ClockMs * 441 / 10) + (frame * 1024L))));
    }

    [Test]
    public void Every_segment_begins_with_a_keyframe_and_has_fragments_of_a_second()
    {
        _feed.Avc(0);
        _feed.Film(0, 8000, gopMs: 4000, hasAudio: false);
        _feed.Segmenter.End();

        var fragments = _feed.Mp4.Frames.GroupBy(frame => frame.Fragment).ToList();
        Assert.That(_feed.Durations, Is.EqualTo([4000, 4000]));
        Assert.That(fragments.Select(fragment => fragment.Count()), Has.All.EqualTo(25));
        Assert.That(fragments[0].First().IsSync && fragments[4].First().IsSync, Is.True);
    }

    [Test]
    public void Other_headers_need_another_init_and_a_discontinuity()
    {
        _feed.Avc(0);
        _feed.Film(0, 4000, hasAudio: false);
        _feed.Avc(4000, HlsFeed.OtherAvcC);
        _feed.Film(4000, 8000, hasAudio: false);
        _feed.Segmenter.End();

        var segments = _feed.Segmenter.Window.Segments;
        Assert.That(_feed.Discontinuities, Is.EqualTo([2]));
        Assert.That(segments[2].Init, Is.Not.EqualTo(segments[1].Init));
        Assert.That(segments[2].Init!.Sequence, Is.EqualTo(segments[2].Sequence));
        Assert.That(_feed.Mp4.Video!.Width, Is.EqualTo(1920));
        var window = _feed.Segmenter.Window;
        Assert.That(window.FindInit(segments[0].Sequence), Is.EqualTo(segments[0].Init));
        Assert.That(window.FindInit(segments[2].Sequence), Is.EqualTo(segments[2].Init));
        Assert.That(window.FindInit(segments[1].Sequence), Is.Null);
    }

    [Test]
    public void A_publisher_that_returns_with_the_same_headers_keeps_the_init()
    {
        _feed.Avc(0);
        _feed.Film(0, 4000, hasAudio: false);
        _feed.Republish();
        _feed.Avc(0);
        _feed.Film(0, 4000, hasAudio: false);
        _feed.Segmenter.End();

        var segments = _feed.Segmenter.Window.Segments;
        Assert.That(_feed.Discontinuities, Is.EqualTo([2]));
        Assert.That(segments.Select(segment => segment.Init).Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public void Codecs_that_no_transport_stream_carries_are_not_left_out()
    {
        _feed.Send(MessageType.Video, 0, [0x90, .. "av01"u8, .. Av1Config]);
        _feed.Send(MessageType.Audio, 0, [0x90, .. "Opus"u8, .. OpusConfig]);
        for (var time = 0u; time < 6000; time += 20)
        {
            if (time % 40 == 0)
            {
                _feed.Send(
                    MessageType.Video, time,
                    [time % 1000 == 0 ? (byte)0x91 : (byte)0xA1, .. "av01"u8, 0x12, 0, 0x32, 1, 7]);
            }
            _feed.Send(MessageType.Audio, time, [0x91, .. "Opus"u8, 0xF8, 1, 2]);
        }
        _feed.Segmenter.End();

        Assert.That(_feed.Refused, Is.Empty);
        Assert.That(_feed.Segmenter.RefusedOf(FrameKind.Video), Is.Null);
        Assert.That(_feed.Mp4.Pictures.Count(), Is.EqualTo(150));
        Assert.That(_feed.Mp4.Pictures.First().Bytes, Is.EqualTo(new byte[] { 0x32, 1, 7 }));
        Assert.That(_feed.Mp4.Sounds.Select(frame => frame.Duration), Has.All.EqualTo(960));
    }

    [Test]
    public void Sound_alone_has_segments_too()
    {
        _feed.Aac(0);
        _feed.Film(0, 12_000, hasVideo: false);
        _feed.Segmenter.End();

        Assert.That(_feed.Mp4.Video, Is.Null);
        Assert.That(_feed.Durations, Has.Count.EqualTo(3));
        Assert.That(_feed.Mp4.Sounds.Count(), Is.GreaterThan(500));
    }

    [Test]
    public void What_MP4_cannot_carry_is_left_out_and_told()
    {
        _feed.Avc(0);
        for (var time = 0u; time < 4000; time += 40)
        {
            if (time % 1000 == 0)
                _feed.Key(time);
            else
                _feed.Inter(time);
            _feed.Send(MessageType.Audio, time, 0xB2, 1, 2);    // Speex
        }
        _feed.Segmenter.End();

        Assert.That(_feed.Refused, Is.EqualTo(["Speex"]));
        Assert.That(_feed.Mp4.Audio, Is.Null);
        Assert.That(_feed.Mp4.Pictures.Count(), Is.EqualTo(100));
    }
}
