using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using Reactor.Load.Measures;

namespace Reactor.Load.Comparing;

/// <summary>Loads each server with each crowd, turn by turn, and compares medians.</summary>
/// <remarks>
/// The server has core 0 and the load core 1, each a fresh process every time. Who begins
/// changes from round to round; a round that others on the machine disturbed is repeated.
/// </remarks>
/// <param name="servers">Each is compared with the last.</param>
/// <param name="options">The load, but for server and crowd.</param>
internal sealed class Comparison(ServerUnderTest[] servers, LoadOptions options)
{
    private const int ServerCore = 0;
    private const int LoadCore = 1;

    private const int AttemptsMax = 4;

    private readonly List<LoadReport> _reports = [];

    /// <summary>How many players, one crowd after another.</summary>
    public required int[] Crowds { get; init; }

    public required int Rounds { get; init; }

    /// <summary>
    /// Processor time of strangers, as a part of a core, beyond which a round is noisy.
    /// </summary>
    public required double NoiseMax { get; init; }

    /// <summary>Measures, prints, and keeps the tables.</summary>
    /// <returns>0 when every frame arrived in every round.</returns>
    public int Run(string? resultsFile)
    {
        Console.WriteLine(Machine.Describe());
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var players in Crowds)
            {
                foreach (var server in round % 2 == 0 ? servers : servers.Reverse())
                    Measure(server, players);
            }
        }

        var page = new ResultsPage(servers, options, Rounds, _reports);
        Console.WriteLine();
        Console.Write(page.Tables);
        if (resultsFile is not null)
            File.WriteAllText(resultsFile, page.Text);
        return _reports.All(report => report.IsSound) ? 0 : 1;
    }

    private void Measure(ServerUnderTest server, int players)
    {
        for (var attempt = 1; ; attempt++)
        {
            var report = MeasureOnce(server, players);
            var isNoisy = report.OthersCpuShare > NoiseMax;
            var cpu = ReportTable.Number(report.CpuPerGigabit, "0.000");
            var others = ReportTable.Number(report.OthersCpuShare, "0 %");
            Console.WriteLine(
                $"{server.Name}, {players} players: {cpu} CPU s/Gbit, others {others} of a core"
                + (isNoisy ? ": noisy" : ""));
            if (isNoisy && attempt < AttemptsMax)
                continue;
            _reports.Add(report);
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
                "--players", $"{players}", "--streams", $"{options.Streams}",
                "--bitrate", $"{options.BitsPerSecond}", "--seconds", $"{options.Seconds}",
                "--warmup", $"{options.WarmupSeconds}", "--slow", $"{options.Slow}",
                "--churn", $"{options.Churn}", "--idle", $"{options.Idle}",
                "--connect-rate", $"{options.ConnectRate}", "--rest", $"{options.MayRest}",
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
