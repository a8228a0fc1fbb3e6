using NUnit.Framework;

namespace Reactor.Server.Tests.Limits;

/// <summary>Bits a second, over the last five seconds or what there is of them.</summary>
[TestFixture]
public sealed class TrafficMeterTests
{
    [Test]
    public void The_rate_is_of_the_last_five_slots_each_as_long_as_it_was()
    {
        var meter = new TrafficMeter();
        meter.Add(bytesIn: 1000, bytesOut: 2000);
        meter.Step(elapsedMs: 1000);
        Assert.That(meter.InBps, Is.EqualTo(8000), "there is but one yet");
        Assert.That(meter.OutBps, Is.EqualTo(16_000));

        meter.Step(elapsedMs: 3000);
        Assert.That(meter.OutBps, Is.EqualTo(4000));
        for (var i = 0; i < 4; i++)
            meter.Step(elapsedMs: 1000);
        Assert.That(meter.OutBps, Is.Zero);
        Assert.That(meter.IsIdle);
    }

    [Test]
    public void What_was_promised_counts_until_the_window_has_seen_it()
    {
        var meter = new TrafficMeter();
        for (var i = 0; i < TrafficMeter.SlotsMax; i++)
            meter.Step(elapsedMs: 1000);
        meter.Promise(bps: 8000);
        Assert.That(meter.ExpectedOutBps, Is.EqualTo(8000));

        for (var i = 0; i < 2 * TrafficMeter.SlotsMax; i++)
        {
            meter.Add(bytesIn: 0, bytesOut: 1000);
            meter.Step(elapsedMs: 1000);
            Assert.That(meter.ExpectedOutBps, Is.EqualTo(8000).Within(0.001), $"{i}");
        }
        Assert.That(meter.OutBps, Is.EqualTo(8000));
    }

    [Test]
    public void A_promise_that_is_not_kept_is_forgotten()
    {
        var meter = new TrafficMeter();
        meter.Promise(bps: 8000);
        for (var i = 0; i < TrafficMeter.SlotsMax; i++)
            meter.Step(elapsedMs: 1000);

        Assert.That(meter.ExpectedOutBps, Is.Zero);
        Assert.That(meter.IsIdle);
    }
}
