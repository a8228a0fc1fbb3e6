using System;
using System.Collections.Generic;
using Reactor.Server.Configuration.Schema;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration;

public enum HandshakeMode
{
    Auto,
    Simple,
}

/// <summary>The RTMP listeners, their sockets, the protocol: section <c>rtmp</c>.</summary>
public sealed record RtmpOptions
{
    // 24 bits in Set Chunk Size: no message is longer (RTMP 1.0 §5.4.1).
    private const int ChunkSizeMax = 0xFF_FFFF;

    public IReadOnlyList<ListenAddress> Listen { get; init; } = [ListenAddress.Parse("[::]:1935")];
    public int Backlog { get; init; } = 511;
    public bool SoKeepalive { get; init; } = true;
    public bool TcpNodelay { get; init; } = true;
    public int SendBuffer { get; init; }
    public int RecvBuffer { get; init; }
    public int NotsentLowat { get; init; } = 128 * Kilo;

    public bool ProxyProtocol { get; init; }
    public IReadOnlyList<AddressRange> TrustedProxies { get; init; } = [];

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

    public int MaxChunkSize { get; init; } = ChunkSizeMax;
    public int MaxMessage { get; init; } = 16 * Mega;
    public int MaxHalfReceived { get; init; } = 20 * Mega;
    public int MaxStreams { get; init; } = 64;
    public int MaxChunkStreams { get; init; } = 64;
    public int MaxCommandsPerSecond { get; init; } = 100;
    public int MaxAmfDepth { get; init; } = 32;
    public int MaxAmfValues { get; init; } = 1024;
    public int MaxAmfString { get; init; } = 64 * Kilo;
    public int MaxAmfText { get; init; } = 256 * Kilo;

    public string FmsVersion { get; init; } = "FMS/3,0,1,123";
    public int Capabilities { get; init; } = 31;
    public bool BwDone { get; init; }
    public bool SampleAccess { get; init; } = true;
    public bool DataStart { get; init; }
    public bool Enhanced { get; init; } = true;

