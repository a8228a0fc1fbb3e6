using System.Linq;
using NUnit.Framework;
using Reactor.Server.Authorisation;

namespace Reactor.Server.Tests.Authorisation;

public class RefererRulesTests
{
    [TestCase("", "", ExpectedResult = true)]
    [TestCase("http://anywhere.example/", "", ExpectedResult = true)]
    [TestCase("https://example.com/live?x=1", "example.com", ExpectedResult = true)]
    [TestCase("https://www.Example.com/", "example.com", ExpectedResult = true)]
    [TestCase("https://badexample.com/", "example.com", ExpectedResult = false)]
    [TestCase("https://example.com.evil.test/", "example.com", ExpectedResult = false)]
    [TestCase("https://evil.test/?example.com", "example.com", ExpectedResult = false)]
    [TestCase("https://user@evil.test/", "example.com", ExpectedResult = false)]
    [TestCase("", "example.com", ExpectedResult = false)]
    [TestCase("", "example.com,none", ExpectedResult = true)]
    [TestCase("http://none/", "none", ExpectedResult = false)]
    [TestCase("not a url", "example.com", ExpectedResult = false)]
    public bool A_page_plays_by_its_host(string page, string allowed) => RefererRules.Allow(
        page, [.. allowed.Split(',').Where(each => each.Length > 0)]);
}
