using System;
using System.Linq;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Reactor.Bench;

// In this process: a project generated for each run would inherit this repository's settings.
var config = ManualConfig.CreateEmpty()
    .AddJob(Job.ShortRun.WithIterationCount(5).WithToolchain(InProcessEmitToolchain.Instance))
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddLogger(NullLogger.Instance)
    .WithOptions(ConfigOptions.JoinSummary | ConfigOptions.DisableLogFile)
    .WithArtifactsPath("artifacts/bench");

var all = typeof(Samples).Assembly.GetTypes()
    .Where(type => type.Name.EndsWith("Bench", StringComparison.Ordinal))
    .Where(type => args.Length == 0
        || args.Any(name => type.Name.Contains(name, StringComparison.OrdinalIgnoreCase)))
    .ToArray();
if (all.Length == 0)
{
    Console.Error.WriteLine("bench: no benchmark has such a name");
    return 1;
}
var summary = BenchmarkRunner.Run(all, config)[0];
Console.Write(BenchTable.Of(summary));
return summary.Reports.All(report => report.Success) ? 0 : 1;
