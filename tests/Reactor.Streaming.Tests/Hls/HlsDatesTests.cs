using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;

namespace Reactor.Streaming.Tests.Hls;

/// <summary>Dates of segments, by the stream's clock and by the wall clock; all in seconds.
/// </summary>
[TestFixture]
public sealed class HlsDatesTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public void Arrears_that_come_in_a_burst_are_as_old_as_they_are()
    {
        using var feed = Started();
        Play(feed, 0, 20);
        feed.Wait(8000);                        // the network stood still
        feed.Film(20_000, 28_000);
        Play(feed, 28, 60);

        Assert.That(Steps(feed), Is.All.EqualTo(2 * Second));
        Assert.That(feed.Playlist.All.Last().Date, Is.EqualTo(Date(56)).Within(Second));
    }

    [TestCase(8, TestName = "Arrears_that_are_caught_up_slowly_are_as_old_as_they_are")]
    [TestCase(2, TestName = "Few_arrears_that_are_caught_up_slowly_are_as_old_as_they_are")]
    public void Slowly(int lag)
    {
        using var feed = Started();
        Play(feed, 0, 20);
        feed.Wait(lag * 1000);
        var until = 20 + (5 * lag);
        Play(feed, 20, until, waitMs: 800);
        Play(feed, until, 90);

        Assert.That(Steps(feed), Is.All.EqualTo(2 * Second));
        Assert.That(feed.Playlist.All.Last().Date, Is.EqualTo(Date(86)).Within(Second));
    }

    [Test]
    public void What_is_late_for_good_is_dated_so_once()
    {
        using var feed = Started();
        Play(feed, 0, 20);
        feed.Wait(8000);
        Play(feed, 20, 60);

        Assert.That(Steps(feed).Count(step => step > 2 * Second), Is.EqualTo(1));
        Assert.That(feed.Playlist.All.Last().Date, Is.EqualTo(Date(64)).Within(Second));
    }

    [Test]
    public void A_wall_clock_that_is_put_back_takes_no_date_back()
    {
        using var feed = Started();
        Play(feed, 0, 20);
        feed.Wait(-3_600_000);
        Play(feed, 20, 60);
        feed.Republish();
        feed.Avc(0);
        feed.Aac(0);
        Play(feed, 0, 20);

        Assert.That(Steps(feed).Min(), Is.GreaterThanOrEqualTo(Second), "as the checker says");
        Assert.That(Steps(feed).Max(), Is.LessThanOrEqualTo(2 * Second));
    }

    [Test]
    public void A_publisher_that_returns_is_dated_by_the_wall_clock()
    {
        using var feed = Started();
        Play(feed, 0, 20);
        feed.Wait(30_000);
        feed.Republish();
        feed.Avc(0);
        feed.Aac(0);
        Play(feed, 0, 20);

        Assert.That(feed.Playlist.All.Last().Date, Is.EqualTo(Date(66)).Within(Second));
    }

    [Test]
    public void A_stream_that_paused_is_dated_by_the_wall_clock()
    {
        using var feed = Started();
        Play(feed, 0, 20);
        feed.Wait(30_000);
        Play(feed, 50, 70);

        Assert.That(feed.Discontinuities, Has.Count.EqualTo(1));
        Assert.That(feed.Playlist.All.Last().Date, Is.EqualTo(Date(66)).Within(Second));
    }

    /// <summary>A film in real time.</summary>
    private static void Play(HlsFeed feed, int from, int to, int waitMs = 1000)
    {
        for (var second = from; second < to; second++)
        {
            feed.Wait(waitMs);
            feed.Film((uint)second * 1000, ((uint)second * 1000) + 1000);
        }
    }

    private static IEnumerable<TimeSpan> Steps(HlsFeed feed)
    {
        var dates = feed.Playlist.All.Select(segment => segment.Date!.Value).ToList();
        return dates.Zip(dates.Skip(1), (one, next) => next - one);
    }

    private static DateTimeOffset Date(int second) =>
        DateTimeOffset.UnixEpoch.AddSeconds(HlsFeed.FirstSequence + second);

    private static HlsFeed Started()
    {
        var feed = new HlsFeed();
        feed.Avc(0);
        feed.Aac(0);
        return feed;
    }
}
