using System;
using System.Collections.Generic;
using System.IO;

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
    Finding,
}

/// <summary>The history of a world: a hash of all, and the last events to be read.</summary>
/// <param name="time">The world's.</param>
/// <param name="keptMax">Events that are kept for reading.</param>
public sealed class Trace(SimulatedTime time, int keptMax)
{
    private const ulong Basis = 14695981039346656037;
    private const ulong Prime = 1099511628211;
    private readonly Event[] _kept = new Event[keptMax];

    /// <summary>FNV-1a over every event there was; equal histories have equal hashes.</summary>
    public ulong Hash { get; private set; } = Basis;

    /// <summary>Events so far.</summary>
    public long Count { get; private set; }

    public void Note(TraceKind kind, int whom, long number, string text = "")
    {
        Mix((ulong)time.NowUs);
        Mix((ulong)kind << 32 | (uint)whom);
        Mix((ulong)number);
        _kept[Count++ % keptMax] = new Event(time.NowUs, kind, whom, number, text);
    }

    /// <summary>The last events, oldest first, a line each.</summary>
    public IEnumerable<string> Last(int countMax)
    {
        var count = Math.Min(Math.Min(Count, keptMax), countMax);
        for (var i = Count - count; i < Count; i++)
            yield return _kept[i % keptMax].ToString();
    }

    /// <summary>Writes all that was kept to a file.</summary>
    public void Write(string path, string heading)
    {
        using var writer = new StreamWriter(path);
        writer.WriteLine(heading);
        foreach (var line in Last(keptMax))
            writer.WriteLine(line);
    }

    private void Mix(ulong value) => Hash = (Hash ^ value) * Prime;

    private readonly record struct Event(
        long AtUs, TraceKind Kind, int Whom, long Number, string Text)
    {
        public override string ToString() =>
            $"{AtUs / 1e6,14:F6}  #{Whom,-4} {Kind,-9} {Number,8} {Text}";
    }
}
