using System;
using System.Collections.Generic;

namespace Reactor.Server.Configuration;

public enum HandshakeMode
{
    Auto,
    Simple,
}

/// <summary>The RTMP listeners, their sockets and the protocol's bounds: section <c>rtmp</c>.</summary>
public sealed record RtmpOptions
{
    public IReadOnlyList<ListenAddress> Listen { get; init; } = [ListenAddress.Parse("[::]:1935")];
    public int Backlog { get; init; } = 511;
    public bool SoKeepalive { get; init; } = true;
    public bool TcpNodelay { get; init; } = true;
    public int SendBuffer { get; init; }
    public int RecvBuffer { get; init; }
    public int NotsentLowat { get; init; } = 128 * 1024;

    public HandshakeMode Handshake { get; init; } = HandshakeMode.Auto;
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(30);
    public TimeSpan Ping { get; init; } = TimeSpan.FromSeconds(60);
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(30);
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(2);

    public int ChunkSize { get; init; } = 60_000;
    public int AckWindow { get; init; } = 5_000_000;
    public int InAckWindow { get; init; } = 2_500_000;
    public int PeerBandwidth { get; init; } = 5_000_000;

    public int MaxChunkSize { get; init; } = 16 * 1024 * 1024 - 1;
    public int MaxMessage { get; init; } = 16 * 1024 * 1024;
    public int MaxHalfReceived { get; init; } = 20 * 1024 * 1024;
    public int MaxStreams { get; init; } = 64;
    public int MaxChunkStreams { get; init; } = 64;
    public int MaxCommandsPerSecond { get; init; } = 100;

    public string FmsVersion { get; init; } = "FMS/3,0,1,123";
    public int Capabilities { get; init; } = 31;
    public bool BwDone { get; init; }
    public bool SampleAccess { get; init; } = true;
    public bool DataStart { get; init; }
    public bool Enhanced { get; init; } = true;
}
