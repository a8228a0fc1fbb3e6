using System;
using System.IO;
using System.Text;
using NUnit.Framework;
using Reactor.Server.Storage;
using Reactor.Testing.Simulation;
using Reactor.Transport;
using Reactor.Transport.Network;

namespace Reactor.Server.Tests.Storage;

/// <summary>A file store, the loop that it lives on, and a folder of its own.</summary>
internal abstract class FileBench : IDisposable
{
    private const int TurnsMax = 200_000;

    public EventLoop Loop { get; protected init; } = null!;

    public FileStore Files { get; protected init; } = null!;

    public SafePath Folder { get; protected init; }

    /// <summary>Turns the loop until it is so.</summary>
    public void Until(Func<bool> isSo, string what = "an answer")
    {
        for (var turns = 0; !isSo(); turns++)
        {
            Assert.That(turns, Is.LessThan(TurnsMax), what);
            Turn();
        }
    }

    /// <summary>Asks, and turns the loop until there is an answer.</summary>
    public FileResult<T> Ask<T>(Action<Action<FileResult<T>>> ask)
        where T : notnull
    {
        FileResult<T>? answer = null;
        ask(result => answer = result);
        Assert.That(answer, Is.Null, "an answer never comes before the call has returned");
        Until(() => answer is not null);
        return answer!.Value;
    }

    /// <summary>The same for what yields nothing.</summary>
    public FileError? Ask(Action<Action<FileError?>> ask)
    {
        var isAnswered = false;
        FileError? answer = null;
        ask(error => (isAnswered, answer) = (true, error));
        Assert.That(isAnswered, Is.False, "an answer never comes before the call has returned");
        Until(() => isAnswered);
        return answer;
    }

    public StoredFile Open(SafePath path, FileUse use)
    {
        var result = Ask<StoredFile>(done => Files.Open(path, use, null, done));
        Assert.That(result.Error, Is.Null);
        return result.Value!;
    }

    public void Close(StoredFile file) => Assert.That(Ask(done => file.Close(done)), Is.Null);

    /// <summary>What a file holds, as text; null when it is not there.</summary>
    public string? TextOf(SafePath path)
    {
        var result = Ask<byte[]>(done => Files.Load(path, 1 << 20, null, done));
        return result.IsOk(out var bytes, out _) ? Encoding.UTF8.GetString(bytes) : null;
    }

    public void Put(SafePath path, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.That(
            Ask(done => Files.Replace(path, bytes, Outlasts.Crash, null, done)), Is.Null);
    }

    public void Append(StoredFile file, string text, Action<FileError?> done)
    {
        var packet = Loop.Pool.Copy(Encoding.UTF8.GetBytes(text));
        file.Append([packet], done);
        packet.Release();
    }

    public FileError? Append(StoredFile file, string text) =>
        Ask(done => Append(file, text, done));

    public string Read(StoredFile file, long at, int count)
    {
        string? text = null;
        file.Read(at, count, result =>
        {
            Assert.That(result.Error, Is.Null);
            text = Encoding.UTF8.GetString(result.Value!.Written);
        });
        Until(() => text is not null);
        return text!;
    }

    public abstract void Dispose();

    protected abstract void Turn();
}

/// <summary>On the machine's own disk, with threads.</summary>
internal sealed class DiskBench : FileBench
{
    private readonly string _folder = Directory.CreateTempSubdirectory("reactor-").FullName;
    private readonly WorkQueue _work;

    public DiskBench(int threads = 3)
    {
        Loop = new EventLoop(
            Networks.Open(NetworkBackend.Auto), TimeProvider.System, new LoopSettings());
        _work = new WorkQueue(Loop.Mailbox, threads);
        Files = new FileStore(Loop, _work, new Disk());
        Folder = SafePath.Configured(_folder);
    }

    public override void Dispose()
    {
        Files.Dispose();
        _work.Dispose();
        Assert.Multiple(() =>
        {
            Assert.That(Files.Outstanding, Is.Zero);
            Assert.That(Files.OpenFiles, Is.Zero);
            Assert.That(Loop.Pool.Outstanding, Is.Zero);
            Assert.That(Loop.Timers.Count, Is.Zero);
        });
        Loop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    protected override void Turn() => Loop.RunOnce();
}

/// <summary>In memory, in simulated time.</summary>
internal sealed class SimulatedBench : FileBench
{
    public SimulatedBench(int seed = 1, int threads = 3)
    {
        var time = new SimulatedTime();
        var trace = new Trace(time, 16);
        var network = new SimulatedNetwork(time, new Random(seed), trace);
        Loop = new EventLoop(network, time, new LoopSettings());
        Disk = new SimulatedDisk(new Random(seed + 1), time);
        Work = new SimulatedWork(time, new Random(seed + 2), trace, Loop.Mailbox, threads);
        Files = new FileStore(Loop, Work, Disk);
        Folder = SafePath.Configured("folder");
        Trace = trace;
    }

    public SimulatedDisk Disk { get; }

    public SimulatedWork Work { get; }

    public Trace Trace { get; }

    public override void Dispose()
    {
        Files.Dispose();
        Work.Dispose();
        Assert.Multiple(() =>
        {
            Assert.That(Files.Outstanding, Is.Zero);
            Assert.That(Files.OpenFiles, Is.Zero);
            Assert.That(Disk.Opened, Is.Zero);
            Assert.That(Loop.Pool.Outstanding, Is.Zero);
            Assert.That(Loop.Timers.Count, Is.Zero);
        });
        Loop.Dispose();
    }

    protected override void Turn() => Loop.RunOnce();
}
