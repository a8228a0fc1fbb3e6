namespace Reactor.Server;

/// <summary>What may strike, by the key that sets it where there is one.</summary>
/// <remarks>In snake_case each is the label by which it is counted.</remarks>
public enum Limit
{
    HandshakeTimeout,
    ConnectTimeout,
    CommandTimeout,
    PingTimeout,
    FirstpktTimeout,
    DropIdlePublisher,
    WaitTimeout,
    SendTimeout,

    /// <summary>A peer announced a chunk size of 0, or one that was clamped.</summary>
    ChunkSize,

    /// <summary>A chunk was longer than allowed.</summary>
    MaxChunkSize,
    MaxMessage,
    MaxChunkStreams,
    MaxHalfReceived,

    /// <summary>A createStream was refused.</summary>
    MaxStreams,

    /// <summary>A command's values were over the bounds of AMF.</summary>
    Amf,

    /// <summary>A stream's name was too long, or not safe.</summary>
    Name,
    MaxCommandsPerSecond,

    /// <summary>A player's queue was full in bytes or time: frames were dropped.</summary>
    Queue,

    /// <summary>Replies wait for a peer that does not read: it was not read any more.</summary>
    Replies,
    MaxConnections,
    MaxConnectionsPerIp,
    ConnectRatePerIp,

    /// <summary>The system had no descriptor for a visitor.</summary>
    Descriptors,

    /// <summary>Of the whole server, or of an app.</summary>
    MaxPublishers,

    /// <summary>Of the whole server, of an app, or of one stream.</summary>
    MaxPlayers,

    /// <summary>A backlog was dropped, or somebody refused, because memory was short.</summary>
    MaxMemory,

    /// <summary>A player was refused, because enough is sent in all or in its app.</summary>
    MaxBandwidthOut,

    /// <summary>A publisher was refused, because enough is received.</summary>
    MaxBandwidthIn,

    /// <summary>Somebody was not heard, for too many wrong keys came from there.</summary>
    FailedAttempts,
}
