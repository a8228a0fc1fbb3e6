using System.Collections.Generic;
using Reactor.Primitives;

namespace Reactor.Protocol.Rtmp;

/// <summary>What a chunk stream remembers from one chunk to the next.</summary>
/// <remarks>A stream that was never seen begins with zeros: librtmp's first ping is a type 1,
/// DJI's a type 2 on a fresh id (Q10).</remarks>
internal sealed class ChunkStream
{
    public uint Id;
    public uint Timestamp;
    public uint Delta;
    public uint? Extended;
    public int Length;
    public MessageType Type;
    public uint MessageStream;
    public Packet? Payload;
    public long Used;
}

/// <summary>The chunk streams of one direction of one connection.</summary>
/// <remarks>
/// Ids go up to 65,599 (Q11), but few are in use: they are kept in a short list, and the one
/// that was idle longest is forgotten when it is full. Invariant: at most
/// <paramref name="streamsMax"/> entries, so that 65,000 ids cost neither time nor memory.
/// </remarks>
internal sealed class ChunkStreamTable(int streamsMax)
{
    private readonly List<ChunkStream> _streams = new(4);
    private long _clock;

    public IReadOnlyList<ChunkStream> All => _streams;

    public ChunkStream? Find(uint id)
    {
        foreach (var stream in _streams)
        {
            if (stream.Id == id)
                return stream;
        }
        return null;
    }

    /// <summary>The stream of this id, made when it is new.</summary>
    /// <exception cref="ProtocolException">Too many messages are under way.</exception>
    public ChunkStream Enter(uint id)
    {
        var stream = Find(id);
        if (stream is null)
        {
            if (_streams.Count == streamsMax)
                ForgetOldest();
            stream = new ChunkStream { Id = id };
            _streams.Add(stream);
        }
        stream.Used = ++_clock;
        return stream;
    }

    private void ForgetOldest()
    {
        var oldest = -1;
        for (var i = 0; i < _streams.Count; i++)
        {
            var isIdle = _streams[i].Payload is null;
            if (isIdle && (oldest < 0 || _streams[i].Used < _streams[oldest].Used))
                oldest = i;
        }
        if (oldest < 0)
        {
            throw new ProtocolException(
                ProtocolError.TooManyChunkStreams, $"{streamsMax} messages are under way");
        }
        _streams.RemoveAt(oldest);
    }
}
