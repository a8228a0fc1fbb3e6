using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;

namespace Reactor.Transport.Tests;

public class LoopPacingTests
{
    [Test]
    public void Another_wait_may_be_configured_while_it_adapts_and_back()
    {
        var pacing = new LoopPacing(null, waitMaxMs: 100);
        Work(pacing, fromMs: 0, toMs: 2000, share: 0.95);
        pacing.Set(null, waitMaxMs: 30);
        Assert.That(pacing.WaitMs, Is.EqualTo(30));

        pacing.Set(0, waitMaxMs: 30);
        Work(pacing, fromMs: 2000, toMs: 4000, share: 0.95);
        Assert.That(pacing.WaitMs, Is.Zero, "nothing waits, however full it is");

        pacing.Set(null, waitMaxMs: 30);
        Work(pacing, fromMs: 4000, toMs: 6000, share: 0.95);
        Assert.That(pacing.WaitMs, Is.EqualTo(30));
    }

    [Test]
    public void Nothing_waits_while_turns_have_slack()
    {
        var pacing = new LoopPacing(null, waitMaxMs: 100);
        Work(pacing, fromMs: 0, toMs: 2000, share: 0.4);
        Assert.That(pacing.WaitMs, Is.Zero);
        Assert.That(pacing.Load, Is.EqualTo(0.4).Within(0.02));
    }

    [Test]
    public void A_loop_that_fills_up_waits_longer_up_to_the_bound()
    {
        var pacing = new LoopPacing(null, waitMaxMs: 100);
        Work(pacing, fromMs: 0, toMs: 1000, share: 0.9);
        Assert.That(pacing.WaitMs, Is.EqualTo(40), "two pictures together");
        Work(pacing, fromMs: 1000, toMs: 3000, share: 0.99);
        Assert.That(pacing.WaitMs, Is.EqualTo(100));
    }

    [Test]
    public void A_busy_moment_is_no_reason_to_wait_but_a_full_one_is()
    {
        var pacing = new LoopPacing(null, waitMaxMs: 100);
        Work(pacing, fromMs: 0, toMs: 600, share: 0.7);
        Work(pacing, fromMs: 600, toMs: 1000, share: 0.96);
        Assert.That(pacing.WaitMs, Is.Zero);

        Work(pacing, fromMs: 1000, toMs: 1200, share: 1);
        Assert.That(pacing.WaitMs, Is.EqualTo(40));
    }

    [Test]
    public void Of_a_few_lumps_of_work_one_more_or_less_tells_nothing()
    {
        var pacing = new LoopPacing(null, waitMaxMs: 50);
        Work(pacing, fromMs: 0, toMs: 1000, share: 0.99);
        Assert.That(pacing.WaitMs, Is.EqualTo(50));

        Work(pacing, fromMs: 1000, toMs: 1240, share: 0.9);
        Work(pacing, fromMs: 1240, toMs: 1500, share: 0.7);
        Assert.That(pacing.WaitMs, Is.EqualTo(49), "0.8 as a whole: tried a little shorter");
    }

    [Test]
    public void A_wait_that_fits_is_tried_shorter_little_by_little()
    {
        var pacing = new LoopPacing(null, waitMaxMs: 100);
        Work(pacing, fromMs: 0, toMs: 2000, share: 0.99);
        Work(pacing, fromMs: 2000, toMs: 5000, share: 0.78);
        Assert.That(pacing.WaitMs, Is.EqualTo(93));

        Work(pacing, fromMs: 5000, toMs: 90_000, share: 0.78);
        Assert.That(pacing.WaitMs, Is.Zero, "it fits without a wait, too");
    }

    [Test]
    public void A_loop_at_ease_waits_less_until_nothing_waits()
    {
        var pacing = new LoopPacing(null, waitMaxMs: 100);
        Work(pacing, fromMs: 0, toMs: 2000, share: 0.95);
        Work(pacing, fromMs: 2000, toMs: 4000, share: 0.1);
        Assert.That(pacing.WaitMs, Is.Zero);
    }

    [Test]
    public void After_a_burst_the_wait_comes_to_be_about_the_shortest_that_fits()
    {
        var pacing = new LoopPacing(null, waitMaxMs: 100);
        Work(pacing, fromMs: 0, toMs: 2000, share: 0.99);
        Assert.That(pacing.WaitMs, Is.EqualTo(100));

        var waits = new List<int>();
        for (var now = 2010; now <= 60_000; now += 10)
        {
            pacing.EndTurn(now, 10 * (0.5 + (10.0 / Math.Max(20, pacing.WaitMs))));
            if (now > 10_000)
                waits.Add(pacing.WaitMs);
        }
        Assert.That(waits, Is.All.AnyOf(0, 40).Or.InRange(40, 50), "it is at ease with 50");
        Assert.That(waits.Count(wait => wait == 0), Is.LessThan(waits.Count / 20),
            "that none is too short is tried, ever less");
    }

    [Test]
    public void Short_and_long_waits_do_not_take_turns_at_moments_that_are_full()
    {
        var pacing = new LoopPacing(null, waitMaxMs: 100);
        double BusyWith(int waitMs) => Math.Min(1, 0.27 + (27.0 / Math.Max(1, waitMs)));
        var waits = new List<int>();
        for (var (window, before) = (1, 0); window <= 300; window++)
        {
            var after = pacing.WaitMs;
            var isFull = window % 20 == 0;
            var busy = isFull ? 1 : (BusyWith(before) + BusyWith(after)) / 2;   // it shows late
            pacing.EndTurn(window * 200, 200 * busy);
            before = after;
            if (window > 20)
                waits.Add(pacing.WaitMs);
        }
        Assert.That(waits, Is.All.InRange(40, 90), "busy with less, at ease with more");
    }

    [Test]
    public void A_wait_that_was_configured_does_not_change([Values(0, 50)] int waitMs)
    {
        var pacing = new LoopPacing(waitMs, waitMaxMs: 100);
        Work(pacing, fromMs: 0, toMs: 2000, share: 0.99);
        Work(pacing, fromMs: 2000, toMs: 4000, share: 0.01);
        Assert.That(pacing.WaitMs, Is.EqualTo(waitMs));
    }

    [Test]
    public void Reading_waits_as_long_as_sending()
    {
        var pacing = new LoopPacing(null, waitMaxMs: 100);
        Assert.That((pacing.WaitMs, pacing.ReadWaitMs), Is.EqualTo((0, 0)));

        Work(pacing, fromMs: 0, toMs: 200, share: 0.99);
        Assert.That((pacing.WaitMs, pacing.ReadWaitMs), Is.EqualTo((40, 40)));
    }

    [Test]
    public void Reading_does_not_wait_where_the_wait_is_configured()
    {
        Assert.That(new LoopPacing(50, waitMaxMs: 100).ReadWaitMs, Is.Zero);
    }

    private static void Work(LoopPacing pacing, long fromMs, long toMs, double share)
    {
        for (var now = fromMs + 10; now <= toMs; now += 10)
            pacing.EndTurn(now, 10 * share);
    }
}
