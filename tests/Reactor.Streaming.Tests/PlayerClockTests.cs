using System.Collections.Generic;
using NUnit.Framework;

namespace Reactor.Streaming.Tests;

[TestFixture]
public sealed class PlayerClockTests
{
    [TestCase(TimeMode.Full, new uint[] { 0, 0, 40, 30 })]
    [TestCase(TimeMode.Zero, new uint[] { 0, 0, 40, 30 })]
    [TestCase(TimeMode.Off, new uint[] { 0, 5_000, 5_040, 5_030 })]
    public void The_first_frame_begins_the_clock(TimeMode mode, uint[] expected)
    {
        var (feed, seen) = Watch(mode);

        feed.Video(0, Feed.AvcHeader);
        feed.Key(5_000);
        feed.Inter(5_040);
        feed.Audio(5_030);

        Assert.That(seen, Is.EqualTo(expected));
    }

    [Test]
    public void What_is_a_little_older_than_the_first_frame_stands_at_zero(
        [Values(TimeMode.Full, TimeMode.Zero)] TimeMode mode)
    {
        var (feed, seen) = Watch(mode);

        feed.Key(5_000);
        feed.Audio(4_980);
        feed.Audio(5_003);

        Assert.That(seen, Is.EqualTo(new uint[] { 0, 0, 3 }));
    }

    [Test]
    public void A_republish_goes_on_and_off_shows_it_bare(
        [Values(TimeMode.Full, TimeMode.Zero, TimeMode.Off)] TimeMode mode,
        [Values(0u, 77u, 0xF000_0000u)] uint second)
    {
        var (feed, seen) = Watch(mode);
        feed.Key(5_000);
        feed.Inter(5_040);

        feed.Stream.EndPublish(0);
        feed.Stream.BeginPublish(feed, 0);
        feed.Key(second);
        feed.Inter(second + 40);

        Assert.That(seen, Is.EqualTo(mode == TimeMode.Off
            ? [5_000, 5_040, second, second + 40]
            : new uint[] { 0, 40, 60, 100 }));
    }

    [Test]
    public void The_shared_clock_is_the_same_for_whoever_joins_when_and_goes_on(
        [Values(0u, 77u, 0xF000_0000u)] uint second)
    {
        var (feed, seen) = Watch(TimeMode.Shared);
        feed.Key(5_000);
        var late = new Viewer(TimeMode.Shared);
        feed.Stream.Subscribe(late);
        feed.Inter(5_040);
        feed.Stream.EndPublish(0);
        feed.Stream.BeginPublish(feed, 0);
        feed.Key(second);
        feed.Inter(second + 40);

        var start = seen[0];
        Assert.That(seen, Is.EqualTo(new[] { start, start + 40, start + 60, start + 100 }));
        Assert.That(late.Seen, Is.EqualTo(seen.GetRange(1, 3)));
    }

    [Test]
    public void Zero_leaves_leaps_as_they_are_and_full_evens_them_out()
    {
        var (full, repaired) = Watch(TimeMode.Full);
        var (zero, bare) = Watch(TimeMode.Zero);
        foreach (var feed in new[] { full, zero })
        {
            feed.Key(1_000);
            feed.Inter(1_020);
            feed.Inter(901_040);
        }

        Assert.That(repaired, Is.EqualTo(new uint[] { 0, 20, 40 }));
        Assert.That(bare, Is.EqualTo(new uint[] { 0, 20, 900_040 }));
    }

    [Test]
    public void A_header_repeated_with_time_zero_stands_where_the_stream_is(
        [Values(TimeMode.Full, TimeMode.Zero)] TimeMode mode)
    {
        var (feed, seen) = Watch(mode);
        feed.Key(16_776_000);
        feed.Inter(16_776_040);
        feed.Video(0, Feed.AvcHeader);          // Q48, Q62
        feed.Data("onMetaData");
        feed.Key(16_776_080);

        Assert.That(seen, Is.EqualTo(new uint[] { 0, 40, 40, 40, 80 }));
    }

    [Test]
    public void A_player_that_waited_for_its_first_publisher_begins_at_zero(
        [Values(TimeMode.Full, TimeMode.Zero)] TimeMode mode)
    {
        var (feed, seen) = Watch(mode);
        feed.Stream.EndPublish(0);
        feed.Stream.BeginPublish(feed, 0);
        feed.Key(9);

        Assert.That(seen, Is.EqualTo(new uint[] { 0 }));
    }

    [Test]
    public void Another_stream_goes_on_behind_all_that_was_seen_and_nothing_goes_back(
        [Values(TimeMode.Full, TimeMode.Zero)] TimeMode mode, [Values(0u, 9_000_000u)] uint second)
    {
        var (first, other) = (new Feed(), new Feed());
        var viewer = new Viewer(mode);
        first.Stream.Subscribe(viewer);
        first.Key(5_000);
        first.Inter(5_040);
        first.Stream.Unsubscribe(viewer);
        viewer.Move();
        other.Stream.Subscribe(viewer);
        other.Video(0, Feed.AvcHeader);
        other.Audio(second + 1_000);
        other.Key(second + 1_010);
        other.Audio(second + 990);              // a little older than the first one
        other.Inter(second + 1_050);

        Assert.That(viewer.Seen, Is.EqualTo(new uint[] { 0, 40, 60, 60, 70, 60, 110 }));
    }

    private static (Feed Feed, List<uint> Seen) Watch(TimeMode mode)
    {
        var feed = new Feed();
        var viewer = new Viewer(mode);
        feed.Stream.Subscribe(viewer);
        return (feed, viewer.Seen);
    }

    private sealed class Viewer(TimeMode mode) : ISubscriber
    {
        private PlayerClock _clock = new(mode);

        public List<uint> Seen { get; } = [];

        public void OnFrame(in MediaFrame frame) => Seen.Add(_clock.Of(frame));

        public void OnPublished() => _clock.Resume();

        public void Move() => _clock.Move();

        public void OnUnpublished()
        {
        }
    }
}
