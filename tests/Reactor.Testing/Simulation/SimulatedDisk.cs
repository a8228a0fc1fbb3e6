using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Enumeration;
using System.Linq;
using Reactor.Server.Storage;

namespace Reactor.Testing.Simulation;

/// <summary>A disk in memory that can be full, failing, and torn by a power failure.</summary>
/// <remarks>
/// Like a journalling file system: names change in order, so a power failure keeps the first so
/// many of the changes that were not flushed; contents that were not flushed may be lost write
/// by write. A process that is killed loses nothing but the call that it was in.
/// </remarks>
public sealed class SimulatedDisk(Random random, TimeProvider time) : IDisk
{
    private const int InputOutputError = 5;
    private readonly Dictionary<string, SimulatedFile> _files = [];
    private readonly HashSet<string> _folders = ["."];
    private readonly List<(string Name, SimulatedFile? File)> _unflushedNames = [];
    private readonly List<SimulatedFile> _writing = [];
    private Dictionary<string, SimulatedFile> _durableNames = [];
    private (string Name, SimulatedFile? File)? _replaced;

    public DiskFaults Faults { get; set; } = DiskFaults.None;

    /// <summary>Bytes that fit in all.</summary>
    public long CapacityBytes { get; set; } = long.MaxValue;

    /// <summary>Calls until the process dies in the middle of one; null for never.</summary>
    public int? CrashAfter { get; set; }

    /// <summary>Bugs that are planted here; none by default.</summary>
    public Plants Plants { get; init; } = new(Plant.None, 0);

    /// <summary>Called before each call but closing; what it throws is a fault of ours.</summary>
    public Action? Before { get; set; }

    /// <summary>Files that are open; zero after shutdown.</summary>
    public int Opened { get; private set; }

    /// <summary>Names of files, in order.</summary>
    public IEnumerable<string> Names => _files.Keys.Order(StringComparer.Ordinal);

    internal long UsedBytes => _files.Values.Sum(file => (long)file.Length);

    /// <summary>What a file holds.</summary>
    public byte[] Read(string path) => _files[path].Bytes.ToArray();

    /// <summary>Whether a process was killed while it wrote this file.</summary>
    public bool WasCut(string path) => _files[path].WasCut;

    /// <summary>Whether the power failed while this file was not flushed.</summary>
    public bool WasTorn(string path) => _files[path].WasTorn;

    /// <summary>Puts a file there, as somebody else would have.</summary>
    public void Put(string path, ReadOnlySpan<byte> bytes)
    {
        var file = new SimulatedFile { Modified = time.GetUtcNow() };
        file.Write(0, bytes);
        file.Flush();
        MakeFolders(path);
        _files[path] = _durableNames[path] = file;
    }

    /// <summary>The process was killed: what it had written stays, its handles do not.</summary>
    public void EndProcess()
    {
        CrashAfter = null;
        Opened = 0;
        foreach (var file in _writing)
            file.WasCut = true;
        _writing.Clear();
        if (Plants.Is(Plant.LosesRename) && _replaced is var (name, before))
            Rename(_files, name, before);
    }

    /// <summary>The power failed: what was not flushed is torn.</summary>
    public void LosePower()
    {
        EndProcess();
        foreach (var (name, file) in _unflushedNames.Take(random.Next(_unflushedNames.Count + 1)))
            Rename(_durableNames, name, file);
        _unflushedNames.Clear();
        _files.Clear();
        foreach (var (name, file) in _durableNames)
            _files.Add(name, file);
        foreach (var file in _files.Values)
            file.LosePower(random);
    }

    public IDiskFile Open(SafePath path, FileUse use)
    {
        Step();
        var isThere = _files.TryGetValue(path.Text, out var file);
        if (!isThere && _folders.Contains(path.Text))
            throw new UnauthorizedAccessException();
        if (!isThere && use == FileUse.Read)
            throw new FileNotFoundException();
        if (isThere && use == FileUse.Create)
            throw new IOException("the file exists", FileError.ExistsCode);
        if (!isThere)
        {
            MakeFolders(path.Text);
            file = new SimulatedFile { Modified = time.GetUtcNow() };
            SetName(path.Text, file);
        }
        Opened++;
        if (use != FileUse.Read)
            _writing.Add(file!);
        return new Handle(this, file!, use);
    }

    /// <summary>There are no links here.</summary>
    public IDiskFile OpenWithin(SafePath root, SafePath path) =>
        path.Text.StartsWith(root.Text + "/", StringComparison.Ordinal)
            ? Open(path, FileUse.Read)
            : throw new UnauthorizedAccessException();

    public void Move(SafePath from, SafePath to)
    {
        Step();
        if (!_files.TryGetValue(from.Text, out var file))
            throw new FileNotFoundException();
        if (!_folders.Contains(to.Folder.Text))
            throw new DirectoryNotFoundException();
        _replaced = (to.Text, _files.GetValueOrDefault(to.Text));
        SetName(to.Text, file);
        _files.Remove(from.Text);
        _unflushedNames.Add((from.Text, null));
    }

