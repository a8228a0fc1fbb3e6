namespace Reactor.Testing.Simulation;

/// <summary>How unkind programs are; each of a thousand.</summary>
public sealed record ProgramFaults
{
    public static readonly ProgramFaults None = new();

    /// <summary>They cannot begin.</summary>
    public int Failing { get; init; }

    /// <summary>They end by themselves, soon.</summary>
    public int Brief { get; init; }

    /// <summary>They do not end when they are told to, and have to be killed.</summary>
    public int Deaf { get; init; }

    /// <summary>They begin and end late.</summary>
    public int Slow { get; init; }
}
