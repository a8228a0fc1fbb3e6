using System.Linq;
using NUnit.Framework;
using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Configuration;

[TestFixture]
public sealed class GlobTests
{
    [TestCase("*", "")]
    [TestCase("*", "anything/at/all")]
    [TestCase("vip_*", "vip_")]
    [TestCase("vip_*", "vip_a")]
    [TestCase("*_hd", "a_hd_hd")]
    [TestCase("a*b*c", "a-b-b-c")]
    [TestCase("?", "x")]
    [TestCase("cam??", "cam01")]
    [TestCase("exact", "exact")]
    [TestCase("", "")]
    public void A_pattern_covers_the_whole_name(string pattern, string name)
        => Assert.That(Glob.Matches(pattern, name), Is.True);

    [TestCase("vip_*", "a_vip_")]
    [TestCase("*_hd", "a_hd_")]
    [TestCase("a*b*c", "a-c-b")]
    [TestCase("?", "")]
    [TestCase("cam??", "cam1")]
    [TestCase("exact", "exactly")]
    [TestCase("", "x")]
    public void A_part_is_not_enough(string pattern, string name)
        => Assert.That(Glob.Matches(pattern, name), Is.False);

    [Test]
    public void Many_stars_do_not_blow_up()
    {
        var pattern = string.Concat(Enumerable.Repeat("a*", 1000)) + "b";

        Assert.That(Glob.Matches(pattern, new string('a', 10_000)), Is.False);
    }
}
