using System;

namespace Reactor.Testing.Simulation;

/// <summary>What no door is known to throw: a bug of ours, wherever it is caught.</summary>
public sealed class MishapException : Exception
{
    public MishapException()
        : base("a planted fault")
    {
    }

    public MishapException(string message)
        : base(message)
    {
    }

    public MishapException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
