using System.Linq;
using System.Net;
using NUnit.Framework;
using Reactor.Server.Authorisation;
using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Authorisation;

public class AddressRulesTests
{
    [TestCase("all", "", "192.0.2.1", ExpectedResult = true)]
    [TestCase("all", "", "2001:db8::1", ExpectedResult = true)]
    [TestCase("", "", "192.0.2.1", ExpectedResult = false, TestName = "Nothing allows nobody")]
    [TestCase("all", "192.0.2.1", "192.0.2.1", ExpectedResult = false)]
    [TestCase("all", "192.0.2.1", "192.0.2.2", ExpectedResult = true)]
    [TestCase("10.0.0.0/8", "all", "10.200.3.4", ExpectedResult = true)]
    [TestCase("10.0.0.0/8", "all", "11.0.0.1", ExpectedResult = false)]
    [TestCase("10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", ExpectedResult = false)]
    [TestCase("10.0.0.0/8,10.1.2.3", "10.1.0.0/16", "10.1.2.3", ExpectedResult = true)]
    [TestCase("all", "all", "10.1.2.3", ExpectedResult = false, TestName = "A tie is denied")]
    [TestCase("10.1.2.3/8", "", "10.9.9.9", ExpectedResult = true, TestName = "Host bits aside")]
    [TestCase("2001:db8::/32", "", "2001:db8:5::1", ExpectedResult = true)]
    [TestCase("2001:db8::/32", "", "2001:db9::1", ExpectedResult = false)]
    [TestCase("10.0.0.0/8", "", "::ffff:10.1.1.1", ExpectedResult = true,
        TestName = "An IPv4 address in IPv6 is the IPv4 address")]
    [TestCase("0.0.0.0/0", "", "2001:db8::1", ExpectedResult = false)]
    [TestCase("0.0.0.0/0", "all", "192.0.2.7", ExpectedResult = true,
        TestName = "All of IPv4 is more exact than all")]
    public bool The_most_exact_range_decides(string allow, string deny, string address) =>
        AddressRules.Allow(IPAddress.Parse(address), Ranges(allow), Ranges(deny));

    [TestCase("")]
    [TestCase("everybody")]
    [TestCase("10.0.0.0/33")]
    [TestCase("10.0.0.0/-1")]
    [TestCase("10.0.0.0/")]
    [TestCase("::/129")]
    [TestCase("example.com")]
    public void What_is_no_range_is_not_read(string text) =>
        Assert.That(AddressRange.TryParse(text, out _), Is.False);

    private static AddressRange[] Ranges(string text) =>
        [.. text.Split(',').Where(each => each.Length > 0).Select(AddressRange.Parse)];
}
