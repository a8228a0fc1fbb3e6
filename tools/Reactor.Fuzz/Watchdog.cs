using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Reactor.Fuzz;

/// <summary>Ends the program when one input takes 20 s: it hangs, or costs far too much.</summary>
internal sealed class Watchdog : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly IReadOnlyList<Fuzzer> _fuzzers;
    private readonly Timer _timer;
    private long _runs = -1;

    public Watchdog(IReadOnlyList<Fuzzer> fuzzers)
    {
        _fuzzers = fuzzers;
        _timer = new Timer(_ => Look(), null, Patience, Patience);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var runs = _fuzzers.Sum(fuzzer => fuzzer.Runs);
        var slow = _fuzzers.FirstOrDefault(fuzzer => fuzzer.Current is not null);
        if (runs == _runs && slow is not null)
        {
            slow.Report($"no end after {Patience.TotalSeconds} s");
            Environment.Exit(1);
        }
        _runs = runs;
    }
}
