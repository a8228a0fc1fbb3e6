using System.Collections.Generic;
using System.IO;
using System.Linq;
using Reactor.Load.Measures;
using Reactor.Load.Scenarios;

namespace Reactor.Load.Comparing;

/// <summary>Rounds that were measured, a file each, so that later calls can add to them.</summary>
/// <remarks>A machine that is shared is quiet for minutes, and medians want more.</remarks>
/// <param name="folder">With a folder for each scenario.</param>
internal sealed class RoundStore(string folder)
{
    public void Save(Scenario scenario, LoadReport report)
    {
        var place = Directory.CreateDirectory(Path.Combine(folder, scenario.Name)).FullName;
        var name = $"{report.Server} {report.Players}".Replace(' ', '-');
        for (var number = 1; ; number++)
        {
            var file = Path.Combine(place, $"{name}-{number}.json");
            if (File.Exists(file))
                continue;
            report.Save(file);
            return;
        }
    }

    /// <summary>What was measured of exactly these builds.</summary>
    public IEnumerable<LoadReport> Load(Scenario scenario, ServerUnderTest[] servers)
    {
        var place = Path.Combine(folder, scenario.Name);
        if (!Directory.Exists(place))
            return [];
        return Directory.EnumerateFiles(place, "*.json").Order().Select(LoadReport.Load)
            .Where(report => scenario.Crowds.Contains(report.Players) && servers.Any(
                server => server.Name == report.Server && server.Version == report.Version));
    }
}
