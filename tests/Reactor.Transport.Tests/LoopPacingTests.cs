using System;
using System.Collections.Generic;
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
        Work(pacing, fromMs: 0, toMs: 200, share: 0.95);
        Assert.That(pacing.WaitMs, Is.EqualTo(10));
        Work(pacing, fromMs: 200, toMs: 2000, share: 0.99);
        Assert.That(pacing.WaitMs, Is.EqualTo(100));
    }

    [Test]
    public void The_wait_stays_while_the_loop_is_neither_full_nor_at_ease()
    {
        var pacing = new LoopPacing(null, waitMaxMs: 100);
        Work(pacing, fromMs: 0, toMs: 400, share: 0.95);
        var waitMs = pacing.WaitMs;
        Work(pacing, fromMs: 400, toMs: 4000, share: 0.78);
        Assert.That((waitMs, pacing.WaitMs), Is.EqualTo((12, 12)));
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

        for (var now = 2010; now <= 6000; now += 10)
            pacing.EndTurn(now, 10 * (0.5 + (10.0 / pacing.WaitMs)));

        Assert.That(pacing.WaitMs, Is.InRange(29, 50), "busy with less, at ease with more");
    }

    [Test]
    public void Short_and_long_waits_do_not_take_turns_at_moments_that_are_full()
    {
        var pacing = new LoopPacing(null, waitMaxMs: 100);
        double BusyWith(int waitMs) => Math.Min(1, 0.27 + (18.0 / Math.Max(1, waitMs)));
        var waits = new List<int>();
        for (var (window, before) = (1, 0); window <= 150; window++)
        {
            var after = pacing.WaitMs;
            var isFull = window % 20 == 0;
            var busy = isFull ? 1 : (BusyWith(before) + BusyWith(after)) / 2;   // it shows late
            pacing.EndTurn(window * 200, 200 * busy);
            before = after;
            if (window > 20)
                waits.Add(pacing.WaitMs);
        }
        Assert.That(waits, Is.All.InRange(31, 60), "busy with less, at ease with more");
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
    public void Reading_waits_too_once_that_is_longer_than_from_one_frame_to_the_next()
    {
        var pacing = new LoopPacing(null, waitMaxMs: 100);
        Work(pacing, fromMs: 0, toMs: 200, share: 0.95);
        Assert.That((pacing.WaitMs, pacing.ReadWaitMs), Is.EqualTo((10, 0)));

        Work(pacing, fromMs: 200, toMs: 2000, share: 0.99);
        Assert.That((pacing.WaitMs, pacing.ReadWaitMs), Is.EqualTo((100, 100)));
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
