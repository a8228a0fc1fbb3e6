namespace Reactor.Server.Relays;

/// <summary>What became of all relays of one direction since the server began.</summary>
internal sealed class RelayCounts
{
    /// <summary>Attempts to connect.</summary>
    public long Attempts { get; set; }

    /// <summary>Connections, and attempts at one, that failed.</summary>
    public long Failures { get; set; }

    /// <summary>Bytes from peers, on connections that have ended.</summary>
    public long BytesIn { get; set; }

    /// <summary>Bytes to peers, on connections that have ended.</summary>
    public long BytesOut { get; set; }
}
