using System;
using Reactor.Protocol.Rtmp;

namespace Reactor.Server.Tests.Http;

/// <summary>A publisher whose frames HLS carries: H.264, a keyframe a second, and AAC.</summary>
internal static class HlsFilm
{
    private static readonly byte[] Avc = Convert.FromHexString(
        "17000000000164001EFFE100186764001EACD940B424D8088000000300800000190F8A14CB01000668FBE3CB"
        + "22C0FDF8F800");

    private static readonly byte[] Key = Convert.FromHexString("17010000000000000465888480");
    private static readonly byte[] Inter = Convert.FromHexString("270100000000000003419A80");

    public static Peer Publish(ServerInMemory server, string name = "a")
    {
        var publisher = server.Publish(name);
        publisher.Send(MessageType.Video, 0, Avc);
        publisher.Send(MessageType.Audio, 0, 0xAF, 0, 0x12, 0x10);
        return publisher;
    }

    /// <summary>Time passes as in the film.</summary>
    public static void Film(ServerInMemory server, Peer publisher, uint from, uint to)
    {
        for (var time = from / 40 * 40; time < to; time += 40)
        {
            if (time < from)
                continue;
            publisher.Send(MessageType.Video, time, time % 1000 == 0 ? Key : Inter);
            publisher.Send(MessageType.Audio, time, 0xAF, 1, 0x21, 1, 2, 3);
            publisher.Send(MessageType.Audio, time + 20, 0xAF, 1, 0x21, 1, 2, 3);
            server.Turn(40);
        }
    }
}
