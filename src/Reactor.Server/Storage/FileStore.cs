using System;
using System.Collections.Generic;
using Reactor.Primitives;
using Reactor.Transport;
using Reactor.Transport.Polling;

namespace Reactor.Server.Storage;

/// <summary>All that the server does with the disk, asked and answered on the loop.</summary>
/// <remarks>
/// What is asked of one file is done in order, and so is what is asked of the names in one
/// folder, whatever the number of threads. Every question is answered exactly once, never before
/// the call that asks it has returned; when too much is under way the answer is
/// <see cref="FileFailure.Busy"/>, in the next turn. Nobody waits.
/// Invariants: <see cref="Outstanding"/> counts what was taken and has not ended yet; what a file
/// reads or writes stays owned by the store until then.
/// </remarks>
public sealed class FileStore : IDisposable
{
    /// <summary>Operations that may be under way or waiting, closing left out.</summary>
    public const int OperationsMax = 1024;

    /// <summary>Files that may be open.</summary>
    public const int FilesMax = 4096;

    private const int RetryMs = 10;

    /// <summary>Who is told that nothing more is done asks for little, such as closing.</summary>
    private const int AnswersMax = 16 * (OperationsMax + FilesMax);

    private static readonly FileException TooMuch =
        new(FileFailure.Busy, "too much is under way on the disk");

    private static readonly FileException Stopped =
        new(FileFailure.Stopped, "the server stops, and the disk has not answered yet");

    private readonly IWorkQueue _work;
    private readonly Dictionary<string, FileLane> _folders = [];
    private readonly HashSet<FileLane> _lanes = [];
    private readonly HashSet<StoredFile> _files = [];
    private readonly Queue<FileLane> _stalled = new();
    private readonly Queue<FileOperation> _refused = new();
    private readonly LoopTimer _refusing;
    private readonly LoopTimer _retrying;
    private int _opening;
    private State _state;

    public FileStore(EventLoop loop, IWorkQueue work, IDisk disk)
    {
        Loop = loop;
        Disk = disk;
        _work = work;
        _refusing = loop.CreateTimer(AnswerRefused, owner: null);
        _retrying = loop.CreateTimer(Retry, owner: null);
    }

    private enum State
    {
        Open,

        /// <summary>Everybody is told that nothing more is done.</summary>
        Stopping,
        Stopped,
    }

    /// <summary>Operations that were taken and have not ended; zero after shutdown.</summary>
    public int Outstanding { get; private set; }

    /// <summary>Operations that were refused because so many were under way.</summary>
    public long Refused { get; private set; }

    /// <summary>Files that are open, or being opened; zero after shutdown.</summary>
    public int OpenFiles => _files.Count + _opening;

    public bool IsIdle => Outstanding == 0 && OpenFiles == 0 && _refused.Count == 0;

    internal EventLoop Loop { get; }

    internal IDisk Disk { get; }

    /// <summary>Opens a file; whoever gets it closes it.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="use">What for.</param>
    /// <param name="owner">Whose fault it is if an answer about this file cannot be taken.</param>
    /// <param name="done">Takes the file.</param>
    public void Open(
        SafePath path, FileUse use, IFaultTarget? owner, Action<FileResult<StoredFile>> done) =>
        Open(path, owner, done, () => Disk.Open(path, use));

    /// <summary>Opens for reading what lies below a root, also once links are followed.</summary>
    public void OpenWithin(
        SafePath root, SafePath path, IFaultTarget? owner, Action<FileResult<StoredFile>> done) =>
        Open(path, owner, done, () => Disk.OpenWithin(root, path));

    /// <summary>Reads a file whole.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="bytesMax">One that is larger is <see cref="FileFailure.TooLarge"/>.</param>
    /// <param name="owner">Whose fault it is if the answer cannot be taken.</param>
    /// <param name="done">Takes the bytes.</param>
    public void Load(
        SafePath path, int bytesMax, IFaultTarget? owner, Action<FileResult<byte[]>> done) =>
        InFolder(path, owner, () => WholeFile.Load(Disk, path, bytesMax), done);

