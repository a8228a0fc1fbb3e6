using System;

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
    public int ReadBuffer { get; init; } = 64 * 1024;
    public int ReadBudget { get; init; } = 64 * 1024;
    public int ReadMessages { get; init; } = 64;
    public int WriteBudget { get; init; } = 512 * 1024;
    public int IovMax { get; init; } = 256;
    public int IoThreads { get; init; } = 1;
    public TimeSpan StallWarn { get; init; } = TimeSpan.FromMilliseconds(50);
}
