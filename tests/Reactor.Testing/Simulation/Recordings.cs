using System.Collections.Generic;

namespace Reactor.Testing.Simulation;

/// <summary>The recorded client streams, read once for many worlds.</summary>
internal static class Recordings
{
    private static readonly Dictionary<string, byte[]> Loaded = [];

    public static byte[] Of(string name)
    {
        if (!Loaded.TryGetValue(name, out var bytes))
            Loaded.Add(name, bytes = Samples.Load(name));
        return bytes;
    }
}
