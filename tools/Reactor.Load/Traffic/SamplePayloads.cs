using System;
using System.Buffers.Binary;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;

namespace Reactor.Load.Traffic;

/// <summary>
/// Payloads that look like AVC and AAC to every server, so that it relays and caches.
/// </summary>
internal static class SamplePayloads
{
    /// <summary>Sequence header of AVC: baseline, level 3, 640×360, with its SPS and PPS.</summary>
    public static ReadOnlySpan<byte> AvcHeader =>
    [
        0x17, 0x00, 0x00, 0x00, 0x00,
        0x01, 0x42, 0xC0, 0x1E, 0xFF, 0xE1,
        0x00, 0x15, 0x67, 0x42, 0xC0, 0x1E, 0xD9, 0x00, 0xA0, 0x2F, 0xF9, 0x61, 0x00, 0x00,
        0x03, 0x00, 0x01, 0x00, 0x00, 0x03, 0x00, 0x3C, 0x8F,
        0x01, 0x00, 0x04, 0x68, 0xCB, 0x83, 0xCB,
    ];

    /// <summary>Sequence header of AAC: low complexity, 44.1 kHz, stereo.</summary>
    public static ReadOnlySpan<byte> AacHeader => [0xAF, 0x00, 0x12, 0x10];

    /// <summary>Writes the @setDataFrame that encoders begin with.</summary>
    /// <returns>Bytes written.</returns>
    public static int WriteMetadata(Span<byte> into)
    {
        var body = new Amf0Writer(into);
        body.String("@setDataFrame");
        body.String("onMetaData");
        body.BeginObject();
        body.Member("width", 640);
        body.Member("height", 360);
        body.Member("framerate", 30);
        body.Member("videocodecid", 7);
        body.Member("audiocodecid", 10);
        body.Member("audiosamplerate", 44_100);
        body.EndObject();
        return body.Length;
    }

    /// <summary>Writes what stands before the stamp.</summary>
    public static void WriteHead(Span<byte> payload, in ScriptedFrame frame)
    {
        if (frame.Track == MessageType.Audio)
        {
            payload[0] = 0xAF;
            payload[1] = 1;
            return;
        }
        payload[0] = (byte)(frame.IsKeyframe ? 0x17 : 0x27);
        BinaryPrimitives.WriteUInt32BigEndian(payload[1..], 0x0100_0000);
        const int sliceOffset = 5 + sizeof(uint);
        BinaryPrimitives.WriteInt32BigEndian(payload[5..], payload.Length - sliceOffset);
        payload[sliceOffset] = (byte)(frame.IsKeyframe ? 0x65 : 0x41);
    }

    /// <summary>Whether a payload is a sequence header, which carries no stamp.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> payload) => payload is [_, 0, ..];

    public static bool IsKeyframe(ReadOnlySpan<byte> video) => video is [0x17, 1, ..];
}
