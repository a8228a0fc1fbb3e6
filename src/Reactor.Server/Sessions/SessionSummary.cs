namespace Reactor.Server.Sessions;

/// <summary>What a publish or play amounted to, for its last log line.</summary>
/// <param name="Milliseconds">How long it went.</param>
/// <param name="Bytes">Of payload.</param>
/// <param name="Codecs">Video, then audio; empty when none was seen.</param>
/// <param name="Dropped">Frames that were left out.</param>
internal readonly record struct SessionSummary(
    long Milliseconds, long Bytes, string Codecs, long Dropped);
