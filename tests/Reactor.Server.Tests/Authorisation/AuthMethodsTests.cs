using NUnit.Framework;
using Reactor.Server.Authorisation;
using Reactor.Server.Tests.Configuration;

namespace Reactor.Server.Tests.Authorisation;

[TestFixture]
public sealed class AuthMethodsTests
{
    [TestCase("{}", true)]
    [TestCase("""{ "defaults": { "publish": { "key": "K" } } }""", false)]
    [TestCase("""{ "defaults": { "publish": { "allow": "10.0.0.0/8" } } }""", false)]
    [TestCase("""{ "defaults": { "publish": { "deny": "10.0.0.0/8" } } }""", true)]
    [TestCase("""{ "defaults": { "publish": { "deny": "all" } } }""", false)]
    [TestCase("""{ "defaults": { "hooks": { "on_publish": "http://h/" } } }""", false)]
    [TestCase("""{ "rooms": { "enabled": true } }""", false)]
    [TestCase("""{ "apps": { "a": { "publish": { "key": "K" } }, "b": {} } }""", true)]
    [TestCase("""{ "apps": { "a": { "live": false } } }""", false)]
    public void Publishing_is_open_where_nothing_stands_in_the_way(string json, bool isOpen) =>
        Assert.That(AuthMethods.IsPublishOpen(Config.Good(json)), Is.EqualTo(isOpen));
}
