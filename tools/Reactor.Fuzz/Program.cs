using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using Reactor.Fuzz;
using Reactor.Testing.Fuzzing;

// fuzz [--minutes N] [--seed N] [--keep DIR] [TARGET...]
var minutes = double.Parse(Option("--minutes", "1"), CultureInfo.InvariantCulture);
var seed = int.Parse(Option("--seed", "1"), CultureInfo.InvariantCulture);
var keep = Option("--keep", "");
var names = args
    .Where((word, i) => !word.StartsWith("--", StringComparison.Ordinal)
        && (i == 0 || !args[i - 1].StartsWith("--", StringComparison.Ordinal)))
    .ToHashSet();
var known = FuzzTargets.All.Select(target => target.Name).ToList();
if (names.Except(known).FirstOrDefault() is { } stranger)
{
    Console.Error.WriteLine($"no target {stranger}; there are: {string.Join(' ', known)}");
    return 2;
}

var fuzzers = FuzzTargets.All
    .Where(target => names.Count == 0 || names.Contains(target.Name))
    .Select(target => new Fuzzer(target, seed))
    .ToList();
using var watchdog = new Watchdog(fuzzers);
var end = Stopwatch.StartNew();
while (end.Elapsed.TotalMinutes < minutes)
{
    foreach (var fuzzer in fuzzers)
    {
        if (!fuzzer.Run(iterations: 500))
            return 1;
    }
}
foreach (var fuzzer in fuzzers)
{
    Console.WriteLine(fuzzer.Summary);
    if (keep.Length > 0)
        fuzzer.Keep(Path.Combine(keep, fuzzer.Target.Name));
}
return 0;

string Option(string name, string otherwise) =>
    Array.IndexOf(args, name) is var at && at >= 0 && at + 1 < args.Length
        ? args[at + 1]
        : otherwise;
