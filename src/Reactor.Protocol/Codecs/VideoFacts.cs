namespace Reactor.Protocol.Codecs;

/// <summary>What a configuration says of its video; for people, pages and playlists.</summary>
/// <param name="Codec">H264, HEVC, AV1 or VP9.</param>
/// <param name="Rfc6381">As in a CODECS attribute: <c>avc1.64001F</c>.</param>
/// <param name="Width">Of the picture that is shown, in pixels; 0 where it is not told.</param>
/// <param name="Height">Likewise.</param>
/// <param name="FramesPerSecond">0 where it is not told, which is no fault.</param>
/// <param name="Profile">Such as <c>High</c>; the number where it has no name here.</param>
/// <param name="Level">Such as <c>3.1</c>.</param>
public sealed record VideoFacts(
    string Codec,
    string Rfc6381,
    int Width,
    int Height,
    double FramesPerSecond,
    string Profile,
    string Level);
