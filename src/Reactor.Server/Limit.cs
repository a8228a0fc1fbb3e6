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
    KickoffForIdle,
    MaxDuration,
    MaxBitrate,
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

    /// <summary>More messages of a peer were here than one turn takes.</summary>
    ReadMessages,

    /// <summary>The GOP cache was full in frames or bytes: a GOP was not kept.</summary>
    GopCache,

    /// <summary>Metadata or a configuration was too long, and left out.</summary>
    ConfigBytes,

    /// <summary>A player's queue was full in bytes or time: frames were dropped.</summary>
    Queue,

    /// <summary>A publisher sent too much before its verdict: it was not read until then.</summary>
    HeldMedia,

    /// <summary>A segment was cut where no keyframe was, for it was long enough.</summary>
    HlsMaxFragment,

    /// <summary>A segment was cut, or the oldest went early, because of their bytes.</summary>
    HlsMaxSize,

    /// <summary>A viewer of HLS was not told apart, because so many are.</summary>
    HlsViewers,

    /// <summary>A recording was ended or not begun: there is no room on the disk.</summary>
    MinFree,

    /// <summary>At the stop a peer had not taken in time what was owed it.</summary>
    DrainTimeout,

    /// <summary>Replies wait for a peer that does not read: it was not read any more.</summary>
    Replies,
    MaxConnections,
    MaxConnectionsPerIp,
    ConnectRatePerIp,

    /// <summary>A name server did not tell of a host in time.</summary>
    LookupTimeout,

    /// <summary>A host was not looked up because so many were.</summary>
    Lookups,

    /// <summary>The system had no descriptor for a visitor.</summary>
    Descriptors,

    /// <summary>A request had too long a head or URL, or too many headers: 431, 414.</summary>
    MaxHeader,

    /// <summary>A request's body was too long: 413.</summary>
    MaxBody,
    HeaderTimeout,
    BodyTimeout,

    /// <summary>An HTTP connection had nothing more to ask.</summary>
    Keepalive,

    /// <summary>More requests were here than one turn answers.</summary>
    PipelinedRequests,

    /// <summary>A WebSocket message was too long: 1009.</summary>
    WebSocketMessage,

    /// <summary>An address that had shown wrong keys too often was not heard.</summary>
    FailedAttempts,

    /// <summary>Redis did not answer a command in time.</summary>
    RedisTimeout,

    /// <summary>The API was told to start one relay too many.</summary>
    MaxRelays,

    /// <summary>A program was put off, or not started, because so many run.</summary>
    MaxProcesses,

    /// <summary>The API was told to relay to or from an inside address.</summary>
    RelayAllow,

    /// <summary>A relay found nobody in time.</summary>
    RelayConnect,

    /// <summary>A relay was answered, and not accepted in time.</summary>
    RelayAnswer,

    /// <summary>A pull ran, and no media came.</summary>
    PullTimeout,

    /// <summary>A stream would have been relayed to where it had been, or too far.</summary>
    RelayRing,

    /// <summary>The disk was too slow for a recording, which ended.</summary>
    RecordBacklog,

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
}
