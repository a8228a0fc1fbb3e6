using System;

namespace Reactor.Load.Measures;

/// <summary>One column of a table of reports.</summary>
/// <param name="Head">What stands above it, unit included.</param>
/// <param name="Cell">What stands in it.</param>
internal sealed record Column(string Head, Func<LoadReport, string> Cell)
{
    private static readonly Column Server = new("server", report => report.Server);
    private static readonly Column Players = new("players", report => $"{report.Players}");
    private static readonly Column Delivered = new("delivered", Delivery);

    private static readonly Column CpuPerGigabit = new(
        "CPU s/Gbit", report => ReportTable.Number(report.CpuPerGigabit, "0.000"));

    private static readonly Column Core = new("core", report => Percent(report.CpuShare));

    private static readonly Column Video = new("video p50 / p90 / p99 / max, ms", report =>
        report.Video is { } it
            ? $"{Ms(it.P50)} / {Ms(it.P90)} / {Ms(it.P99)} / {Ms(it.Max)}"
            : "-");

    private static readonly Column Audio = new("audio p50 / p99, ms", report => Ends(report.Audio));
    private static readonly Column Join = new("join p50 / p99, ms", report => Ends(report.Join));

    private static readonly Column Memory = new(
        "RSS, MB", report => Megabytes(report.LoadedKilobytes));

    private static readonly Column Empty = new(
        "RSS before, MB", report => Megabytes(report.EmptyKilobytes));

    private static readonly Column Left = new(
        "RSS after, MB", report => Megabytes(report.LeftKilobytes));

    private static readonly Column IdleEach = new(
        "KB each", report => ReportTable.Number(report.IdleKilobytesEach, "0.0"));

    private static readonly Column Kernel = new(
        "sockets' memory, MB", report => Megabytes(report.KernelKilobytes));

    private static readonly Column LoadBusy = new(
        "load busy", report => Percent(report.LoadBusyShare));

    public static Column[] OfMedia { get; } =
    [
        Server, Players, Delivered, CpuPerGigabit, Core, Video, Audio, Join, Memory, LoadBusy,
    ];

    public static Column[] OfCost { get; } = [Server, Core, Memory, LoadBusy];

    public static Column[] OfIdle { get; } = [Server, Empty, IdleEach, Left];

    public static Column[] OfStalls { get; } =
        [Server, Players, Delivered, Video, Empty, Memory, Kernel, Left];

    /// <summary>"all", or what is wrong.</summary>
    private static string Delivery(LoadReport report)
    {
        if (report.IsSound)
            return "all";
        var text = ReportTable.Number(report.DeliveredRatio, "0.0000 %");
        text += report.Gaps > 0 ? $" {report.Gaps} missing" : "";
        text += report.Disordered > 0 ? $" {report.Disordered} disordered" : "";
        text += report.Corrupt > 0 ? $" {report.Corrupt} corrupt" : "";
        return text + (report.Lost > 0 ? $" {report.Lost} peers lost" : "");
    }

    private static string Ends(Percentiles? it) =>
        it is null ? "-" : $"{Ms(it.P50)} / {Ms(it.P99)}";

    private static string Ms(double milliseconds) =>
        ReportTable.Number(milliseconds, milliseconds < 10 ? "0.00" : "0");

    private static string Megabytes(long kilobytes) =>
        ReportTable.Number(kilobytes / 1024.0, "0.0");

    private static string Percent(double share) => ReportTable.Number(share, "0 %");
}
