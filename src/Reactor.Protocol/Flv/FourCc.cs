using System;
using System.Buffers.Binary;
using System.Text;

namespace Reactor.Protocol.Flv;

/// <summary>A codec by the four letters of Enhanced RTMP, first letter in the top byte.</summary>
/// <remarks>The default stands for a codec that has no letters, only an id of old FLV.</remarks>
public readonly record struct FourCc(uint Value)
{
    public static readonly FourCc Avc1 = Of("avc1"u8);
    public static readonly FourCc Hvc1 = Of("hvc1"u8);
    public static readonly FourCc Vvc1 = Of("vvc1"u8);
    public static readonly FourCc Av01 = Of("av01"u8);
    public static readonly FourCc Vp08 = Of("vp08"u8);
    public static readonly FourCc Vp09 = Of("vp09"u8);
    public static readonly FourCc Mp4a = Of("mp4a"u8);
    public static readonly FourCc Mp3 = Of(".mp3"u8);
    public static readonly FourCc Opus = Of("Opus"u8);
    public static readonly FourCc Flac = Of("fLaC"u8);
    public static readonly FourCc Ac3 = Of("ac-3"u8);
    public static readonly FourCc Eac3 = Of("ec-3"u8);

    public bool IsNone => Value == 0;

    /// <summary>The codec's usual name for logs and statistics; its letters when unknown.</summary>
    public string Name => this switch
    {
        _ when this == Avc1 => "H264",
        _ when this == Hvc1 => "HEVC",
        _ when this == Vvc1 => "VVC",
        _ when this == Av01 => "AV1",
        _ when this == Vp08 => "VP8",
        _ when this == Vp09 => "VP9",
        _ when this == Mp4a => "AAC",
        _ when this == Mp3 => "MP3",
        _ when this == Opus => "Opus",
        _ when this == Flac => "FLAC",
        _ when this == Ac3 => "AC3",
        _ when this == Eac3 => "EAC3",
        _ => ToString(),
    };

    /// <param name="letters">Four bytes.</param>
    public static FourCc Of(ReadOnlySpan<byte> letters) =>
        new(BinaryPrimitives.ReadUInt32BigEndian(letters));

    /// <summary>The letters; what a log could not show is a question mark.</summary>
    public override string ToString()
    {
        Span<byte> letters = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(letters, Value);
        foreach (ref var letter in letters)
        {
            if (letter is < 0x20 or > 0x7E)
                letter = (byte)'?';
        }
        return Encoding.ASCII.GetString(letters);
    }
}
