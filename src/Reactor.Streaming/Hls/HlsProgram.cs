namespace Reactor.Streaming.Hls;

/// <summary>What segments consist of until a decoder has to begin anew.</summary>
/// <param name="Video">What tells the video's codec from others; 0 for none.</param>
/// <param name="Audio">Likewise.</param>
internal readonly record struct HlsProgram(uint Video, uint Audio)
{
    public bool HasVideo => Video != 0;

    public bool HasAudio => Audio != 0;

    /// <summary>The track whose frames say when a part ends.</summary>
    public uint Leading => HasVideo ? Video : Audio;

    public bool IsEmpty => !HasVideo && !HasAudio;
}
