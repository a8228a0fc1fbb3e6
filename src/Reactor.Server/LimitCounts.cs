using System;
using Reactor.Protocol;

namespace Reactor.Server;

/// <summary>How often each limit has struck since the server began.</summary>
public sealed class LimitCounts
{
    private readonly long[] _counts = new long[Enum.GetValues<Limit>().Length];

    public long this[Limit limit] => _counts[(int)limit];

    internal void Add(Limit limit) => _counts[(int)limit]++;

    /// <summary>Breaks of the protocol that are limits of ours.</summary>
    internal void Add(ProtocolError error)
    {
        switch (error)
        {
            case ProtocolError.ChunkSize:
                Add(Limit.MaxChunkSize);
                break;
            case ProtocolError.MessageTooLarge:
                Add(Limit.MaxMessage);
                break;
            case ProtocolError.TooManyChunkStreams:
                Add(Limit.MaxChunkStreams);
                break;
            case ProtocolError.HalfReceivedBytes:
                Add(Limit.MaxHalfReceived);
                break;
            case ProtocolError.TooManyCommands:
                Add(Limit.MaxCommandsPerSecond);
                break;
        }
    }
}