    public void Delete(SafePath path)
    {
        Step();
        if (_folders.Contains(path.Text))
        {
            var below = path.Text + "/";
            if (_files.Keys.Concat(_folders).Any(name => name.StartsWith(below)))
                throw new IOException("the folder is not empty");
            _folders.Remove(path.Text);
            return;
        }
        if (!_files.Remove(path.Text))
            throw new FileNotFoundException();
        _unflushedNames.Add((path.Text, null));
    }

    public FileFacts Stat(SafePath path)
    {
        Step();
        if (_files.TryGetValue(path.Text, out var file))
            return new FileFacts(file.Length, file.Modified, IsFolder: false);
        return _folders.Contains(path.Text)
            ? new FileFacts(0, time.GetUtcNow(), IsFolder: true)
            : throw new FileNotFoundException();
    }

    public IReadOnlyList<FileEntry> List(
        SafePath folder, string pattern, bool isDeep, int entriesMax)
    {
        Step();
        if (!_folders.Contains(folder.Text))
            throw new DirectoryNotFoundException();
        var prefix = folder.Text + "/";
        return
        [
            .. Names
                .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
                .Where(name => isDeep || !name.AsSpan(prefix.Length).Contains('/'))
                .Where(name => FileSystemName.MatchesSimpleExpression(
                    pattern, Path.GetFileName(name.AsSpan()), ignoreCase: false))
                .Take(entriesMax)
                .Select(name => new FileEntry(
                    SafePath.Configured(name),
                    new FileFacts(_files[name].Length, _files[name].Modified, false))),
        ];
    }

    public long FreeBytes(SafePath folder)
    {
        Step();
        return CapacityBytes - UsedBytes;
    }

    public void FlushFolder(SafePath folder)
    {
        Step();
        foreach (var (name, file) in _unflushedNames)
            Rename(_durableNames, name, file);
        _unflushedNames.Clear();
    }

    private static void Rename(
        Dictionary<string, SimulatedFile> names, string name, SimulatedFile? file)
    {
        if (file is null)
            names.Remove(name);
        else
            names[name] = file;
    }

    private void SetName(string name, SimulatedFile file)
    {
        _files[name] = file;
        _unflushedNames.Add((name, file));
    }

    private void MakeFolders(string path)
    {
        for (var at = path.LastIndexOf('/'); at > 0; at = path.LastIndexOf('/', at - 1))
            _folders.Add(path[..at]);
    }

    /// <summary>Every call: it may fail, or be the last one of this process.</summary>
    /// <returns>False when the process dies in the middle of it.</returns>
    private bool Step(bool isTorn = false)
    {
        var isLast = CrashAfter is <= 0;
        if (isLast && !isTorn)
            throw new CrashException();
        CrashAfter--;
        Before?.Invoke();
        if (!isLast && Faults.Failing > 0 && random.Next(1000) < Faults.Failing)
            throw new IOException("input/output error", InputOutputError);
        return !isLast;
    }

    private sealed class Handle(SimulatedDisk disk, SimulatedFile file, FileUse use) : IDiskFile
    {
        private readonly List<(long At, byte[] Bytes)> _kept = [];
        private bool _isOpen = true;

        public FileFacts Facts => new(file.Length, file.Modified, IsFolder: false);

        public int Read(long at, Span<byte> into)
        {
            disk.Step();
            var count = (int)Math.Clamp(file.Length - at, 0, into.Length);
            if (count > 0)
                file.Bytes.Slice((int)at, count).CopyTo(into);
            disk.Plants.SpoilRead(at, into[..count]);
            return count;
        }

        /// <summary>What fits is written before a full disk, and some before the end.</summary>
        public void Write(long at, IReadOnlyList<ReadOnlyMemory<byte>> parts)
        {
            if (use == FileUse.Read)
                throw new UnauthorizedAccessException();
            var isWhole = disk.Step(isTorn: true);
            foreach (var part in parts)
            {
                var free = disk.CapacityBytes - disk.UsedBytes;
                var fits = (int)Math.Clamp(free + file.Length - at, 0, part.Length);
                var taken = isWhole ? fits : disk.Cut(fits);
                Put(at, part.Span[..disk.Plants.Written(taken)]);
                file.Modified = disk.Now;
                if (!isWhole && taken < part.Length)
                    throw new CrashException();
                if (taken < part.Length)
                    throw new IOException("no space left on device", FileError.FullCode);
                at += taken;
            }
            if (!isWhole)
                throw new CrashException();
        }

        private void Put(long at, ReadOnlySpan<byte> bytes)
        {
            if (disk.Plants.Is(Plant.KeepsWrites))
                _kept.Add((at, bytes.ToArray()));
            else
                file.Write(at, bytes);
        }

        public void Truncate(long length)
        {
            disk.Step();
            file.Truncate((int)length);
        }

        public void Flush()
        {
            disk.Step();
            file.Flush();
        }

        public void Dispose()
        {
            if (!_isOpen)
                return;
            _isOpen = false;
            disk.Opened--;
            disk._writing.Remove(file);
            foreach (var (at, bytes) in _kept)
                file.Write(at, bytes);
        }
    }

    private DateTimeOffset Now => time.GetUtcNow();

    private int Cut(int length) => random.Next(length + 1);
}
