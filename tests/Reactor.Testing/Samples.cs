using System;
using System.IO;
using System.Linq;

namespace Reactor.Testing;

/// <summary>Recorded bytes of real clients and servers; Samples/README.md says which.</summary>
public static class Samples
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Samples");

    /// <summary>The recordings of what clients sent, as names for <see cref="Load"/>.</summary>
    public static string[] ClientCaptures => NamesEndingWith(".client.bin");

    /// <summary>The recordings of what nginx-rtmp answered to those clients.</summary>
    public static string[] ServerCaptures => NamesEndingWith(".server.bin");

    /// <summary>The bytes of one sample, by its file name.</summary>
    public static byte[] Load(string name)
    {
        var path = Path.Combine(Folder, name);
        return File.Exists(path)
            ? File.ReadAllBytes(path)
            : throw new ArgumentException($"no sample {name} in {Folder}", nameof(name));
    }

    private static string[] NamesEndingWith(string ending) =>
    [
        .. Directory.EnumerateFiles(Folder, "*" + ending)
            .Select(path => Path.GetFileName(path))
            .Order(StringComparer.Ordinal),     // the order of a folder is the disk's whim
    ];
}
