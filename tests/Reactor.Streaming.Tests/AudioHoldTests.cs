using System.Linq;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;

namespace Reactor.Streaming.Tests;

[TestFixture]
public sealed class AudioHoldTests
{
    private Feed _feed = null!;
    private Watcher _watcher = null!;

    [SetUp]
    public void Begin()
    {
        _feed = new Feed(holdsAudio: true);
        _watcher = new Watcher();
        _feed.Stream.Subscribe(_watcher);
    }

    [Test]
    public void Audio_beside_video_waits_for_the_next_picture_and_leaves_before_it()
    {
        _feed.Key(0);
        _feed.NowMs++;
        _feed.Audio(1);
        _feed.Audio(24);
        Assert.That(_watcher.Log, Is.EqualTo(new[] { "Video 0" }));
        Assert.That(_feed.Deadline!.InMs, Is.EqualTo(40));

        _feed.Inter(33);

        Assert.That(
            _watcher.Log, Is.EqualTo(new[] { "Video 0", "Audio 1", "Audio 24", "Video 33" }));
        Assert.That(_feed.Deadline.InMs, Is.Null);
    }

    [Test]
    public void Audio_of_the_turn_in_which_a_picture_leaves_goes_with_it()
    {
        _feed.Key(0);
        _feed.Audio(1);

        Assert.That(_watcher.Log, Is.EqualTo(new[] { "Video 0", "Audio 1" }));
        Assert.That(_feed.Deadline!.InMs, Is.Null);
    }

    [Test]
    public void What_audio_has_waited_unread_is_taken_off_its_wait()
    {
        _feed.Key(0);
        _feed.NowMs++;
        _feed.UnreadMs = 15;
        _feed.Audio(1);
        Assert.That(_feed.Deadline!.InMs, Is.EqualTo(25));

        _feed.Inter(33);
        _feed.NowMs++;
        _feed.UnreadMs = 40;
        _feed.Audio(35);
        Assert.That(_watcher.Log[^1], Is.EqualTo("Audio 35"));
        Assert.That(_feed.Deadline.InMs, Is.Null);
    }

    [Test]
    public void Audio_without_a_picture_waits_no_longer_than_the_deadline()
    {
        _feed.Key(0);
        _feed.NowMs++;
        _feed.Audio(1);
        _feed.Deadline!.Come();
        Assert.That(_watcher.Log, Is.EqualTo(new[] { "Video 0", "Audio 1" }));

        _feed.Audio(24);
        Assert.That(_feed.Deadline.InMs, Is.EqualTo(40));
        _feed.Deadline.Come();
        Assert.That(_watcher.Log.Last(), Is.EqualTo("Audio 24"));
    }

    [Test]
    public void Audio_of_a_stream_without_video_passes_at_once()
    {
        _feed.Send(MessageType.Audio, 0, Feed.AacHeader);
        _feed.Audio(1);

        Assert.That(_watcher.Log, Is.EqualTo(new[] { "Audio 0", "Audio 1" }));
    }

    [Test]
    public void What_is_no_frame_of_sound_or_picture_is_not_overtaken()
    {
        _feed.Key(0);
        _feed.NowMs++;
        _feed.Audio(1);
        _feed.Data("onTextData");
        _feed.Audio(2);
        _feed.Send(MessageType.Audio, 3, Feed.AacHeader);
        _feed.Audio(4);
        _feed.Video(5, Feed.AvcHeader);

        Assert.That(
            _watcher.Frames.Select(frame => $"{frame.Kind} {frame.SourceTime}"),
            Is.EqualTo(new[] { "Video 0", "Audio 1", "Data 0", "Audio 2", "Audio 3", "Audio 4",
                "Video 5" }));
    }

    [Test]
    public void Whoever_joins_during_the_wait_hears_each_frame_once()
    {
        _feed.Key(0);
        _feed.NowMs++;
        _feed.Audio(1);
        var joiner = new Watcher();
        _feed.Stream.Subscribe(joiner);
        for (var i = 0; i < _feed.Stream.Gops.Count; i++)
            joiner.OnFrame(_feed.Stream.Gops[i]);

        _feed.Inter(33);

        Assert.That(joiner.Log, Is.EqualTo(new[] { "Video 0", "Audio 1", "Video 33" }));
        Assert.That(_feed.Stream.Gops.Count, Is.EqualTo(3));
    }

    [Test]
    public void Whoever_leaves_at_the_first_of_several_frames_does_not_hear_the_rest()
    {
        _feed.Key(0);
        _feed.NowMs++;
        _feed.Audio(1);
        _watcher.OnNext = () => _feed.Stream.Unsubscribe(_watcher);

        _feed.Inter(33);

        Assert.That(_watcher.Log, Is.EqualTo(new[] { "Video 0", "Audio 1" }));
    }

    [Test]
    public void Fifteen_frames_wait_and_the_sixteenth_takes_them_along()
    {
        _feed.Key(0);
        _feed.NowMs++;
        for (var time = 1u; time < 16; time++)
            _feed.Audio(time);
        Assert.That(_watcher.Frames, Has.Count.EqualTo(1));

        _feed.Audio(16);

        Assert.That(_watcher.Frames, Has.Count.EqualTo(17));
        Assert.That(_feed.Deadline!.InMs, Is.Null);
    }

    [Test]
    public void The_end_of_the_publisher_comes_behind_its_last_sound()
    {
        _feed.Key(0);
        _feed.NowMs++;
        _feed.Audio(1);
        _feed.Stream.EndPublish(0);

        Assert.That(_watcher.Log, Is.EqualTo(new[] { "Video 0", "Audio 1", "unpublished" }));
        Assert.That(_feed.Deadline!.InMs, Is.Null);
        Assert.That(_feed.Pool.Outstanding, Is.Zero);
    }

    [Test]
    public void A_publisher_that_ends_while_its_sound_is_delivered_leaves_nothing_behind()
    {
        _feed.Key(0);
        _feed.NowMs++;
        _feed.Audio(1);
        _watcher.OnNext = () =>
        {
            _watcher.OnNext = null;
            _feed.Stream.EndPublish(0);
        };
        _feed.Inter(33);

        Assert.That(_feed.Pool.Outstanding, Is.Zero);
        Assert.That(_feed.Stream.Gops.Count, Is.Zero);
    }

    [Test]
    public void A_fault_of_a_subscriber_leaves_nothing_behind()
    {
        _feed.Key(0);
        _feed.NowMs++;
        _feed.Audio(1);
        _watcher.OnNext = () => throw new InvariantException("bad");
        Assert.Throws<InvariantException>(() => _feed.Inter(33));
        _watcher.OnNext = null;

        _feed.Inter(66);
        Assert.That(_watcher.Log.Last(), Is.EqualTo("Video 66"));
        _feed.Stream.EndPublish(0);
        Assert.That(_feed.Pool.Outstanding, Is.Zero);
    }
}
