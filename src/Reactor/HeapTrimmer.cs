using System;
using System.Diagnostics;
using NLog;
using Reactor.Server;

namespace Reactor;

/// <summary>Gives memory back to the system once a crowd has left.</summary>
/// <remarks>
/// In steady state nothing is allocated, so nothing would ever be collected: what a crowd left
/// behind would stay for good. When connections have halved, or the pool has given much up, and
/// the loop has been at ease since, everything is collected once. That stops the loop for
/// milliseconds, which is why it waits for a quiet moment. Who comes and goes for hours leaves
/// a little behind in the heap's old generations, whose own collections are rarer than that is
/// worth: <see cref="HeapGrownMin"/> of it is worth one too.
/// </remarks>
internal sealed class HeapTrimmer(ReactorServer server)
{
    private const int CheckEveryMs = 1000;
    private const int QuietMs = 4000;
    private const int RestMs = 30_000;
    private const int LeftMin = 100;
    private const long GivenMin = 16 << 20;
    private const long HeapGrownMin = 2 << 20;
    private const double LoadMax = 0.5;

    private static readonly Logger Log = LogManager.GetLogger("server");

    private long _checkedMs;
    private long _busyMs;
    private long _trimmedMs = -RestMs;
    private long _givenBefore;
    private long _heap;
    private long _heapBefore;
    private int _collections;
    private int _peak;
    private int _last;

    /// <summary>To be called after each turn.</summary>
    public void EndTurn()
    {
        var nowMs = server.Loop.NowMs;
        if (nowMs - _checkedMs < CheckEveryMs)
            return;
        _checkedMs = nowMs;
        var connections = server.ConnectionCount;
        LookAtHeap(hasNewcomers: connections > _peak);
        _peak = Math.Max(_peak, connections);
        if (server.Loop.Pacing.Load > LoadMax || Math.Abs(connections - _last) > LeftMin / 4)
            _busyMs = nowMs;
        _last = connections;
        var hasLeft = _peak - connections >= LeftMin && connections <= _peak / 2;
        var isWorthIt = hasLeft || server.Loop.Pool.GivenBytes - _givenBefore >= GivenMin
            || _heap - _heapBefore >= HeapGrownMin;
        if (isWorthIt && nowMs - _busyMs >= QuietMs && nowMs - _trimmedMs >= RestMs)
            Trim(nowMs);
    }

    /// <summary>The heap as the last collection left it; what newcomers need is no growth.
    /// </summary>
    private void LookAtHeap(bool hasNewcomers)
    {
        var collections = GC.CollectionCount(0);
        if (collections != _collections)
            _heap = GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes;
        _collections = collections;
        _heapBefore = hasNewcomers ? _heap : Math.Min(_heapBefore, _heap);
    }

    private void Trim(long nowMs)
    {
        var began = Stopwatch.GetTimestamp();
        var before = Environment.WorkingSet;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _trimmedMs = nowMs;
        _peak = server.ConnectionCount;
        _givenBefore = server.Loop.Pool.GivenBytes;
        _heapBefore = _heap = GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes;
        Log.Debug(
            "all was collected: {Before} MB of memory became {After} in {Milliseconds} ms",
            before >> 20, Environment.WorkingSet >> 20,
            (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }
}
