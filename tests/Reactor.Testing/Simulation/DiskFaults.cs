namespace Reactor.Testing.Simulation;

/// <summary>How unkind the disk is; all off by default.</summary>
/// <remarks>Chances are per mille of the calls that they concern.</remarks>
public sealed record DiskFaults
{
    /// <summary>A call fails with an input or output error.</summary>
    public int Failing { get; init; }

    /// <summary>A call takes up to a third of a second, as a flush does.</summary>
    public int Slow { get; init; }

    /// <summary>The queue of work has no room.</summary>
    public int Crowded { get; init; }

    public static DiskFaults None { get; } = new();
}
