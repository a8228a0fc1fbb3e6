using System.Linq;
using System.Net;
using NUnit.Framework;
using Reactor.Protocol.Proxy;
using Reactor.Protocol.Tests.Http;

namespace Reactor.Protocol.Tests.Proxy;

[TestFixture]
public sealed class ForwardedForTests
{
    private const string Name = "X-Forwarded-For";

    private static readonly IPNetwork[] Trusted =
    [
        IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("fd00::/8"),
    ];

    [TestCase("192.0.2.1", "X-Forwarded-For: 198.51.100.7\r\n", "192.0.2.1",
        TestName = "Who is no proxy of ours is believed nothing")]
    [TestCase("10.0.0.1", "", "10.0.0.1", TestName = "A proxy that says nothing asks itself")]
    [TestCase("10.0.0.1", "X-Forwarded-For: 198.51.100.7\r\n", "198.51.100.7",
        TestName = "A proxy tells for whom it asks")]
    [TestCase("10.0.0.1", "X-Forwarded-For: 1.1.1.1, 198.51.100.7 , 10.9.9.9\r\n", "198.51.100.7",
        TestName = "What the client wrote itself does not count")]
    [TestCase("10.0.0.1", "X-Forwarded-For: 1.1.1.1\r\nx-forwarded-for: 198.51.100.7\r\n",
        "198.51.100.7", TestName = "Several lines are one list")]
    [TestCase("10.0.0.1", "X-Forwarded-For: 10.0.0.3,10.0.0.2\r\n", "10.0.0.3",
        TestName = "If all are proxies the first of them asks")]
    [TestCase("10.0.0.1", "X-Forwarded-For: 1.1.1.1, unknown\r\n", "10.0.0.1",
        TestName = "What is no address ends the list")]
    [TestCase("10.0.0.1", "X-Forwarded-For: 1.1.1.1,\r\n", "10.0.0.1",
        TestName = "An empty word ends the list")]
    [TestCase("10.0.0.1", "X-Forwarded-For: 198.51.100.7:4711\r\n", "198.51.100.7",
        TestName = "A port is passed over")]
    [TestCase("fd00::1", "X-Forwarded-For: [2001:db8::7]:4711\r\n", "2001:db8::7",
        TestName = "A port behind brackets is passed over")]
    [TestCase("fd00::1", "X-Forwarded-For: 2001:db8::7\r\n", "2001:db8::7", TestName = "IPv6")]
    [TestCase("fd00::1", "X-Forwarded-For: [2001:db8::7\r\n", "fd00::1",
        TestName = "A bracket that is not closed is no address")]
    [TestCase("::ffff:10.0.0.1", "X-Forwarded-For: ::ffff:198.51.100.7\r\n", "198.51.100.7",
        TestName = "IPv4 in the clothes of IPv6 is IPv4")]
    [TestCase("10.0.0.1", "X-Forwarded-For: 0x0a000002, 0300.0.2.1\r\n", "10.0.0.1",
        TestName = "An address in another spelling is none")]
    public void The_client_is_the_last_that_is_no_proxy_of_ours(
        string peer, string headers, string client)
    {
        var request = Requests.One(Requests.Get("/", headers));

        var found = ForwardedFor.ClientOf(IPAddress.Parse(peer), request.Headers, Name, Trusted);

        Assert.That(found.ToString(), Is.EqualTo(client));
    }

    [Test]
    public void Without_proxies_of_ours_the_peer_is_the_client()
    {
        var request = Requests.One(Requests.Get("/", "X-Forwarded-For: 1.1.1.1\r\n"));
        var peer = IPAddress.Parse("10.0.0.1");

        Assert.That(ForwardedFor.ClientOf(peer, request.Headers, Name, []), Is.EqualTo(peer));
    }

    [Test]
    public void A_list_is_followed_for_as_many_proxies_as_the_limit()
    {
        var hops = Enumerable.Range(1, ForwardedFor.ProxiesMax + 1).Select(n => $"10.0.0.{n}");
        var request = Requests.One(
            Requests.Get("/", $"X-Forwarded-For: {string.Join(", ", hops.Reverse())}\r\n"));

        var found = ForwardedFor.ClientOf(
            IPAddress.Parse("10.1.1.1"), request.Headers, Name, Trusted);

        Assert.That(found.ToString(), Is.EqualTo($"10.0.0.{ForwardedFor.ProxiesMax}"));
    }
}
