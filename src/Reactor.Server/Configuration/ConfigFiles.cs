using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Reactor.Server.Configuration;

/// <summary>The configuration files on disk; read at start only, before the loop runs.</summary>
public static class ConfigFiles
{
    private const int FilesMax = 64;
    private const int BytesMax = 1024 * 1024;
    private static readonly string[] Usual = ["reactor.json", "/etc/reactor/reactor.json"];

    /// <summary>The file to read when none is named; null when there is none.</summary>
    public static string? FindUsual() => Usual.FirstOrDefault(File.Exists);

    /// <exception cref="IOException">It cannot be read, or is larger than 1 MiB.</exception>
    public static ConfigText Load(string path)
    {
        using var file = Open(path);
        var bytes = new byte[BytesMax + 1];
        var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length > BytesMax)
            throw new IOException($"{path}: larger than {BytesMax} bytes");
        return new ConfigText(path, bytes.AsMemory(0, length));
    }

    private static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new IOException(denied.Message, denied);
        }
    }

    /// <summary>The files a glob stands for, by name; only its last part is a pattern.</summary>
    /// <remarks>The glob is relative to the folder of the main file.</remarks>
    /// <exception cref="IOException">One cannot be read, or they are more than 64.</exception>
    public static IReadOnlyList<ConfigText> Include(string main, string glob)
    {
        var path = Path.Combine(Path.GetDirectoryName(main) ?? "", glob);
        var pattern = Path.GetFileName(path);
        if (!Glob.IsPattern(pattern))
            return [Load(path)];
        var folder = Path.GetDirectoryName(path) is { Length: > 0 } named ? named : ".";
        if (!Directory.Exists(folder))
            return [];
        var files = Directory.EnumerateFiles(folder)
            .Where(file => Glob.Matches(pattern, Path.GetFileName(file)))
            .Take(FilesMax + 1)
            .Order(StringComparer.Ordinal)
            .ToList();
        if (files.Count > FilesMax)
            throw new IOException($"{path}: more than {FilesMax} files");
        return [.. files.Select(Load)];
    }
}
