using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Control;

namespace Reactor.Server.Tests.Limits;

/// <summary>Holds the table of limits in README.md to the settings and to the counters.</summary>
[TestFixture]
public sealed partial class LimitTableTests
{
    private const int What = 1;
    private const int Default = 2;
    private const int CountedAs = 4;

    /// <summary>Settings that are called like limits and are none.</summary>
    private static readonly string[] NoLimits =
    [
        "notify_update_timeout",                        // how often a hook is told
        "record_max_size", "record_max_frames",         // where the next file begins
    ];

    private static readonly string[][] Rows = ReadTable();

    private static readonly List<string> Settings = ReadSchema();

    [Test]
    public void Every_setting_in_the_table_is_one()
    {
        var unknown = Words(Default).Where(word => !Settings.Exists(
            path => path.EndsWith('.' + word, StringComparison.Ordinal)));
        Assert.That(unknown, Is.EquivalentTo(new[] { "exp" }), "the claim of a token");
    }

    [Test]
    public void Every_setting_that_bounds_something_has_a_row()
    {
        var bounds = Settings.Select(path => path.Split('.')[^1])
            .Where(name => Bound().IsMatch(name)).Except(NoLimits);

        var named = Words(Default).Select(word => word.Split('.')[^1]);
        Assert.That(bounds.Except(named), Is.Empty, "a row in README.md, Limits, please");
    }

    [Test]
    public void Every_limit_that_is_counted_has_a_row()
    {
        var limits = Enum.GetNames<Limit>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName);

        Assert.That(limits.Except(Words(CountedAs)), Is.Empty, "a row in README.md, please");
    }

    [Test]
    public void Every_counter_in_the_table_is_one_that_metrics_show()
    {
        using var server = new ServerInMemory();
        var metrics = new ControlPeer(server).Ask("/metrics").Text;

        foreach (var word in Words(CountedAs))
        {
            var sample = word.StartsWith("reactor_", StringComparison.Ordinal)
                ? $"\n{word}"
                : $"\nreactor_limits_struck_total{{limit=\"{word}\"}} 0\n";
            Assert.That(metrics, Does.Contain(sample));
        }
    }

    [Test]
    public void Every_constant_in_the_table_is_one()
    {
        var named = Rows.SelectMany(row => Constant().Matches(row[Default])).ToList();
        Assert.That(named, Is.Not.Empty);
        foreach (var match in named)
        {
            var (type, name) = (match.Groups[1].Value, match.Groups[2].Value);
            var file = Directory.EnumerateFiles(
                Path.Combine(Root(), "src"), $"{type}.cs", SearchOption.AllDirectories).Single();
            Assert.That(File.ReadAllText(file), Does.Match($@"const int {name}\b"), match.Value);
        }
    }

    [GeneratedRegex("`([A-Z][A-Za-z]+)\\.([A-Z][A-Za-z]+)`")]
    private static partial Regex Constant();

    [GeneratedRegex("^max_|_budget$|_timeout$|_max_(size|frames)$")]
    private static partial Regex Bound();

    [GeneratedRegex("`([a-z][a-z_.]+)`")]
    private static partial Regex Quoted();

    private static IEnumerable<string> Words(int column) => Rows.SelectMany(
        row => Quoted().Matches(row[column]).Select(match => match.Groups[1].Value));

    /// <summary>Every setting there is, as <c>.rtmp.chunk_size</c>.</summary>
    private static List<string> ReadSchema()
    {
        var paths = new List<string>();
        using var schema = JsonDocument.Parse(OptionsPrinter.Schema());
        Walk(schema.RootElement, "");
        return paths;

        void Walk(JsonElement node, string path)
        {
            if (node.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in node.EnumerateArray())
                    Walk(item, path);
            }
            if (node.ValueKind != JsonValueKind.Object)
                return;
            foreach (var member in node.EnumerateObject())
            {
                if (member.Name != "properties")
                {
                    Walk(member.Value, path);
                    continue;
                }
                foreach (var setting in member.Value.EnumerateObject())
                {
                    paths.Add($"{path}.{setting.Name}");
                    Walk(setting.Value, paths[^1]);
                }
            }
        }
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Reactor.sln")))
            folder = folder.Parent;
        return folder.FullName;
    }

    private static string[][] ReadTable()
    {
        var lines = File.ReadAllLines(Path.Combine(Root(), "README.md"));
        return
        [
            .. lines.SkipWhile(line => line != "## Limits")
                .Skip(1)
                .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
                .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
                .Select(line => line.Split('|').Select(cell => cell.Trim()).ToArray())
                .Where(cells => cells[What] != "What"),
        ];
    }
}
