using System.Net;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Server.Relays;

namespace Reactor.Server.Tests.Relays;

/// <summary>What the API may not be used as a lever for (threat model 6).</summary>
[TestFixture]
public sealed class RelayTargetsTests
{
    [TestCase("127.0.0.1")]
    [TestCase("127.255.0.9")]
    [TestCase("0.0.0.0")]
    [TestCase("10.1.2.3")]
    [TestCase("172.31.255.255")]
    [TestCase("192.168.0.1")]
    [TestCase("169.254.169.254")]
    [TestCase("100.64.0.1")]
    [TestCase("224.0.0.1")]
    [TestCase("255.255.255.255")]
    [TestCase("::1")]
    [TestCase("::")]
    [TestCase("::ffff:127.0.0.1")]
    [TestCase("64:ff9b::7f00:1")]
    [TestCase("fe80::1")]
    [TestCase("fd12::1")]
    [TestCase("ff02::1")]
    public void An_inside_address_is_refused_unless_it_is_allowed(string text)
    {
        var address = IPAddress.Parse(text);

        Assert.That(RelayTargets.Refusal(address, []), Does.Contain("limits.relay_allow"));
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        Assert.That(RelayTargets.Refusal(address, [AddressRange.Parse($"{plain}")]), Is.Null);
    }

    [TestCase("8.8.8.8")]
    [TestCase("172.32.0.1")]
    [TestCase("169.253.0.1")]
    [TestCase("2606:4700::1111")]
    public void A_public_address_is_taken(string text)
    {
        Assert.That(RelayTargets.Refusal(IPAddress.Parse(text), []), Is.Null);
    }
}
