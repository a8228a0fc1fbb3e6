using Reactor.Protocol.Codecs;

namespace Reactor.Protocol.MpegTs;

/// <summary>The elementary streams that a transport stream can have here, one of each.</summary>
public enum TsTrack
{
    Video,
    Audio,
}

/// <summary>What the program of a transport stream consists of (ISO 13818-1 §2.4.4.8).</summary>
/// <param name="VideoType">stream_type of the video; 0 for none.</param>
/// <param name="AudioType">stream_type of the audio; 0 for none.</param>
public readonly record struct TsProgram(byte VideoType, byte AudioType)
{
    public const byte Avc = 0x1B;
    public const byte Hevc = 0x24;

    /// <summary>AAC with ADTS headers.</summary>
    public const byte Aac = 0x0F;

    public const byte Mpeg1Audio = 0x03;

    /// <summary>MP3 at half the rates, by ISO 13818-3.</summary>
    public const byte Mpeg2Audio = 0x04;

    public bool HasVideo => VideoType != 0;

    public bool HasAudio => AudioType != 0;

    public bool IsEmpty => !HasVideo && !HasAudio;

    /// <summary>Whose packets bear the clock: the video's where there is one.</summary>
    public TsTrack ClockTrack => HasVideo ? TsTrack.Video : TsTrack.Audio;

    /// <summary>Another one for each program that there can be here, below 32.</summary>
    public int Number => ((2 * VideoType) + AudioType) & 31;

    public static byte TypeOf(NaluCodec codec) => codec == NaluCodec.Avc ? Avc : Hevc;
}
