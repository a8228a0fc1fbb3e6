using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Server.Storage;

namespace Reactor.Server.Tests.Storage;

[TestFixture]
public sealed class SafePathTests
{
    private static readonly SafePath Root = SafePath.Configured("html");

    [TestCase("index.html")]
    [TestCase("css/site.css")]
    [TestCase("a/b/c d.txt")]
    [TestCase("直播.html")]
    public void A_plain_place_below_the_root_is_named_as_it_is(string relative)
    {
        Assert.That(Root.TryWithin(relative, out var path), Is.True);
        Assert.That(path.Text, Is.EqualTo($"html/{relative}"));
    }

    [TestCase("")]
    [TestCase("/")]
    [TestCase("/etc/passwd")]
    [TestCase("..")]
    [TestCase("../secret")]
    [TestCase("a/../../secret")]
    [TestCase("a/..")]
    [TestCase("a//b")]
    [TestCase("a/")]
    [TestCase("./a")]
    [TestCase(".git/config")]
    [TestCase("a/.htpasswd")]
    [TestCase("..\\secret")]
    [TestCase("a\\b")]
    [TestCase("c:secret")]
    [TestCase("index.html::$DATA")]
    [TestCase("a\0.html")]
    [TestCase("a\nb")]
    [TestCase("index.html.")]
    [TestCase("index.html ")]
    public void Anything_else_is_refused(string relative)
    {
        Assert.That(Root.TryWithin(relative, out _), Is.False);
    }

    [Test]
    public void A_name_from_the_network_makes_one_part()
    {
        Assert.That(Root.Named("../a/b").Text, Is.EqualTo("html/%2E.%2Fa%2Fb"));
        Assert.That(Root.Named("../a/b").Folder.Text, Is.EqualTo("html"));
        Assert.That(SafePath.Configured("/").Named("a").Text, Is.EqualTo("/a"));
        Assert.That(SafePath.Configured("").Named("a").Text, Is.EqualTo("a"));
        Assert.That(SafePath.Configured("a").Folder.Text, Is.EqualTo("."));
    }

    [Test]
    public void A_part_that_is_none_is_a_bug_of_ours([Values("", ".", "..", "a/b")] string part)
    {
        Assert.That(() => Root.Child(part), Throws.TypeOf<InvariantException>());
    }
}
