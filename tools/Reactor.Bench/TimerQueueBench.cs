using BenchmarkDotNet.Attributes;
using Reactor.Transport;

namespace Reactor.Bench;

/// <summary>A deadline that is set and taken back among others, as each picture does it.
/// </summary>
public class TimerQueueBench
{
    private readonly TimerQueue _queue = new();
    private readonly LoopTimer[] _timers = new LoopTimer[1000];
    private int _next;

    [GlobalSetup]
    public void Prepare()
    {
        for (var i = 0; i < _timers.Length; i++)
        {
            _timers[i] = new LoopTimer(_queue, () => { }, owner: null);
            _timers[i].Set(i);
        }
    }

    [Benchmark]
    public void SetAndCancel()
    {
        var timer = _timers[_next = (_next + 1) % _timers.Length];
        timer.Cancel();
        timer.Set(40);
    }
}
