using System.Collections.Generic;
using System.IO;
using System.Linq;
using NUnit.Framework;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>The logic of the pages, tested by node's own runner: tests/Reactor.Web.</summary>
[TestFixture]
public sealed class PageLogicTests
{
    private static readonly string Folder = Path.Combine(SourceTree.Root, "tests", "Reactor.Web");

    private static IEnumerable<string> Files =>
        Directory.GetFiles(Folder, "*.test.mjs").Select(path => Path.GetFileName(path)).Order();

    [TestCaseSource(nameof(Files))]
    public void All_tests_pass_of(string file)
    {
        using var node = new ChildProcess(
            "node", ["--test", "--test-reporter=tap", file], Folder);
        var code = node.WaitForExit(Patience.Long);

        var said = string.Join('\n', node.Lines);
        Assert.That(code, Is.Zero, said);
        Assert.That(said, Does.Match("(?m)^# pass [1-9]"), "tests that ran");
    }
}
