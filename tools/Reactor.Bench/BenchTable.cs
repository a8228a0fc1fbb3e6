using System.Globalization;
using System.Linq;
using System.Text;
using BenchmarkDotNet.Reports;

namespace Reactor.Bench;

/// <summary>A row a benchmark, for a terminal and for Markdown.</summary>
internal static class BenchTable
{
    private const int NameWidth = 36;

    public static string Of(Summary summary)
    {
        var table = new StringBuilder();
        table.Append($"{summary.HostEnvironmentInfo.RuntimeVersion}, ");
        table.Append($"{summary.HostEnvironmentInfo.CpuInfo.Value.ProcessorName}\n\n");
        table.Append($"| {"of one",-NameWidth} |      ns |      ± | bytes allocated |\n");
        table.Append($"|{new string('-', NameWidth + 2)}|--------:|-------:|----------------:|\n");
        foreach (var report in summary.Reports.OrderBy(NameOf))
            table.Append(Row(report));
        return table.ToString();
    }

    private static string Row(BenchmarkReport report)
    {
        if (report.ResultStatistics is not { } time)
            return $"| {NameOf(report),-NameWidth} | failed  |        |                 |\n";
        var error = time.ConfidenceInterval.Margin;
        var bytes = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {NameOf(report),-NameWidth} | {time.Mean,7:0.0} | {error,6:0.0} | {bytes,15} |\n");
    }

    /// <summary><c>chunk reader: message, 4096</c></summary>
    private static string NameOf(BenchmarkReport report)
    {
        var descriptor = report.BenchmarkCase.Descriptor;
        var type = Words(descriptor.Type.Name[..^"Bench".Length]);
        var parameters = report.BenchmarkCase.Parameters.Items.Select(item => $", {item.Value}");
        return $"{type}: {Words(descriptor.WorkloadMethod.Name)}{string.Concat(parameters)}";
    }

    private static string Words(string name) => string.Concat(
        name.Select((letter, index) => char.IsUpper(letter)
            ? $"{(index > 0 ? " " : "")}{char.ToLowerInvariant(letter)}"
            : $"{letter}"));
}
