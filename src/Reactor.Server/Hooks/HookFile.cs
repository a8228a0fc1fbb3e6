namespace Reactor.Server.Hooks;

/// <summary>A file that is complete, or came to nothing: a recording, a segment of HLS.</summary>
/// <param name="Path">Where it lies; empty for what is kept in memory.</param>
/// <param name="DurationMs">How long it plays.</param>
internal sealed record HookFile(string Path, long DurationMs)
{
    public long Bytes { get; init; }

    /// <summary>The name of the recorder that wrote it.</summary>
    public string Recorder { get; init; } = "";

    /// <summary>Why it came to nothing; empty when it did not.</summary>
    public string Why { get; init; } = "";

    /// <summary>Where a segment is fetched: path and name, without the host.</summary>
    public string Url { get; init; } = "";

    /// <summary>Where the playlist lies that lists it; empty for what is kept in memory.</summary>
    public string Playlist { get; init; } = "";

    public string PlaylistUrl { get; init; } = "";

    /// <summary>The number of a segment.</summary>
    public long Sequence { get; init; }
}
