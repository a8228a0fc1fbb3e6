using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Reactor.Load.Measures;

/// <summary>What one load measured.</summary>
internal sealed record LoadReport
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public required string Server { get; init; }

    /// <summary>Which build of it; empty where nobody asked.</summary>
    public string Version { get; init; } = "";

    public required int Players { get; init; }

    public required int Streams { get; init; }

    /// <summary>How long the window really was.</summary>
    public required double Seconds { get; init; }

    /// <summary>Delivered to all players within the window, by their sockets.</summary>
    public required double Gigabits { get; init; }

    /// <summary>The server's processor time within the window.</summary>
    public required double CpuSeconds { get; init; }

    /// <summary>The load's own part of a core; all of it while it does not rest.</summary>
    public required double LoadCpuShare { get; init; }

    /// <summary>The part of the time in which the load had work: near 1 it measures itself.
    /// </summary>
    public required double LoadBusyShare { get; init; }

    /// <summary>What strangers on the machine took meanwhile, as a part of a core.</summary>
    public required double OthersCpuShare { get; init; }

    /// <summary>The server's memory before anybody came.</summary>
    public long EmptyKilobytes { get; init; }

    /// <summary>With the idle connections only.</summary>
    public long IdleKilobytes { get; init; }

    /// <summary>At the end of the window.</summary>
    public required long LoadedKilobytes { get; init; }

    /// <summary>Some time after everybody has left; 0 where nobody waited for it.</summary>
    public long LeftKilobytes { get; init; }

    /// <summary>What the kernel holds for sockets, of both ends, beyond what it held before.
    /// </summary>
    public required long KernelKilobytes { get; init; }

    public int Idle { get; init; }

    public long Expected { get; init; }

    public long Delivered { get; init; }

    public long Gaps { get; init; }

    public long SlowGaps { get; init; }

    public long Disordered { get; init; }

    public long Corrupt { get; init; }

    public long Lost { get; init; }

    public Percentiles? Video { get; init; }

    public Percentiles? Audio { get; init; }

    public Percentiles? Join { get; init; }

    public double CpuPerGigabit => Gigabits > 0 ? CpuSeconds / Gigabits : 0;

    public double CpuShare => Seconds > 0 ? CpuSeconds / Seconds : 0;

    public double DeliveredRatio => Expected > 0 ? (double)Delivered / Expected : 0;

    /// <summary>Growth of the server for each idle connection.</summary>
    public double IdleKilobytesEach =>
        Idle > 0 ? (double)(IdleKilobytes - EmptyKilobytes) / Idle : 0;

    /// <summary>Whether every frame came to everybody once, in order and unchanged.</summary>
    public bool IsSound =>
        Delivered == Expected && Expected > 0 == Players > 0
        && Gaps + Disordered + Corrupt + Lost == 0;

    public LoadReport With(Tally tally, int idle) => this with
    {
        Idle = idle,
        Expected = tally.Expected,
        Delivered = tally.Delivered,
        Gaps = tally.Gaps,
        SlowGaps = tally.SlowGaps,
        Disordered = tally.Disordered,
        Corrupt = tally.Corrupt,
        Lost = tally.Lost,
        Video = tally.Video.Summarise(),
        Audio = tally.Audio.Summarise(),
        Join = tally.Joins.Summarise(),
    };

    public void Save(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this, Json));

    public static LoadReport Load(string file) =>
        JsonSerializer.Deserialize<LoadReport>(File.ReadAllText(file), Json)!;

    /// <summary>The median of each figure by itself; faults are added up.</summary>
    public static LoadReport Median(IReadOnlyList<LoadReport> reports)
    {
        var seconds = Middle(reports, report => report.Seconds);
        var gigabits = Middle(reports, report => report.Gigabits);
        return reports[0] with
        {
            Seconds = seconds,
            Gigabits = gigabits,
            CpuSeconds = gigabits > 0
                ? Middle(reports, report => report.CpuPerGigabit) * gigabits
                : Middle(reports, report => report.CpuSeconds),
            LoadCpuShare = Middle(reports, report => report.LoadCpuShare),
            LoadBusyShare = Middle(reports, report => report.LoadBusyShare),
            OthersCpuShare = Middle(reports, report => report.OthersCpuShare),
            LoadedKilobytes = (long)Middle(reports, report => report.LoadedKilobytes),
            EmptyKilobytes = (long)Middle(reports, report => report.EmptyKilobytes),
            IdleKilobytes = (long)Middle(reports, report => report.IdleKilobytes),
            LeftKilobytes = (long)Middle(reports, report => report.LeftKilobytes),
            KernelKilobytes = (long)Middle(reports, report => report.KernelKilobytes),
            Expected = reports.Sum(report => report.Expected),
            Delivered = reports.Sum(report => report.Delivered),
            Gaps = reports.Sum(report => report.Gaps),
            SlowGaps = reports.Sum(report => report.SlowGaps),
            Disordered = reports.Sum(report => report.Disordered),
            Corrupt = reports.Sum(report => report.Corrupt),
            Lost = reports.Sum(report => report.Lost),
            Video = Percentiles.Median(reports.Select(report => report.Video)),
            Audio = Percentiles.Median(reports.Select(report => report.Audio)),
            Join = Percentiles.Median(reports.Select(report => report.Join)),
        };
    }

    private static double Middle(
        IReadOnlyList<LoadReport> reports, Func<LoadReport, double> figure) =>
        Percentiles.Middle(reports.Select(figure));
}
