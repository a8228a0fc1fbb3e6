using System;
using System.Collections.Generic;

namespace Reactor.Server.Storage;

/// <summary>What a file that was put in place must outlast.</summary>
public enum Outlasts
{
    /// <summary>The end of this process, however it comes.</summary>
    Crash,

    /// <summary>A power failure too; costs a tenth of a second or more.</summary>
    PowerFailure,
}

/// <summary>Files that are read and written in one piece, on a thread that may block.</summary>
internal static class WholeFile
{
    /// <summary>Behind the name of a file that is being written; one may be left over.</summary>
    public const string UnfinishedEnding = ".tmp";

    public static byte[] Load(IDisk disk, SafePath path, int bytesMax)
    {
        using var file = disk.Open(path, FileUse.Read);
        var length = file.Facts.Length;
        if (length > bytesMax)
        {
            throw new FileException(
                FileFailure.TooLarge, $"{length} bytes, and {bytesMax} are taken");
        }
        var bytes = new byte[length];
        var read = file.Read(0, bytes);
        return read == bytes.Length ? bytes : bytes[..read];
    }

    /// <summary>Another name, then the name in one step: nobody sees half a file.</summary>
    public static void Replace(
        IDisk disk, SafePath path, IReadOnlyList<ReadOnlyMemory<byte>> parts, Outlasts outlasts)
    {
        var unfinished = path.With(UnfinishedEnding);
        try
        {
            using (var file = disk.Open(unfinished, FileUse.Append))
            {
                file.Truncate(0);               // one that was left over
                file.Write(0, parts);
                if (outlasts == Outlasts.PowerFailure)
                    file.Flush();               // before the name: else it may name nothing
            }
            disk.Move(unfinished, path);
        }
        catch
        {
            TryDelete(disk, unfinished);        // on a full disk every byte counts
            throw;
        }
        if (outlasts == Outlasts.PowerFailure)
            disk.FlushFolder(path.Folder);
    }

    private static void TryDelete(IDisk disk, SafePath path)
    {
        try
        {
            disk.Delete(path);
        }
        catch (Exception second) when (FileError.Of(second, path) is not null)
        {
            // The first trouble is the one to tell of.
        }
    }
}
