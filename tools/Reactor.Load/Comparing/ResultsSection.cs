using System.Collections.Generic;
using System.Linq;
using System.Text;
using Reactor.Load.Measures;
using Reactor.Load.Scenarios;

namespace Reactor.Load.Comparing;

/// <summary>What is printed of a scenario, and kept: medians, and ratios of them.</summary>
internal sealed class ResultsSection(
    Scenario scenario, ServerUnderTest[] servers, IReadOnlyList<LoadReport> reports)
{
    public string Text
    {
        get
        {
            var load = scenario.Load;
            var rounds = reports.GroupBy(report => (report.Server, report.Players))
                .Min(round => round.Count());
            var text = new StringBuilder();
            text.Append($"The question: {scenario.Question}.\n\n");
            text.Append($"- Machine: {Machine.Describe()}\n");
            foreach (var server in servers)
                text.Append($"- {server.Name}: {server.Version}\n");
            if (load.Streams > 0)
            {
                var streams = scenario.StreamEach
                    ? "one stream a player"
                    : $"{load.Streams} stream(s)";
                text.Append(
                    $"- Load: {streams} of {load.BitsPerSecond / 1000} kbit/s, "
                    + "73 messages a second each\n");
            }
            text.Append(
                "- Server on one core, load on another; medians of "
                + $"{rounds} round(s) of {load.Seconds} s\n\n");
            return text.Append(Tables).ToString();
        }
    }

    public string Tables
    {
        get
        {
            var medians = new List<LoadReport>();
            foreach (var players in scenario.Crowds)
            {
                medians.AddRange(servers.Select(server => LoadReport.Median(
                    [.. reports.Where(r => r.Players == players && r.Server == server.Name)])));
            }
            var text = ReportTable.Of(medians, scenario.Columns);
            return servers.Length > 1 && scenario.HasRival && scenario.Ratios.Length > 0
                ? $"{text}\n{Ratios(medians)}"
                : text;
        }
    }

    private string Ratios(List<LoadReport> medians)
    {
        var rows = new List<string[]>
        {
            (string[])["ratio", "players", .. scenario.Ratios.Select(measure => measure.Head)],
        };
        foreach (var crowd in medians.GroupBy(report => report.Players))
        {
            var rival = crowd.Last();
            rows.AddRange(crowd.SkipLast(1).Select(ours => (string[])
            [
                $"{ours.Server} / {rival.Server}",
                $"{crowd.Key}",
                .. scenario.Ratios.Select(measure => Ratio(measure.Of(ours), measure.Of(rival))),
            ]));
        }
        return ReportTable.Align(rows);
    }

    private static string Ratio(double? ours, double? rival) =>
        rival is > 0 and var of ? ReportTable.Number((ours ?? 0) / of, "0.00") : "-";
}
