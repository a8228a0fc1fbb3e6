using System;

namespace Reactor.Testing.Simulation;

/// <summary>The machine is gone in the middle of a call; nobody hears of its end.</summary>
public sealed class CrashException : Exception
{
    public CrashException()
        : base("the power failed")
    {
    }

    public CrashException(string message)
        : base(message)
    {
    }

    public CrashException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
