using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

namespace Reactor.Testing.Simulation;

/// <summary>Tells a person what was found, and how to see it again.</summary>
public static class Report
{
    private const int LinesShown = 25;

    /// <summary>Seed, commit, what broke and the last events; the rest goes to a file.</summary>
    public static string Of(Outcome outcome, bool isSwarm)
    {
        outcome = Run.Of(outcome.Plan, isLogged: true);
        var path = WriteTrace(outcome);
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"seed {outcome.Plan.Seed}, commit {Commit()}: {outcome.Finding?.Message}\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"again: make sim SEED={outcome.Plan.Seed}{OptionsOf(outcome.Plan, isSwarm)}\n");
        text.Append(CultureInfo.InvariantCulture, $"trace: {path}\n");
        if (outcome.Finding is not FindingException)
            text.Append(CultureInfo.InvariantCulture, $"{outcome.Finding}\n");
        text.AppendJoin('\n', outcome.LastEvents.TakeLast(LinesShown));
        return text.ToString();
    }

    /// <summary>How much life was simulated, and how fast.</summary>
    public static string Speed(IReadOnlyCollection<Outcome> outcomes, TimeSpan cpu)
    {
        var hours = outcomes.Sum(outcome => outcome.ConnectionSeconds) / 3600;
        var frames = outcomes.Sum(outcome => outcome.Frames);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{outcomes.Count} worlds, {frames} frames played, {hours:F1} connection-hours, "
                + $"{hours / cpu.TotalMinutes:F0} connection-hours per CPU-minute");
    }

    /// <summary>Writes plan, events and log lines to a file.</summary>
    /// <returns>Its path.</returns>
    public static string WriteTrace(Outcome outcome)
    {
        var path = Path.Combine(Path.GetTempPath(), $"reactor-sim-{outcome.Plan.Seed}.trace");
        var lines = new List<string>
        {
            $"seed {outcome.Plan.Seed}, commit {Commit()}",
            $"finding: {outcome.Finding?.Message}",
            outcome.Plan.ToString(),
            "seconds         connection, event, number (bytes or timestamp), words",
        };
        File.WriteAllLines(path, lines.Concat(outcome.LastEvents));
        return path;
    }

    private static string OptionsOf(Plan plan, bool isSwarm) =>
        plan.IsCluster ? " CLUSTER=1" : isSwarm ? " SWARM=1" : "";

    private static string Commit()
    {
        if (Environment.GetEnvironmentVariable("REACTOR_COMMIT") is { Length: > 0 } told)
            return told;
        try
        {
            var start = new ProcessStartInfo("git", ["rev-parse", "--short", "HEAD"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = AppContext.BaseDirectory,
            };
            using var git = Process.Start(start);
            var name = git?.StandardOutput.ReadToEnd().Trim();
            return string.IsNullOrEmpty(name) ? "unknown" : name;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "unknown";                   // no git here
        }
    }
}
