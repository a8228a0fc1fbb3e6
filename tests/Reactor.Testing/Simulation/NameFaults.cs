namespace Reactor.Testing.Simulation;

/// <summary>How unkind name servers are; all off by default.</summary>
/// <remarks>Chances are per mille of the questions.</remarks>
public sealed record NameFaults
{
    /// <summary>The host is said not to exist.</summary>
    public int Failing { get; init; }

    /// <summary>An answer takes seconds, often more than anybody waits.</summary>
    public int Slow { get; init; }

    /// <summary>No answer ever comes.</summary>
    public int Silent { get; init; }

    /// <summary>No question is taken, for too much is asked already.</summary>
    public int Crowded { get; init; }

    public static NameFaults None { get; } = new();
}
