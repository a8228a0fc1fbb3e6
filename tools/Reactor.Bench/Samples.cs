using System;
using System.Collections.Generic;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;

namespace Reactor.Bench;

/// <summary>A second of 1 Mbit/s: 30 pictures and 43 pieces of sound, in the order of time.
/// </summary>
internal static class Samples
{
    public const int Messages = Pictures + Sounds;

    private const int Pictures = 30;
    private const int Sounds = 43;
    private const int PictureBytes = 3770;
    private const int SoundBytes = 279;

    /// <summary>Type and payload of each message.</summary>
    public static IReadOnlyList<(MessageType Type, byte[] Payload)> Second { get; } = Make();

    /// <summary>A picture as AVC: one slice behind its length (ISO/IEC 14496-15 §5.3.3).</summary>
    public static byte[] Picture(bool isKeyframe, int bytes)
    {
        var payload = Noise(bytes);
        var slice = bytes - 9;
        byte[] head =
        [
            (byte)(isKeyframe ? 0x17 : 0x27), 1, 0, 0, 0,
            (byte)(slice >> 24), (byte)(slice >> 16), (byte)(slice >> 8), (byte)slice,
            (byte)(isKeyframe ? 0x65 : 0x41),
        ];
        head.CopyTo(payload, 0);
        return payload;
    }

    public static byte[] Sound()
    {
        var payload = Noise(SoundBytes);
        payload[0] = 0xAF;
        payload[1] = 1;
        return payload;
    }

    /// <summary>The second on the wire.</summary>
    public static byte[] Chunks(int chunkBytes)
    {
        var pool = new PacketPool();
        var bytes = new List<byte>();
        foreach (var (type, payload) in Second)
        {
            var stream = type == MessageType.Audio ? 4u : 6u;
            var packet = ChunkWriter.Write(pool, stream, 1000, type, 1, payload, chunkBytes);
            bytes.AddRange(packet.Written);
            packet.Release();
        }
        return [.. bytes];
    }

    private static List<(MessageType Type, byte[] Payload)> Make()
    {
        var messages = new List<(MessageType Type, byte[] Payload)>();
        for (int picture = 0, sound = 0; picture + sound < Messages;)
        {
            if (picture * Sounds <= sound * Pictures)
                messages.Add((MessageType.Video, Picture(picture++ == 0, PictureBytes)));
            else
                messages.Add((MessageType.Audio, Sound()));
            sound = messages.Count - picture;
        }
        return messages;
    }

    private static byte[] Noise(int bytes)
    {
        var noise = new byte[bytes];
        new Random(1).NextBytes(noise);
        return noise;
    }
}
