using System.Collections.Generic;

namespace Reactor.Testing.Simulation;

/// <summary>Who a simulated peer is.</summary>
public enum PeerKind
{
    Publisher,
    Player,
    Stranger,

    /// <summary>Publishes and plays several streams on one connection.</summary>
    Several,

    /// <summary>Plays FLV over HTTP.</summary>
    FlvPlayer,

    /// <summary>Plays HLS.</summary>
    HlsViewer,

    /// <summary>Plays recordings.</summary>
    RecordingPlayer,

    /// <summary>Hands out the keys of rooms.</summary>
    Clerk,

    /// <summary>Looks at the API, and ends connections.</summary>
    Operator,
}

/// <summary>How FLV comes over HTTP.</summary>
public enum FlvOver
{
    /// <summary>In chunks of HTTP/1.1.</summary>
    Chunks,

    /// <summary>To the end of the connection.</summary>
    Close,

    /// <summary>A tag a message.</summary>
    WebSocket,
}

/// <summary>How a player reads.</summary>
public enum Appetite
{
    /// <summary>At once, all there is.</summary>
    Healthy,

    /// <summary>Fewer bytes a second than the stream has.</summary>
    Slow,

    /// <summary>From some moment on not at all.</summary>
    Stalled,
}

/// <summary>How a peer's connection ends, or what befalls it.</summary>
public enum Fate
{
    /// <summary>It stays until the end of the world.</summary>
    Stays,

    /// <summary>It says goodbye as clients do, and closes.</summary>
    Leaves,

    /// <summary>It closes without a word.</summary>
    Closes,

    /// <summary>It sends FIN and goes on to read.</summary>
    HalfCloses,

    /// <summary>A reset, from whoever is between.</summary>
    Breaks,

    /// <summary>Nothing arrives any more, at either end.</summary>
    FallsSilent,
}

/// <summary>What a stranger does to the port.</summary>
public enum Mischief
{
    Noise,
    Silence,
    HalfHandshake,
    Slowloris,
    Http,
    Recording,
    Mutation,
    Commands,

    /// <summary>A whole handshake, and then nothing.</summary>
    Greeting,

    /// <summary>A handshake and connect, and then nothing.</summary>
    Connecting,

    /// <summary>Requests with bytes that are wrong, on the port of HTTP.</summary>
    HttpMutation,

    /// <summary>A head of HTTP, two bytes at a time.</summary>
    HttpSlowHead,

    /// <summary>Requests upon requests, and no answer is read.</summary>
    HttpFlood,

    /// <summary>A WebSocket that says what it should not.</summary>
    WebSocketNoise,
}

/// <summary>All that is decided about one peer before the world begins.</summary>
public sealed record PeerPlan
{
    public PeerKind Kind { get; init; }

    /// <summary>Of luck; a peer's own, so that others may be left out without a change.</summary>
    public int Seed { get; init; }

    /// <summary>app/name.</summary>
    public string Stream { get; init; } = "live/a";

    public int StartMs { get; init; }

    public Fate Fate { get; init; }

    /// <summary>From its start to its fate.</summary>
    public int FateMs { get; init; }

    public LinkQuality Quality { get; init; } = new();

    /// <summary>Whether it connects to the second server of a cluster.</summary>
    public bool IsAtSecond { get; init; }

    /// <summary>Payload of the peer's own chunks.</summary>
    public int ChunkBytes { get; init; } = 4096;

    /// <summary>What one with several parts does, all in one application.</summary>
    public IReadOnlyList<SeatPlan> Seats { get; init; } = [];

    /// <summary>The application of those.</summary>
    public string App { get; init; } = "live";

    /// <summary>The chunk streams of those: each part has two, from here on.</summary>
    public uint FirstChunkStream { get; init; } = 6;

    public PublisherPlan Publishing { get; init; } = new();

    public PlayerPlan Playing { get; init; } = new();

    public FlvOver Over { get; init; }

    public Mischief Mischief { get; init; }
}

/// <summary>One part of a connection that has several.</summary>
public sealed record SeatPlan
{
    /// <summary>app/name.</summary>
    public string Stream { get; init; } = "live/a";

    /// <summary>What it publishes; null for a play.</summary>
    public PublisherPlan? Publishing { get; init; }

    /// <summary>From connect's answer to asking.</summary>
    public int StartMs { get; init; }

    /// <summary>From asking to leaving; 0 for as long as the connection lasts.</summary>
    public int LastsMs { get; init; }

    /// <summary>It sends at once, and does not wait until its publish is accepted.</summary>
    public bool IsEager { get; init; }

    /// <summary>
    /// It takes over a message stream that was left, if there is one, and leaves its own so.
    /// </summary>
    public bool TakesOver { get; init; }
}

/// <summary>What a publisher sends.</summary>
public sealed record PublisherPlan
{
    public int FramesPerSecond { get; init; } = 25;

    public int GopFrames { get; init; } = 50;

    public int FrameBytes { get; init; } = 1000;

    public int KeyframeBytes { get; init; } = 8000;

    public bool HasVideo { get; init; } = true;

    public bool HasAudio { get; init; } = true;

    /// <summary>The clock's first reading, so that it may wrap soon.</summary>
    public uint FirstTimestamp { get; init; }

    /// <summary>Frames are kept back for so long and then sent at once; 0 for steady.</summary>
    public int BurstMs { get; init; }

    /// <summary>Nothing is sent for so long, after ten seconds; 0 for never.</summary>
    public int SilenceMs { get; init; }

    /// <summary>After so many GOPs headers or codecs change; 0 for never.</summary>
    public int ChangeEveryGops { get; init; }

    /// <summary>Headers and metadata are repeated at each keyframe.</summary>
    public bool RepeatsHeaders { get; init; }

    /// <summary>After the first frames nothing follows, or not even those come.</summary>
    public bool IsMute { get; init; }
}

/// <summary>How a player watches.</summary>
public sealed record PlayerPlan
{
    public Appetite Appetite { get; init; }

    /// <summary>What a slow one takes.</summary>
    public int BytesPerSecond { get; init; } = 10_000;

    /// <summary>When a stalled one stops, after its start.</summary>
    public int StallMs { get; init; }

    /// <summary>Pauses, and goes on, at this interval; 0 for never.</summary>
    public int PauseMs { get; init; }

    /// <summary>Seeks in a recording at this interval; 0 for never.</summary>
    public int SeekMs { get; init; }

    /// <summary>Turns sound or picture off and on at this interval; 0 for never.</summary>
    public int ChooseMs { get; init; }

    /// <summary>Switches between its own and this stream.</summary>
    public string OtherStream { get; init; } = "";

    public int SwitchMs { get; init; }
}
