using System;
using NUnit.Framework;
using Reactor.Server.Storage;
using Reactor.Testing;
using Reactor.Testing.Simulation;
using Reactor.Transport;

namespace Reactor.Server.Tests.Storage;

/// <summary>The end of a store whose work queue takes nothing more.</summary>
[TestFixture]
public sealed class FileStoreStopTests
{
    /// <summary>
    /// Swarm seeds 20017010 and 20019145: the owner closed it when it was told, and that was
    /// refused as all else was.
    /// </summary>
    [Test]
    public void A_file_that_waited_behind_a_full_queue_is_closed_all_the_same()
    {
        var time = new SimulatedTime();
        var network = new SimulatedNetwork(time, new Random(1), new Trace(time, 16));
        using var loop = new EventLoop(network, time, new LoopSettings());
        using var work = new HeldWork(loop.Mailbox);
        var disk = new SimulatedDisk(new Random(1), time);
        var files = new FileStore(loop, work, disk);
        StoredFile? file = null;
        files.Open(SafePath.Configured("a"), FileUse.Create, null, opened => file = opened.Value);
        for (var i = 0; i < 10 && file is null; i++)
            loop.RunOnce();
        Assert.That(disk.Opened, Is.EqualTo(1));
        work.IsFull = true;
        file!.Read(0, 1, _ => file.Close());

        files.Dispose();

        Assert.That(disk.Opened, Is.Zero);
    }
}
