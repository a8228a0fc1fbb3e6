using System.Collections.Generic;

namespace Reactor.Primitives.Tests;

internal static class GatheredBytes
{
    /// <summary>What the socket would send.</summary>
    public static byte[] Joined(this GatherList list)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < list.Count; i++)
            bytes.AddRange(list[i]);
        return [.. bytes];
    }
}
