using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Reactor.Load.Measures;

namespace Reactor.Load.Comparing;

/// <summary>
/// What is printed at the end, and kept in RESULTS.md: medians, and ratios of them.
/// </summary>
internal sealed class ResultsPage(
    ServerUnderTest[] servers, LoadOptions options, int rounds, IReadOnlyList<LoadReport> reports)
{
    private static readonly string[] RatioHead =
    [
        "ratio", "players", "CPU s/Gbit", "video p50", "video p99", "audio p50", "audio p99",
        "join p50", "RSS",
    ];

    public string Text
    {
        get
        {
            var call = servers.Length > 1 ? "make compare" : "make load";
            var text = new StringBuilder($"# Measured load\n\nLast output of `{call}`.\n\n");
            text.Append($"- Machine: {Machine.Describe()}\n");
            foreach (var server in servers)
                text.Append($"- {server.Name}: {server.Version}\n");
            text.Append(
                $"- Load: {options.Streams} stream(s) of {options.BitsPerSecond / 1000} kbit/s, "
                + "73 messages a second; server on one core, load on another; medians of "
                + $"{rounds} round(s) of {options.Seconds} s\n\n");
            return text.Append(Tables).ToString();
        }
    }

    public string Tables
    {
        get
        {
            var medians = new List<LoadReport>();
            foreach (var players in reports.Select(report => report.Players).Distinct())
            {
                medians.AddRange(servers.Select(server => LoadReport.Median(
                    [.. reports.Where(r => r.Players == players && r.Server == server.Name)])));
            }
            var text = ReportTable.Of(medians);
            return servers.Length > 1 ? $"{text}\n{Ratios(medians)}" : text;
        }
    }

    private static string Ratios(List<LoadReport> medians)
    {
        var rows = new List<string[]> { RatioHead };
        foreach (var crowd in medians.GroupBy(report => report.Players))
        {
            var other = crowd.Last();
            rows.AddRange(crowd.SkipLast(1).Select(ours => new[]
            {
                $"{ours.Server} / {other.Server}",
                $"{crowd.Key}",
                Ratio(ours, other, report => report.CpuPerGigabit),
                Ratio(ours, other, report => report.Video?.P50),
                Ratio(ours, other, report => report.Video?.P99),
                Ratio(ours, other, report => report.Audio?.P50),
                Ratio(ours, other, report => report.Audio?.P99),
                Ratio(ours, other, report => report.Join?.P50),
                Ratio(ours, other, report => report.LoadedKilobytes),
            }));
        }
        return ReportTable.Align(rows);
    }

    private static string Ratio(
        LoadReport ours, LoadReport other, Func<LoadReport, double?> measure) =>
        measure(other) is > 0 and var of
            ? ReportTable.Number((measure(ours) ?? 0) / of, "0.00")
            : "-";
}
