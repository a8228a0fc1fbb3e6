using System;
using System.IO;
using NUnit.Framework;
using Reactor.Load.Comparing;

namespace Reactor.Load.Tests;

[TestFixture]
public sealed class ResultsFileTests
{
    private string _path = "";

    [SetUp]
    public void Open() => _path = Path.GetTempFileName();

    [TearDown]
    public void Close() => File.Delete(_path);

    [Test]
    public void A_section_takes_the_place_of_the_one_with_its_name()
    {
        File.Delete(_path);
        var results = new ResultsFile(_path);
        results.Put("one", "old\n");
        results.Put("two", "kept\n");
        results.Put("three", "kept too\n");

        results.Put("one", "new\n");
        results.Put("three", "last\n");

        var text = File.ReadAllText(_path);
        Assert.That(text, Does.StartWith("# Measured load\n"));
        Assert.That(
            text[text.IndexOf("\n## ", StringComparison.Ordinal)..],
            Is.EqualTo("\n## one\n\nnew\n\n## two\n\nkept\n\n## three\n\nlast\n"));
    }
}
