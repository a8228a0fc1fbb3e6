using System;
using Reactor.Server.Configuration.Schema;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration;

/// <summary>How the loop reads readiness from the system.</summary>
public enum Backend
{
    Auto,
    Epoll,
    Portable,
}

/// <summary>The event loop: section <c>reactor</c>.</summary>
public sealed record ReactorOptions
{
    public Backend Backend { get; init; } = Backend.Auto;
    public int MaxEvents { get; init; } = 512;
    public int MaxAccept { get; init; } = 64;
    public int MaxHandshakes { get; init; } = 8;
    public int ReadBuffer { get; init; } = 64 * Kilo;
    public int ReadBudget { get; init; } = 64 * Kilo;
    public int ReadMessages { get; init; } = 64;
    public int WriteBudget { get; init; } = 512 * Kilo;
    public int IovMax { get; init; } = 256;
    public TimeSpan ReadCoalesce { get; init; } = TimeSpan.FromMilliseconds(100);
    public TimeSpan? WriteCoalesce { get; init; }
    public TimeSpan WriteCoalesceMax { get; init; } = TimeSpan.FromMilliseconds(100);
    public int IoThreads { get; init; } = 1;
    public int MaxJobs { get; init; } = 1024;
    public int MaxLetters { get; init; } = 65_536;
    public TimeSpan StallWarn { get; init; } = TimeSpan.FromMilliseconds(50);

    internal static readonly Section<ReactorOptions> Keys = new(
        "The event loop: one thread that does all the work.")
    {
        { "backend", Choice<Backend>(), Restart,
            o => o.Backend, (o, v) => o with { Backend = v },
            "How readiness is learnt; auto takes epoll on Linux." },
        { "max_events", Count(1, 65_536), Restart,
            o => o.MaxEvents, (o, v) => o with { MaxEvents = v },
            "Events taken at a wait." },
        { "max_accept", Count(1, 65_536), Restart,
            o => o.MaxAccept, (o, v) => o with { MaxAccept = v },
            "Connections accepted in a turn, for the fairness of the rest." },
        { "max_handshakes", Count(1, 1000), Restart,
            o => o.MaxHandshakes, (o, v) => o with { MaxHandshakes = v },
            "TLS handshakes begun in a turn; each costs a millisecond or more." },
        { "read_buffer", Size(4 * Kilo, 16 * Mega), Restart,
            o => o.ReadBuffer, (o, v) => o with { ReadBuffer = v },
            "The one receive buffer, which all connections share." },
        { "read_budget", Size(4 * Kilo, 1 * Giga), Restart,
            o => o.ReadBudget, (o, v) => o with { ReadBudget = v },
            "Bytes read from a socket in a turn." },
        { "read_messages", Count(1, 1_000_000), Restart,
            o => o.ReadMessages, (o, v) => o with { ReadMessages = v },
            "Messages of a socket handled in a turn." },
        { "write_budget", Size(4 * Kilo, 1 * Giga), Restart,
            o => o.WriteBudget, (o, v) => o with { WriteBudget = v },
            "Bytes written to a socket in a turn." },
        { "iov_max", Count(4, 1024), Restart,
            o => o.IovMax, (o, v) => o with { IovMax = v },
            "Pieces gathered in a write: a frame may be three; Linux takes 1024." },
        { "read_coalesce", Duration("0s", "1s"), Live,
            o => o.ReadCoalesce, (o, v) => o with { ReadCoalesce = v },
            "How long what a publisher sends may wait to be read together, while nobody plays, "
                + "records or relays its stream. 0s: it is read as it comes." },
        { "write_coalesce", AutoDuration("0s", "1s"), Live,
            o => o.WriteCoalesce, (o, v) => o with { WriteCoalesce = v },
            "How long frames may wait for company. 0s: nothing waits. auto: audio waits for the "
                + "next picture, 40 ms at most, and all frames wait when the loop fills up, to be "
                + "read or to be sent." },
        { "write_coalesce_max", Duration("0s", "1s"), Live,
            o => o.WriteCoalesceMax, (o, v) => o with { WriteCoalesceMax = v },
            "The longest wait that auto leads to." },
        { "io_threads", Count(1, 64), Restart,
            o => o.IoThreads, (o, v) => o with { IoThreads = v },
            "Threads for the disk, which may block. Media stays on the loop." },
        { "max_jobs", Count(16, 1_000_000), Restart,
            o => o.MaxJobs, (o, v) => o with { MaxJobs = v },
            "What may wait for those threads; more is put off." },
        { "max_letters", Count(1024, 10_000_000), Restart,
            o => o.MaxLetters, (o, v) => o with { MaxLetters = v },
            "Letters of other threads that may wait for the loop; more are tried again." },
        { "stall_warn", Duration("1ms", "1h"), Restart,
            o => o.StallWarn, (o, v) => o with { StallWarn = v },
            "A turn that takes longer is logged." },
    };
}
