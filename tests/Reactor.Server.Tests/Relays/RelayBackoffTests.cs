using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Server.Relays;

namespace Reactor.Server.Tests.Relays;

[TestFixture]
public sealed class RelayBackoffTests
{
    [Test]
    public void Each_failure_doubles_the_wait_up_to_a_bound_and_a_fifth_is_luck()
    {
        var backoff = new RelayBackoff(
            TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(30), new Random(7));
        double[] usual = [3000, 6000, 12_000, 24_000, 30_000, 30_000];

        var waits = usual.Select(_ => backoff.NextMs()).ToArray();

        for (var i = 0; i < usual.Length; i++)
            Assert.That(waits[i], Is.InRange(usual[i] * 0.8, usual[i] * 1.2), $"failure {i + 1}");
        for (var i = 0; i < 100; i++)
            Assert.That(backoff.NextMs(), Is.InRange(24_000, 36_000));
        backoff.Reset();
        Assert.That(backoff.NextMs(), Is.InRange(2400, 3600));
    }

    [Test]
    public void Relays_that_fail_together_do_not_knock_together()
    {
        var random = new Random(1);

        var waits = Enumerable.Range(0, 100).Select(_ => new RelayBackoff(
            TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(30), random).NextMs());

        Assert.That(waits.Distinct().Count(), Is.GreaterThan(80));
    }
}