    /// <summary>Puts a file in place, whole: readers see the old one or the new one.</summary>
    /// <param name="path">Where it goes; folders on the way are made.</param>
    /// <param name="parts">Its bytes; kept until the answer.</param>
    /// <param name="outlasts">What it is to outlast, in full or not at all.</param>
    /// <param name="owner">Whose fault it is if the answer cannot be taken.</param>
    /// <param name="done">Told when it is there.</param>
    public void Replace(
        SafePath path, ReadOnlySpan<Packet> parts, Outlasts outlasts, IFaultTarget? owner,
        Action<FileError?> done)
    {
        var kept = new KeptPackets(parts);
        Change(path, owner, () => WholeFile.Replace(Disk, path, kept.Bytes, outlasts), done,
            kept.Release);
    }

    /// <summary>The same with bytes that the caller leaves alone until the answer.</summary>
    public void Replace(
        SafePath path, ReadOnlyMemory<byte> bytes, Outlasts outlasts, IFaultTarget? owner,
        Action<FileError?> done) =>
        Change(path, owner, () => WholeFile.Replace(Disk, path, [bytes], outlasts), done);

    /// <summary>Makes a file's name outlast a power failure, whoever gave it.</summary>
    public void FlushName(SafePath path, IFaultTarget? owner, Action<FileError?> done) =>
        Change(path, owner, () => Disk.FlushFolder(path.Folder), done);

    /// <summary>Renames within a file system, in one step.</summary>
    public void Move(SafePath from, SafePath to, IFaultTarget? owner, Action<FileError?> done) =>
        Change(to, owner, () => Disk.Move(from, to), done);

    /// <summary>Deletes a file or an empty folder.</summary>
    public void Delete(SafePath path, IFaultTarget? owner, Action<FileError?> done) =>
        Change(path, owner, () => Disk.Delete(path), done);

    public void Stat(SafePath path, IFaultTarget? owner, Action<FileResult<FileFacts>> done) =>
        InFolder(path, owner, () => Disk.Stat(path), done);

    /// <summary>Finds files, in the order of their paths.</summary>
    /// <param name="folder">Where to look; links in it are not followed.</param>
    /// <param name="pattern">A name with <c>*</c> and <c>?</c>.</param>
    /// <param name="isDeep">Whether folders in it are looked through as well.</param>
    /// <param name="entriesMax">So many at most.</param>
    /// <param name="owner">Whose fault it is if the answer cannot be taken.</param>
    /// <param name="done">Takes what was found.</param>
    public void List(
        SafePath folder, string pattern, bool isDeep, int entriesMax, IFaultTarget? owner,
        Action<FileResult<IReadOnlyList<FileEntry>>> done) =>
        Take(
            LaneOf(folder),
            new FileOperation<IReadOnlyList<FileEntry>>(
                folder, owner, () => Disk.List(folder, pattern, isDeep, entriesMax), done));

    /// <summary>Bytes that may still be written where this folder is, or will be.</summary>
    public void FreeBytes(SafePath folder, IFaultTarget? owner, Action<FileResult<long>> done) =>
        Take(
            LaneOf(folder),
            new FileOperation<long>(folder, owner, () => Disk.FreeBytes(folder), done));

    /// <summary>
    /// Answers all that was asked with <see cref="FileFailure.Stopped"/>, and closes what is open,
    /// now or when its work ends. Whoever can wait for <see cref="IsIdle"/> does so before.
    /// </summary>
    /// <remarks>
    /// Also what is under way, for a disk that hangs ends it never, and whoever waits for the
    /// answer owns packets. What the work itself reads or writes is kept until it ends.
    /// </remarks>
    public void Dispose()
    {
        if (_state != State.Open)
            return;
        _state = State.Stopping;
        _refusing.Cancel();
        _retrying.Cancel();
        var open = new List<StoredFile>(_files);    // a close that is refused leaves the list
        foreach (var lane in new List<FileLane>(_lanes))
            Stop(lane);
        // Those who were told may close their files, which is refused as all else.
        for (var answers = 0; _refused.TryDequeue(out var refused); answers++)
        {
            Invariant.Holds(answers < AnswersMax);
            Answer(refused, Stopped);
        }
        foreach (var file in open)
        {
            if (file.Lane.UnderWay is null)
                file.Abandon();
        }
        _state = State.Stopped;
    }

    /// <summary>Takes an operation, or refuses it in the next turn.</summary>
    internal void Take(FileLane lane, FileOperation operation, bool isClosing = false)
    {
        Invariant.Holds(_state != State.Stopped);
        if (_state == State.Stopping || (Outstanding >= OperationsMax && !isClosing))
        {
            Refuse(operation);
            return;
        }
        Outstanding++;
        _lanes.Add(lane);
        lane.Waiting.Enqueue(operation);
        Advance(lane);
    }

