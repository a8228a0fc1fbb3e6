namespace Reactor.Testing.Simulation;

/// <summary>
/// How unkind the network is to the server's end of its sockets; all off by default.
/// </summary>
/// <remarks>Chances are per mille of the calls that they concern.</remarks>
public sealed record NetworkFaults
{
    /// <summary>A receive gives fewer bytes than there are.</summary>
    public int ShortReads { get; init; }

    /// <summary>A send takes fewer bytes than fit.</summary>
    public int ShortWrites { get; init; }

    /// <summary>A call would block although it need not, and so do some that follow.</summary>
    public int Storms { get; init; }

    /// <summary>A wait also tells of a socket that is not ready.</summary>
    public int Spurious { get; init; }

    /// <summary>A wait tells of what is ready in any order.</summary>
    public int Reordered { get; init; }

    /// <summary>A wait keeps what is ready back until the next one.</summary>
    public int Withheld { get; init; }

    /// <summary>An accept finds no descriptor (EMFILE, ENFILE, ENOMEM).</summary>
    public int Exhausted { get; init; }

    /// <summary>An accept finds that its visitor has left (ECONNABORTED).</summary>
    public int Aborted { get; init; }

    public static NetworkFaults None { get; } = new();
}

/// <summary>What one link between a peer and the server is like.</summary>
public sealed record LinkQuality
{
    /// <summary>One way, in microseconds.</summary>
    public int LatencyUs { get; init; } = 200;

    /// <summary>Added at random to each piece, in microseconds; order is kept.</summary>
    public int JitterUs { get; init; }

    /// <summary>Bytes a second, each way; 0 for as many as one likes.</summary>
    public int BytesPerSecond { get; init; }

    /// <summary>Bytes that the path and both ends hold, each way.</summary>
    public int WindowBytes { get; init; } = 256 << 10;
}
