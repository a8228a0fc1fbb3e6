using System;
using System.Collections.Generic;

namespace Reactor.Server.Storage;

/// <summary>What a file is opened for.</summary>
public enum FileUse
{
    /// <summary>To be read; it must be there.</summary>
    Read,

    /// <summary>To be written and read; it must not be there. Its folders are made.</summary>
    Create,

    /// <summary>To be written on and read; made when missing, and its folders too.</summary>
    Append,
}

/// <summary>What is known of a file without opening it.</summary>
/// <param name="Length">Bytes.</param>
/// <param name="Modified">When it was last written.</param>
/// <param name="IsFolder">Whether it is a folder; its length means nothing then.</param>
public readonly record struct FileFacts(long Length, DateTimeOffset Modified, bool IsFolder);

/// <summary>A file that was found in a folder.</summary>
public readonly record struct FileEntry(SafePath Path, FileFacts Facts);

/// <summary>The door to the disk. It blocks: <see cref="FileStore"/> stands before it.</summary>
/// <remarks>
/// Called on the threads of the work queue, several at once, but one at a time for one file and
/// for one folder. Trouble is thrown as the exceptions of <c>System.IO</c>, which
/// <see cref="FileError.Of(Exception, SafePath)"/> reads.
/// </remarks>
public interface IDisk
{
    IDiskFile Open(SafePath path, FileUse use);

    /// <summary>Opens for reading what lies below a root, also once links are followed.</summary>
    /// <exception cref="UnauthorizedAccessException">A link leads out of the root.</exception>
    IDiskFile OpenWithin(SafePath root, SafePath path);

    /// <summary>Renames in one step; what was there before is gone.</summary>
    void Move(SafePath from, SafePath to);

    /// <summary>Deletes a file or an empty folder.</summary>
    void Delete(SafePath path);

    FileFacts Stat(SafePath path);

    /// <summary>Files below a folder whose name fits, in order of their paths.</summary>
    /// <param name="folder">Where to look; links in it are not followed.</param>
    /// <param name="pattern">A name with <c>*</c> and <c>?</c>.</param>
    /// <param name="isDeep">Whether folders in it are looked through as well.</param>
    /// <param name="entriesMax">So many at most.</param>
    IReadOnlyList<FileEntry> List(SafePath folder, string pattern, bool isDeep, int entriesMax);

    /// <summary>Bytes that may still be written where this folder is, or will be.</summary>
    long FreeBytes(SafePath folder);

    /// <summary>Makes names in a folder outlast a power failure, where the system can.</summary>
    void FlushFolder(SafePath folder);
}

/// <summary>An open file behind the door; it blocks.</summary>
public interface IDiskFile : IDisposable
{
    FileFacts Facts { get; }

    /// <summary>Reads as much as there is, up to the length of the span.</summary>
    /// <returns>Bytes; fewer than asked only at the end.</returns>
    int Read(long at, Span<byte> into);

    /// <summary>Writes all, one part behind the other.</summary>
    void Write(long at, IReadOnlyList<ReadOnlyMemory<byte>> parts);

    void Truncate(long length);

    /// <summary>Makes what was written outlast a power failure; takes up to seconds.</summary>
    void Flush();
}
