using System;
using Reactor.Protocol;
using Reactor.Protocol.Rtmp;
using Reactor.Streaming;

namespace Reactor.Server;

/// <summary>How often each limit has struck since the server began.</summary>
public sealed class LimitCounts
{
    private readonly long[] _counts = new long[Enum.GetValues<Limit>().Length];

    public long this[Limit limit] => _counts[(int)limit];

    internal void Add(Limit limit) => _counts[(int)limit]++;

    internal void Add(RtmpBound bound) => Add(bound switch
    {
        RtmpBound.ChunkSize => Limit.ChunkSize,
        RtmpBound.Streams => Limit.MaxStreams,
        _ => Limit.Amf,
    });

    internal void Add(StreamBound bound) => Add(bound switch
    {
        StreamBound.GopCache => Limit.GopCache,
        StreamBound.SegmentLength => Limit.HlsMaxFragment,
        StreamBound.SegmentBytes => Limit.HlsMaxSize,
        _ => Limit.ConfigBytes,
    });

    /// <summary>HTTP that is refused because it is too much.</summary>
    internal void AddHttp(int status)
    {
        if (status is 414 or 431)
            Add(Limit.MaxHeader);
        else if (status == 413)
            Add(Limit.MaxBody);
    }

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
