using System;
using NUnit.Framework;
using Reactor.Transport.Network;

namespace Reactor.Transport.Tests;

/// <summary>A loop over real sockets and the real clock.</summary>
internal static class RealLoop
{
    private const int PatienceMs = 20_000;

    public static EventLoop Open(NetworkBackend backend, LoopSettings? settings = null) =>
        new(Networks.Open(backend), TimeProvider.System, settings ?? new LoopSettings());

    /// <summary>Runs turns until it is so; a deadline ends one that would sleep for ever.</summary>
    public static void RunUntil(EventLoop loop, Func<bool> isSo)
    {
        var isOver = false;
        var deadline = loop.CreateTimer(() => isOver = true, owner: null);
        deadline.Set(PatienceMs);
        while (!isSo())
        {
            loop.RunOnce();
            if (isOver)
                throw new AssertionException("it never came to that");
        }
        deadline.Cancel();
    }
}
