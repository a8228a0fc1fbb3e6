using System;
using System.Buffers.Binary;
using Reactor.Protocol.Rtmp;

namespace Reactor.Server.Tests.Http;

/// <summary>A publisher whose frames HLS carries: H.264, a keyframe a second, and AAC.</summary>
internal static class HlsFilm
{
    public static readonly byte[] Avc = Convert.FromHexString(
        "17000000000164001EFFE100186764001EACD940B424D8088000000300800000190F8A14CB01000668FBE3CB"
        + "22C0FDF8F800");

    private static readonly byte[] Key = Convert.FromHexString("17010000000000000465888480");
    private static readonly byte[] Inter = Convert.FromHexString("270100000000000003419A80");

    public static Peer Publish(ServerInMemory server, string name = "a")
    {
        var publisher = server.Publish(name);
        Send(publisher);
        return publisher;
    }

    /// <summary>The configurations.</summary>
    public static void Send(Peer publisher)
    {
        publisher.Send(MessageType.Video, 0, Avc);
        publisher.Send(MessageType.Audio, 0, 0xAF, 0, 0x12, 0x10);
    }

    /// <summary>Time passes as in the film; a picture is of so many bytes at least.</summary>
    public static void Film(
        ServerInMemory server, Peer publisher, uint from, uint to, int bytes = 0)
    {
        for (var time = from / 40 * 40; time < to; time += 40)
        {
            if (time >= from)
                Show(server, publisher, time, time % 1000 == 0, bytes);
        }
    }

    /// <summary>One picture, and what is heard meanwhile.</summary>
    public static void Show(
        ServerInMemory server, Peer publisher, uint time, bool isKeyframe, int bytes = 0)
    {
        publisher.Send(MessageType.Video, time, Picture(isKeyframe, bytes));
        publisher.Send(MessageType.Audio, time, 0xAF, 1, 0x21, 1, 2, 3);
        publisher.Send(MessageType.Audio, time + 20, 0xAF, 1, 0x21, 1, 2, 3);
        server.Turn(40);
    }

    /// <summary>One picture alone.</summary>
    public static void ShowSilently(
        ServerInMemory server, Peer publisher, uint time, bool isKeyframe, int bytes = 0)
    {
        publisher.Send(MessageType.Video, time, Picture(isKeyframe, bytes));
        server.Turn(40);
    }

    public static byte[] Picture(bool isKeyframe, int bytes)
    {
        var picture = isKeyframe ? Key : Inter;
        if (bytes <= picture.Length)
            return picture;
        var large = new byte[bytes];
        large.AsSpan().Fill(0x55);
        picture.CopyTo(large, 0);
        BinaryPrimitives.WriteInt32BigEndian(large.AsSpan(5), bytes - 9);   // one NAL unit
        return large;
    }
}
