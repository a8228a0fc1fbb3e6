namespace Reactor.Protocol.Codecs;

/// <summary>What is known of a track's audio; for people, pages and playlists.</summary>
/// <param name="Codec">AAC, MP3, Opus, FLAC, AC3 or EAC3.</param>
/// <param name="Rfc6381">As in a CODECS attribute: <c>mp4a.40.2</c>.</param>
/// <param name="SampleRate">As it is heard, in Hz: with SBR twice what is coded.</param>
/// <param name="Channels">0 where it is not told.</param>
/// <param name="Profile">Such as <c>LC</c> or <c>HE-AAC v2</c>; empty where there is none.</param>
public sealed record AudioFacts(
    string Codec, string Rfc6381, int SampleRate, int Channels, string Profile);