    internal void Closed(StoredFile file) => _files.Remove(file);

    private void Open(
        SafePath path, IFaultTarget? owner, Action<FileResult<StoredFile>> done,
        Func<IDiskFile> open)
    {
        var lane = new FileLane();
        var operation = new FileOperation<IDiskFile>(path, owner, open, Opened)
        {
            Released = () => _opening--,
        };
        _opening++;
        if (OpenFiles > FilesMax)
            Refuse(operation);
        else
            Take(lane, operation);

        void Opened(FileResult<IDiskFile> result)
        {
            if (!result.IsOk(out var opened, out var error))
            {
                done(new FileResult<StoredFile>(null, error));
                return;
            }
            var file = new StoredFile(this, path, opened, lane, owner);
            _files.Add(file);
            done(new FileResult<StoredFile>(file, null));
        }
    }

    private void Change(
        SafePath path, IFaultTarget? owner, Action work, Action<FileError?> done,
        Action? released = null) =>
        InFolder(
            path,
            owner,
            () =>
            {
                work();
                return true;
            },
            result => done(result.Error),
            released);

    private void InFolder<T>(
        SafePath path, IFaultTarget? owner, Func<T> work, Action<FileResult<T>> done,
        Action? released = null)
        where T : notnull =>
        Take(
            LaneOf(path.Folder),
            new FileOperation<T>(path, owner, work, done) { Released = released });

    private FileLane LaneOf(SafePath folder)
    {
        if (!_folders.TryGetValue(folder.Text, out var lane))
            _folders.Add(folder.Text, lane = new FileLane { Folder = folder.Text });
        return lane;
    }

    /// <summary>Hands the next operation of a lane over, unless one is under way.</summary>
    private void Advance(FileLane lane)
    {
        if (lane.UnderWay is not null || lane.IsStalled || !lane.Waiting.TryPeek(out var next))
            return;
        if (_work.TryRun(next.Work, fault => End(lane, next, fault)))
        {
            lane.UnderWay = lane.Waiting.Dequeue();
            return;
        }
        lane.IsStalled = true;
        _stalled.Enqueue(lane);
        if (!_retrying.IsSet)
            _retrying.Set(RetryMs);
    }

    private void End(FileLane lane, FileOperation operation, Exception? fault)
    {
        Outstanding--;
        lane.UnderWay = null;
        if (_state == State.Stopped)            // its answer was given then
        {
            operation.Abandon();
            lane.File?.Abandon();
            operation.Released?.Invoke();
            return;
        }
        Advance(lane);
        if (lane.IsEmpty)
        {
            _lanes.Remove(lane);
            if (lane.Folder is { } folder)
                _folders.Remove(folder);
        }
        Answer(operation, fault);
    }

    private void Answer(FileOperation operation, Exception? fault)
    {
        try
        {
            Tell(operation, fault);
        }
        finally
        {
            operation.Released?.Invoke();
        }
    }

    private void Tell(FileOperation operation, Exception? fault)
    {
        var error = fault is null ? null : FileError.Of(fault, operation.Path);
        Loop.Contain(
            operation.Owner,
            () =>
            {
                if (fault is not null && error is null)
                    throw new InvalidOperationException(fault.Message, fault);
                operation.Answer(error);
            });
    }

    private void Refuse(FileOperation operation)
    {
        _refused.Enqueue(operation);
        Refused++;
        if (_state == State.Open && !_refusing.IsSet)
            _refusing.Set(0);
    }

    private void AnswerRefused()
    {
        for (var count = _refused.Count; count > 0; count--)
            Answer(_refused.Dequeue(), TooMuch);
    }

    private void Retry()
    {
        for (var count = _stalled.Count; count > 0; count--)
        {
            var lane = _stalled.Dequeue();
            lane.IsStalled = false;
            Advance(lane);
        }
    }

    private void Stop(FileLane lane)
    {
        if (lane.UnderWay is { } underWay)
            Tell(underWay, Stopped);            // it ends, and gives back, when the disk lets go
        while (lane.Waiting.TryDequeue(out var operation))
        {
            Outstanding--;
            Answer(operation, Stopped);
        }
    }
}
