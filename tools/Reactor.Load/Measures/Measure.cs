using System;

namespace Reactor.Load.Measures;

/// <summary>A figure that is compared between servers; null where it was not measured.</summary>
/// <param name="Head">What it is called in the table of ratios.</param>
/// <param name="Of">Reads it from a report.</param>
internal sealed record Measure(string Head, Func<LoadReport, double?> Of)
{
    public static Measure Core { get; } = new("core", report => report.CpuShare);

    public static Measure Join { get; } = new("join p50", report => report.Join?.P50);

    public static Measure Memory { get; } = new("RSS", report => report.LoadedKilobytes);

    public static Measure KernelMemory { get; } =
        new("sockets' memory", report => report.KernelKilobytes);

    public static Measure IdleEach { get; } = new("KB each", report => report.IdleKilobytesEach);

    public static Measure[] OfMedia { get; } =
    [
        new("CPU s/Gbit", report => report.CpuPerGigabit),
        new("video p50", report => report.Video?.P50),
        new("video p99", report => report.Video?.P99),
        new("audio p50", report => report.Audio?.P50),
        new("audio p99", report => report.Audio?.P99),
        Join,
        Memory,
    ];
}
