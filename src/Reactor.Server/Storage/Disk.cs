using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Enumeration;
using Microsoft.Win32.SafeHandles;

namespace Reactor.Server.Storage;

/// <summary>The machine's own file systems.</summary>
public sealed class Disk : IDisk
{
    private const FileShare Shared = FileShare.ReadWrite | FileShare.Delete;

    public IDiskFile Open(SafePath path, FileUse use)
    {
        if (use == FileUse.Read)
            return new DiskFile(path, FileMode.Open, FileAccess.Read);
        Directory.CreateDirectory(path.Folder.Text);
        var mode = use == FileUse.Create ? FileMode.CreateNew : FileMode.OpenOrCreate;
        return new DiskFile(path, mode, FileAccess.ReadWrite);
    }

    public IDiskFile OpenWithin(SafePath root, SafePath path)
    {
        var realRoot = RealPath.Of(root.Text);
        var real = RealPath.Of(path.Text);
        var isBelow = real.StartsWith(realRoot, StringComparison.Ordinal)
            && (realRoot[^1] == Path.DirectorySeparatorChar
                || real[realRoot.Length..].StartsWith(Path.DirectorySeparatorChar));
        if (!isBelow)
            throw new UnauthorizedAccessException($"{path} leads out of {root}");
        return new DiskFile(SafePath.Configured(real), FileMode.Open, FileAccess.Read);
    }

    public void Move(SafePath from, SafePath to) => File.Move(from.Text, to.Text, overwrite: true);

    public void Delete(SafePath path)
    {
        var attributes = File.GetAttributes(path.Text);
        var isFolder = (attributes & FileAttributes.Directory) != 0
            && (attributes & FileAttributes.ReparsePoint) == 0;
        if (isFolder)
            Directory.Delete(path.Text);
        else
            File.Delete(path.Text);
    }

    public FileFacts Stat(SafePath path)
    {
        var info = new FileInfo(path.Text);
        if ((info.Attributes & FileAttributes.Directory) != 0 && Directory.Exists(path.Text))
            return new FileFacts(0, info.LastWriteTimeUtc, IsFolder: true);
        return new FileFacts(info.Length, info.LastWriteTimeUtc, IsFolder: false);
    }

    public IReadOnlyList<FileEntry> List(
        SafePath folder, string pattern, bool isDeep, int entriesMax)
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = isDeep,
            AttributesToSkip = FileAttributes.ReparsePoint,
            IgnoreInaccessible = true,
        };
        var found = new FileSystemEnumerable<FileEntry>(folder.Text, Describe, options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory
                && FileSystemName.MatchesSimpleExpression(
                    pattern, entry.FileName, ignoreCase: false),
        };
        var entries = new List<FileEntry>();
        foreach (var entry in found)
        {
            if (entries.Count == entriesMax)
                break;
            entries.Add(entry);
        }
        entries.Sort((one, other) => string.CompareOrdinal(one.Path.Text, other.Path.Text));
        return entries;
    }

    public long FreeBytes(SafePath folder)
    {
        var existing = Path.GetFullPath(folder.Text);
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } above)
            existing = above;
        return new DriveInfo(existing).AvailableFreeSpace;
    }

    public void FlushFolder(SafePath folder) => FolderFlush.Flush(folder.Text);

    private static FileEntry Describe(ref FileSystemEntry entry) => new(
        SafePath.Configured(entry.ToSpecifiedFullPath()),
        new FileFacts(entry.Length, entry.LastWriteTimeUtc, IsFolder: false));

    private sealed class DiskFile(SafePath path, FileMode mode, FileAccess access) : IDiskFile
    {
        private readonly SafeFileHandle _handle =
            File.OpenHandle(path.Text, mode, access, Shared);

        public FileFacts Facts => new(
            RandomAccess.GetLength(_handle), File.GetLastWriteTimeUtc(_handle), IsFolder: false);

        public int Read(long at, Span<byte> into)
        {
            var read = 0;
            while (read < into.Length)
            {
                var count = RandomAccess.Read(_handle, into[read..], at + read);
                if (count == 0)
                    break;
                read += count;
            }
            return read;
        }

        public void Write(long at, IReadOnlyList<ReadOnlyMemory<byte>> parts) =>
            RandomAccess.Write(_handle, parts, at);

        public void Truncate(long length) => RandomAccess.SetLength(_handle, length);

        public void Flush() => RandomAccess.FlushToDisk(_handle);

        public void Dispose() => _handle.Dispose();
    }
}
