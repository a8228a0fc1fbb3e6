using System;
using System.Collections.Generic;
using BenchmarkDotNet.Attributes;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;
using Reactor.Streaming;

namespace Reactor.Bench;

/// <summary>A picture to one of many players: everything but the kernel's part.</summary>
/// <remarks>Published, queued, gathered with its headers, forgotten when it was sent.</remarks>
public class FanOutBench : IPublisher
{
    private const int Players = 1000;
    private const int WriteBudget = 512 << 10;
    private readonly PacketPool _pool = new();
    private readonly GatherList _write = new(segmentsMax: 256, scratchBytes: 64 << 10);
    private readonly List<Player> _players = [];
    private readonly byte[] _picture = Samples.Picture(isKeyframe: false, 3770);
    private LiveStream _stream = null!;
    private uint _time;

    [Params("rtmp", "flv", "websocket")]
    public string Format { get; set; } = "";

    public long ConnectionId => 1;

    [GlobalSetup]
    public void Prepare()
    {
        IFrameFormat format = Format switch
        {
            "rtmp" => new RtmpFormat(60_000),
            "flv" => FlvFormat.Chunked,
            _ => FlvFormat.WebSocket,
        };
        _stream = new LiveStream(new StreamKey("live", "a"), new GopCacheLimits(0, 0, 0));
        _stream.BeginPublish(this, nowMs: 0);
        for (var i = 0; i < Players; i++)
        {
            _players.Add(new Player(format));
            _stream.Subscribe(_players[i]);
        }
    }

    [Benchmark(OperationsPerInvoke = Players)]
    public int Picture()
    {
        var payload = _pool.Copy(_picture);
        _stream.Publish(MessageType.Video, _time += 33, payload, nowMs: _time);
        payload.Release();
        var bytes = 0;
        foreach (var player in _players)
        {
            player.Outbox.Gather(_write, WriteBudget);
            bytes += _write.Bytes;
            player.Outbox.Advance(_write.Bytes);
        }
        return bytes;
    }

    public void OnReplaced() => throw new InvalidOperationException("nobody replaces it here");

    private sealed class Player(IFrameFormat format) : ISubscriber
    {
        public PlayerOutbox Outbox { get; } = new(format);

        public void OnFrame(in MediaFrame frame) =>
            Outbox.Push(frame, 1, (uint)frame.TimeMs, nowMs: 0);

        public void OnPublished()
        {
        }

        public void OnUnpublished()
        {
        }
    }
}
