using System.Net;
using NUnit.Framework;
using Reactor.Server.Authorisation;

namespace Reactor.Server.Tests.Authorisation;

public class FailedAttemptsTests
{
    private static readonly IPAddress Guesser = IPAddress.Parse("192.0.2.1");

    [Test]
    public void The_tenth_failure_within_a_minute_closes_the_door_until_it_is_over()
    {
        var failures = new FailedAttempts();
        for (var i = 0; i < 9; i++)
            failures.Count(Guesser, nowMs: i * 1000);
        Assert.That(failures.IsBlocked(Guesser, 9_000), Is.False);

        failures.Count(Guesser, 9_000);

        Assert.That(failures.IsBlocked(Guesser, 9_001));
        Assert.That(failures.IsBlocked(Guesser, 59_999));
        Assert.That(failures.IsBlocked(Guesser, 60_000), Is.False);
        Assert.That(failures.Known, Is.Zero);
        Assert.That(failures.Blocked, Is.EqualTo(2));
    }

    [Test]
    public void Another_address_is_heard()
    {
        var failures = new FailedAttempts { FailuresMax = 1 };
        failures.Count(Guesser, 0);

        Assert.That(failures.IsBlocked(IPAddress.Parse("192.0.2.2"), 0), Is.False);
        Assert.That(failures.IsBlocked(IPAddress.Parse("::ffff:192.0.2.1"), 0));
    }

    [Test]
    public void One_network_of_IPv6_is_one_guesser()
    {
        var failures = new FailedAttempts { FailuresMax = 2 };
        failures.Count(IPAddress.Parse("2001:db8::1"), 0);
        failures.Count(IPAddress.Parse("2001:db8::ffff"), 0);

        Assert.That(failures.IsBlocked(IPAddress.Parse("2001:db8::5"), 0));
        Assert.That(failures.IsBlocked(IPAddress.Parse("2001:db8:0:1::5"), 0), Is.False);
    }

    [Test]
    public void A_flood_of_addresses_neither_fills_memory_nor_locks_anybody_out()
    {
        var failures = new FailedAttempts { FailuresMax = 1 };
        failures.Count(Guesser, 0);
        for (var i = 0; i < FailedAttempts.AddressesMax + 1000; i++)
            failures.Count(new IPAddress([10, (byte)(i >> 16), (byte)(i >> 8), (byte)i]), 0);

        Assert.That(failures.Known, Is.EqualTo(FailedAttempts.AddressesMax));
        Assert.That(failures.IsBlocked(Guesser, 1));
        Assert.That(failures.IsBlocked(IPAddress.Parse("198.51.100.1"), 1), Is.False);
        Assert.That(failures.IsBlocked(Guesser, FailedAttempts.WindowMs), Is.False);
        Assert.That(failures.Known, Is.Zero);
    }
}
