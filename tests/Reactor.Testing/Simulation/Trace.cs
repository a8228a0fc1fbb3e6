using System;
using System.Collections.Generic;

namespace Reactor.Testing.Simulation;

/// <summary>What a line of the trace tells.</summary>
public enum TraceKind : byte
{
    Visited,
    Received,
    Sent,
    Closed,
    Began,
    Started,
    Status,
    Ended,
    Frame,
    Fault,
    Stopping,
    Worked,
    Resolved,
    Finding,
    Log,
    Program,
}

/// <summary>The history of a world: a hash of all, and the last events to be read.</summary>
/// <param name="time">The world's.</param>
/// <param name="keptMax">Events that are kept for reading.</param>
public sealed class Trace(SimulatedTime time, int keptMax)
{
    private const ulong Basis = 14695981039346656037;
    private const ulong Prime = 1099511628211;
    private readonly Event[] _kept = new Event[keptMax];
    private long _written;

    /// <summary>FNV-1a over every event there was; equal histories have equal hashes.</summary>
    public ulong Hash { get; private set; } = Basis;

    /// <summary>Events so far.</summary>
    public long Count { get; private set; }

    public void Note(TraceKind kind, int whom, long number, string text = "")
    {
        Mix((ulong)time.NowUs);
        Mix((ulong)kind << 32 | (uint)whom);
        Mix((ulong)number);
        _kept[_written++ % keptMax] = new Event(time.NowUs, kind, whom, number, text);
        Count++;
    }

    /// <summary>Puts in words that are no part of the history: the log's.</summary>
    public void Tell(string words) =>
        _kept[_written++ % keptMax] = new Event(time.NowUs, TraceKind.Log, 0, 0, words);

    /// <summary>The last events, oldest first, a line each.</summary>
    public IEnumerable<string> Last(int countMax)
    {
        var count = Math.Min(Math.Min(_written, keptMax), countMax);
        for (var i = _written - count; i < _written; i++)
            yield return _kept[i % keptMax].ToString();
    }

    private void Mix(ulong value) => Hash = (Hash ^ value) * Prime;

    private readonly record struct Event(
        long AtUs, TraceKind Kind, int Whom, long Number, string Text)
    {
        public override string ToString() =>
            $"{AtUs / 1e6,14:F6}  #{Whom,-4} {Kind,-9} {Number,8} {Text}";
    }
}
