using System;
using System.Collections.Generic;
using System.IO;

namespace Reactor.Server.Storage;

/// <summary>Where a path really leads, every link on the way followed.</summary>
internal static class RealPath
{
    private const int LinksMax = 40;            // as Linux: a chain that is longer is a circle

    /// <exception cref="IOException">Too many links.</exception>
    public static string Of(string path)
    {
        var full = Path.GetFullPath(path);
        var real = Path.GetPathRoot(full)!;
        var ahead = new Stack<string>();
        Push(ahead, full[real.Length..]);
        var links = 0;
        while (ahead.TryPop(out var part))
        {
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
                continue;
            }
            var next = Path.Combine(real, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }
            if (++links > LinksMax)
                throw new IOException("too many links");
            if (Path.IsPathRooted(target))
                real = Path.GetPathRoot(target)!;
            Push(ahead, Path.IsPathRooted(target) ? target[real.Length..] : target);
        }
        return real;
    }

    /// <summary>The first part on top.</summary>
    private static void Push(Stack<string> ahead, string path)
    {
        var separators = new[] { Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar };
        var parts = path.Split(separators, StringSplitOptions.RemoveEmptyEntries);
        for (var i = parts.Length - 1; i >= 0; i--)
        {
            if (parts[i] != ".")
                ahead.Push(parts[i]);
        }
    }
}
