using System;

namespace Reactor.Testing.Simulation;

/// <summary>One direction of a connection: what is written arrives later, in order.</summary>
/// <remarks>
/// Bounded: what the reader does not take fills the window, and then the writer has to wait.
/// Invariant: the arrived and the flying bytes are the bytes held, and never over the window.
/// </remarks>
internal sealed class Pipe(SimulatedTime time, LinkQuality quality, Random random) : IHappening
{
    private const int PieceBytes = 16 << 10;
    private const int Ending = -1;
    private const int Breaking = -2;
    private const int Refusing = -3;
    private readonly ByteQueue _bytes = new();
    private long _lineFreeUs;
    private long _lastArrivalUs;

    /// <summary>Told when something arrives.</summary>
    public Action? Arrived { get; set; }

    /// <summary>Told when a full pipe has room again.</summary>
    public Action? Freed { get; set; }

    /// <summary>Bytes that can be read.</summary>
    public int Readable { get; private set; }

    /// <summary>Bytes that fit.</summary>
    public int Free => Math.Max(0, quality.WindowBytes - _bytes.Count);

    /// <summary>Whether a poller would call the writing end ready: a third is free.</summary>
    public bool IsRoomy => Free * 3 >= quality.WindowBytes;

    /// <summary>Whether the writer's end has arrived, behind all bytes.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Whether the writer has broken the connection.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Nothing arrives any more, and nobody is told.</summary>
    public bool IsDead { get; set; }

    /// <summary>The reader is gone: what arrives is answered by breaking.</summary>
    public bool IsOrphaned { get; private set; }

    /// <summary>What the writer hears of when it writes to nobody.</summary>
    public Action? Refused { get; set; }

    public int Write(ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(bytes.Length, Free);
        for (var done = 0; done < count;)
        {
            var piece = Math.Min(PieceBytes, count - done);
            _bytes.Write(bytes.Slice(done, piece));
            done += piece;
            time.Plan(ArrivalUs(piece), this, piece);
        }
        return count;
    }

    /// <summary>The writer sends no more: told behind all that was written.</summary>
    public void End() => time.Plan(ArrivalUs(0), this, Ending);

    /// <summary>The writer breaks the connection.</summary>
    public void Break() => time.Plan(time.NowUs + quality.LatencyUs, this, Breaking);

    public int Read(Span<byte> into)
    {
        var count = Math.Min(into.Length, Readable);
        var wasFull = !IsRoomy;
        _bytes.Read(into[..count]);
        Readable -= count;
        if (wasFull && IsRoomy)
            Freed?.Invoke();
        return count;
    }

    /// <summary>The reader is gone.</summary>
    public void Orphan() => IsOrphaned = true;

    public void Happen(int what)
    {
        if (IsDead || IsBroken)
            return;
        if (what == Refusing)
        {
            Refused?.Invoke();
            return;
        }
        if (IsOrphaned && what != Breaking)
        {
            if (what > 0)
                time.Plan(time.NowUs + quality.LatencyUs, this, Refusing);
            return;
        }
        if (what == Ending)
            HasEnded = true;
        else if (what == Breaking)
            IsBroken = true;
        else
            Readable += what;
        Arrived?.Invoke();
    }

    private long ArrivalUs(int bytes)
    {
        var leavesUs = Math.Max(time.NowUs, _lineFreeUs);
        if (quality.BytesPerSecond > 0)
            leavesUs += bytes * 1_000_000L / quality.BytesPerSecond;
        _lineFreeUs = leavesUs;
        var jitter = quality.JitterUs > 0 ? random.Next(quality.JitterUs) : 0;
        _lastArrivalUs = Math.Max(_lastArrivalUs, leavesUs + quality.LatencyUs + jitter);
        return _lastArrivalUs;
    }
}
