using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Reactor.Load.Measures;

/// <summary>Reports as rows of a table, which reads well in a terminal and in Markdown.</summary>
internal static class ReportTable
{
    public static string Of(IEnumerable<LoadReport> reports, Column[] columns)
    {
        var rows = new List<string[]> { columns.Select(column => column.Head).ToArray() };
        rows.AddRange(reports.Select(
            report => columns.Select(column => column.Cell(report)).ToArray()));
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
}
