using System.Collections.Generic;
using Reactor.Primitives;

namespace Reactor.Streaming.Tests;

/// <summary>What an outbox gives to be sent.</summary>
internal static class Drained
{
    /// <summary>All that is in it, sent as it is gathered.</summary>
    public static byte[] Drain(PlayerOutbox outbox, GatherList list, int bytesMax = int.MaxValue)
    {
        var sent = new List<byte>();
        while (!outbox.IsEmpty)
        {
            outbox.Gather(list, bytesMax);
            Invariant.Holds(list.Bytes > 0);
            sent.AddRange(Joined(list));
            outbox.Advance(list.Bytes);
        }
        return [.. sent];
    }

    /// <summary>What was gathered, in one piece.</summary>
    public static byte[] Joined(GatherList list)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < list.Count; i++)
            bytes.AddRange(list[i]);
        return [.. bytes];
    }
}
