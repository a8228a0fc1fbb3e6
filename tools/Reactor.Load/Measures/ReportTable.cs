using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Reactor.Load.Measures;

/// <summary>Reports as rows of a table, which reads well in a terminal and in Markdown.</summary>
internal static class ReportTable
{
    private static readonly string[] Head =
    [
        "server", "players", "delivered", "CPU s/Gbit", "core", "video p50 / p90 / p99 / max, ms",
        "audio p50 / p99, ms", "join p50 / p99, ms", "RSS, MB", "load core",
    ];

    public static string Of(IEnumerable<LoadReport> reports)
    {
        var rows = new List<string[]> { Head };
        foreach (var report in reports)
            rows.Add(Row(report));
        return Align(rows);
    }

    /// <summary>Columns padded to one width; the second line rules off the head.</summary>
    public static string Align(List<string[]> rows)
    {
        var widths = new int[rows[0].Length];
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++)
                widths[i] = int.Max(widths[i], row[i].Length);
        }

        var text = new StringBuilder();
        foreach (var row in rows)
        {
            AppendRow(text, row, widths);
            if (row == rows[0])
                AppendRule(text, widths);
        }
        return text.ToString();
    }

    public static string Number(double value, string format) =>
        value.ToString(format, CultureInfo.InvariantCulture);

    private static void AppendRow(StringBuilder text, string[] row, int[] widths)
    {
        for (var i = 0; i < widths.Length; i++)
        {
            var cell = i == 0 ? row[i].PadRight(widths[i]) : row[i].PadLeft(widths[i]);
            text.Append("| ").Append(cell).Append(' ');
        }
        text.Append("|\n");
    }

    private static void AppendRule(StringBuilder text, int[] widths)
    {
        for (var i = 0; i < widths.Length; i++)
            text.Append('|').Append('-', widths[i] + 1).Append(i == 0 ? '-' : ':');
        text.Append("|\n");
    }

    private static string[] Row(LoadReport report) =>
    [
        report.Server,
        $"{report.Players}",
        Delivery(report),
        Number(report.CpuPerGigabit, "0.000"),
        Number(report.CpuShare, "0 %"),
        report.Video is { } video
            ? $"{Ms(video.P50)} / {Ms(video.P90)} / {Ms(video.P99)} / {Ms(video.Max)}"
            : "-",
        Ends(report.Audio),
        Ends(report.Join),
        Number(report.LoadedKilobytes / 1024.0, "0.0"),
        Number(report.LoadCpuShare, "0 %"),
    ];

    /// <summary>"all", or what is wrong.</summary>
    private static string Delivery(LoadReport report)
    {
        if (report.IsSound)
            return "all";
        var text = Number(report.DeliveredRatio, "0.0000 %");
        text += report.Gaps > 0 ? $" {report.Gaps} missing" : "";
        text += report.Disordered > 0 ? $" {report.Disordered} disordered" : "";
        text += report.Corrupt > 0 ? $" {report.Corrupt} corrupt" : "";
        return text + (report.Lost > 0 ? $" {report.Lost} peers lost" : "");
    }

    private static string Ends(Percentiles? it) =>
        it is null ? "-" : $"{Ms(it.P50)} / {Ms(it.P99)}";

    private static string Ms(double milliseconds) =>
        Number(milliseconds, milliseconds < 10 ? "0.00" : "0");
}
