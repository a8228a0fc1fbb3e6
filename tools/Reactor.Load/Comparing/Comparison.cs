using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using Reactor.Load.Measures;
using Reactor.Load.Scenarios;

namespace Reactor.Load.Comparing;

/// <summary>Asks each server one scenario, turn by turn, and compares medians.</summary>
/// <remarks>
/// The server has core 0 and the load core 1, each a fresh process every time. Who begins
/// changes from round to round; a round that others on the machine disturbed is repeated.
/// </remarks>
/// <param name="scenario">The load, and the crowds.</param>
/// <param name="servers">Each is compared with the last.</param>
internal sealed class Comparison(Scenario scenario, ServerUnderTest[] servers)
{
    private const int ServerCore = 0;
    private const int LoadCore = 1;

    private const int AttemptsMax = 4;

    private readonly List<LoadReport> _reports = [];

    public required int Rounds { get; init; }

    /// <summary>
    /// Processor time of strangers, as a part of a core, beyond which a round is noisy.
    /// </summary>
    public required double NoiseMax { get; init; }

    /// <summary>Earlier rounds of the same builds, and those of this time.</summary>
    public RoundStore? Kept { get; init; }

    /// <summary>Measures, prints, and keeps the tables.</summary>
    /// <returns>Whether every frame arrived in every round.</returns>
    public bool Run(ResultsFile? results)
    {
        Console.WriteLine($"{scenario.Name}: {scenario.Question}");
        _reports.AddRange(Kept?.Load(scenario, servers) ?? []);
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var players in scenario.Crowds)
            {
                foreach (var server in round % 2 == 0 ? servers : servers.Reverse())
                    Measure(server, players);
            }
        }

        var section = new ResultsSection(scenario, servers, _reports);
        Console.WriteLine();
        Console.WriteLine(section.Tables);
        results?.Put(scenario.Name, section.Text);
        return _reports.All(report => report.IsSound);
    }

    private void Measure(ServerUnderTest server, int players)
    {
        for (var attempt = 1; ; attempt++)
        {
            var report = MeasureOnce(server, players) with { Version = server.Version };
            var isNoisy = report.OthersCpuShare > NoiseMax;
            var cpu = ReportTable.Number(report.CpuPerGigabit, "0.000");
            var core = ReportTable.Number(report.CpuShare, "0 %");
            var others = ReportTable.Number(report.OthersCpuShare, "0 %");
            Console.WriteLine(
                $"{server.Name}, {players} players: {cpu} CPU s/Gbit, {core} of a core, "
                + $"others {others}{(isNoisy ? ": noisy" : "")}");
            if (isNoisy && attempt < AttemptsMax)
                continue;
            _reports.Add(report);
            Kept?.Save(scenario, report);
            return;
        }
    }

    private LoadReport MeasureOnce(ServerUnderTest server, int players)
    {
        var folder = Directory.CreateTempSubdirectory("reactor-load-").FullName;
        var port = FreePort();
        var process = server.Start(port, ServerCore, folder);
        try
        {
            var json = Path.Combine(folder, "report.json");
            string[] command =
            [
                Path.Combine(AppContext.BaseDirectory, "Reactor.Load"), "run",
                "--url", $"rtmp://127.0.0.1:{port}/live", "--json", json,
                "--server-pid", $"{process.Id}", "--name", server.Name,
                .. CommandLine.ArgumentsOf(scenario.LoadOf(players)),
            ];
            using var load = Programs.Start(LoadCore, folder, command);
            load.WaitForExit();
            return load.ExitCode == 0
                ? LoadReport.Load(json)
                : throw new InvalidOperationException($"the load ended with {load.ExitCode}");
        }
        finally
        {
            ServerUnderTest.Stop(process);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
