using NUnit.Framework;
using Reactor.Protocol.Rtmp;

namespace Reactor.Protocol.Tests.Rtmp;

[TestFixture]
public sealed class RateLimitTests
{
    [Test]
    public void A_burst_is_taken_at_once_and_no_more([Values(0L, 1_000_000L)] long nowMs)
    {
        Assert.That(Taken(new RateLimit(perSecond: 100, burst: 200), nowMs), Is.EqualTo(200));
    }

    [Test]
    public void What_was_taken_comes_back_by_the_second()
    {
        var limit = new RateLimit(perSecond: 100, burst: 200);
        Taken(limit, 0);

        Assert.That(Taken(limit, 9), Is.Zero);
        Assert.That(Taken(limit, 10), Is.EqualTo(1));
        Assert.That(Taken(limit, 1010), Is.EqualTo(100));
        Assert.That(Taken(limit, 100_000), Is.EqualTo(200));
    }

    [Test]
    public void A_steady_rate_at_the_limit_is_never_refused()
    {
        var limit = new RateLimit(perSecond: 100, burst: 200);

        for (var nowMs = 0; nowMs < 60_000; nowMs += 10)
            Assert.That(limit.TryTake(nowMs), Is.True);
    }

    [Test]
    public void A_clock_that_goes_back_gives_nothing()
    {
        var limit = new RateLimit(perSecond: 100, burst: 200);
        Taken(limit, 5000);

        Assert.That(Taken(limit, 0), Is.Zero);
    }

    private static int Taken(RateLimit limit, long nowMs)
    {
        var count = 0;
        while (limit.TryTake(nowMs))
            count++;
        return count;
    }
}