    internal static readonly Section<RtmpOptions> Keys = new(
        "RTMP: the listeners, their sockets, and the bounds of the protocol.")
    {
        { "listen", Addresses, Restart,
            o => o.Listen, (o, v) => o with { Listen = v },
            "Where to listen; a bare port means all addresses, IPv4 and IPv6; [] for none, as "
                + "beside rtmps." },
        { "backlog", Count(1, 65_535), Restart,
            o => o.Backlog, (o, v) => o with { Backlog = v },
            "Connections that may wait to be accepted." },
        { "so_keepalive", Flag, Restart,
            o => o.SoKeepalive, (o, v) => o with { SoKeepalive = v },
            "Lets the system probe silent peers." },
        { "tcp_nodelay", Flag, Restart,
            o => o.TcpNodelay, (o, v) => o with { TcpNodelay = v },
            "Sends small messages at once." },
        { "send_buffer", Size(0, 1 * Giga), Restart,
            o => o.SendBuffer, (o, v) => o with { SendBuffer = v },
            "The socket's send buffer; 0 leaves it to the system." },
        { "recv_buffer", Size(0, 1 * Giga), Restart,
            o => o.RecvBuffer, (o, v) => o with { RecvBuffer = v },
            "The socket's receive buffer; 0 leaves it to the system." },
        { "notsent_lowat", Size(0, 1 * Giga), Restart,
            o => o.NotsentLowat, (o, v) => o with { NotsentLowat = v },
            "Unsent bytes in the system per socket, so that a backlog stays ours; 0 for any." },
        { "proxy_protocol", Flag, New,
            o => o.ProxyProtocol, (o, v) => o with { ProxyProtocol = v },
            "Trusted proxies begin a connection with a PROXY header (v1 or v2)." },
        { "trusted_proxies", Ranges, New,
            o => o.TrustedProxies, (o, v) => o with { TrustedProxies = v },
            "Addresses and networks (10.0.0.0/8) that may speak for their clients." },
        { "handshake", Choice<HandshakeMode>(), New,
            o => o.Handshake, (o, v) => o with { Handshake = v },
            "Answer digests where they are sent, or never." },
        { "handshake_timeout", Duration("100ms", "1d"), Live,
            o => o.HandshakeTimeout, (o, v) => o with { HandshakeTimeout = v },
            "From accept to the end of the handshake." },
        { "connect_timeout", Duration("100ms", "1d"), Live,
            o => o.ConnectTimeout, (o, v) => o with { ConnectTimeout = v },
            "From the handshake to the command connect." },
        { "command_timeout", Duration("100ms", "1d"), Live,
            o => o.CommandTimeout, (o, v) => o with { CommandTimeout = v },
            "From connect to publish or play." },
        { "ping", Duration("100ms", "1d"), Live,
            o => o.Ping, (o, v) => o with { Ping = v },
            "A peer silent for so long is pinged." },
        { "ping_timeout", Duration("100ms", "1d"), Live,
            o => o.PingTimeout, (o, v) => o with { PingTimeout = v },
            "A pinged peer that stays silent is closed." },
        { "drain_timeout", Duration("0s", "5m"), Live,
            o => o.DrainTimeout, (o, v) => o with { DrainTimeout = v },
            "At shutdown, how long sockets may take what is owed them." },
        { "chunk_size", Size(128, ChunkSizeMax), Restart,
            o => o.ChunkSize, (o, v) => o with { ChunkSize = v },
            "Payload of our chunks; so large that most messages are one chunk." },
        { "ack_window", Size(1 * Kilo, 1 * Giga), New,
            o => o.AckWindow, (o, v) => o with { AckWindow = v },
            "Bytes that we send before the peer has to acknowledge." },
        { "in_ack_window", Size(1 * Kilo, 1 * Giga), New,
            o => o.InAckWindow, (o, v) => o with { InAckWindow = v },
            "Bytes received before we acknowledge, when the peer names no window." },
        { "peer_bandwidth", Size(1 * Kilo, 1 * Giga), New,
            o => o.PeerBandwidth, (o, v) => o with { PeerBandwidth = v },
            "The window that we ask the peer to announce." },
        { "max_chunk_size", Size(128, 16 * Mega), New,
            o => o.MaxChunkSize, (o, v) => o with { MaxChunkSize = Math.Min(v, ChunkSizeMax) },
            "The largest chunk a peer may announce; larger is clamped." },
        { "max_message", Size(64 * Kilo, 1 * Giga), New,
            o => o.MaxMessage, (o, v) => o with { MaxMessage = v },
            "The largest message taken; a larger one ends the connection." },
        { "max_half_received", Size(64 * Kilo, 1 * Giga), New,
            o => o.MaxHalfReceived, (o, v) => o with { MaxHalfReceived = v },
            "Bytes of unfinished messages that a connection may hold." },
        { "max_streams", Count(1, 65_535), New,
            o => o.MaxStreams, (o, v) => o with { MaxStreams = v },
            "Message streams of a connection." },
        { "max_chunk_streams", Count(4, 65_597), New,
            o => o.MaxChunkStreams, (o, v) => o with { MaxChunkStreams = v },
            "Chunk streams of a connection with a message under way." },
        { "max_commands_per_second", Count(1, 1_000_000), New,
            o => o.MaxCommandsPerSecond, (o, v) => o with { MaxCommandsPerSecond = v },
            "Commands of a connection; twice as many in a burst." },
        { "max_amf_depth", Count(4, 128), New,
            o => o.MaxAmfDepth, (o, v) => o with { MaxAmfDepth = v },
            "Levels of objects and arrays in a command." },
        { "max_amf_values", Count(32, 4096), New,
            o => o.MaxAmfValues, (o, v) => o with { MaxAmfValues = v },
            "Values in a command." },
        { "max_amf_string", Size(1 * Kilo, 16 * Mega), New,
            o => o.MaxAmfString, (o, v) => o with { MaxAmfString = v },
            "The longest string in a command." },
        { "max_amf_text", Size(1 * Kilo, 64 * Mega), New,
            o => o.MaxAmfText, (o, v) => o with { MaxAmfText = v },
            "All strings of a command together." },
        { "fms_version", Text, New,
            o => o.FmsVersion, (o, v) => o with { FmsVersion = v },
            "What the answer to connect calls the server." },
        { "capabilities", Count(0, 65_535), New,
            o => o.Capabilities, (o, v) => o with { Capabilities = v },
            "The capabilities in the answer to connect." },
        { "bw_done", Flag, New,
            o => o.BwDone, (o, v) => o with { BwDone = v },
            "Sends onBWDone after connect, for clients that wait for it." },
        { "sample_access", Flag, New,
            o => o.SampleAccess, (o, v) => o with { SampleAccess = v },
            "Sends |RtmpSampleAccess to players." },
        { "data_start", Flag, New,
            o => o.DataStart, (o, v) => o with { DataStart = v },
            "Sends NetStream.Data.Start to players." },
        { "enhanced", Flag, New,
            o => o.Enhanced, (o, v) => o with { Enhanced = v },
            "Announces Enhanced RTMP." },
    };
}
