using System.Collections.Generic;
using System.Linq;
using System.Text;
using NUnit.Framework;
using Reactor.Server.Storage;
using Reactor.Testing.Simulation;

namespace Reactor.Server.Tests.Storage;

[TestFixture]
public sealed class SimulatedDiskTests : FileStoreContract
{
    private const int Crashes = 40;
    private const string Old = "what was there before, in full";
    private const string New = "what comes instead";

    private SimulatedBench Simulated => (SimulatedBench)Bench;

    [Test]
    public void On_a_full_disk_an_append_is_taken_back_whole_and_later_ones_succeed()
    {
        var path = Bench.Folder.Child("a.flv");
        var file = Bench.Open(path, FileUse.Create);
        Assert.That(Bench.Append(file, "tag 1 "), Is.Null);
        Simulated.Disk.CapacityBytes = 10;

        Assert.That(Bench.Append(file, "tag 2 ")?.Failure, Is.EqualTo(FileFailure.Full));
        Assert.That(file.Length, Is.EqualTo(6));
        Assert.That(Bench.Read(file, 0, 100), Is.EqualTo("tag 1 "));

        Simulated.Disk.CapacityBytes = 100;
        Assert.That(Bench.Append(file, "tag 3 "), Is.Null);
        Bench.Close(file);
        Assert.That(Bench.TextOf(path), Is.EqualTo("tag 1 tag 3 "));
    }

    [Test]
    public void On_a_full_disk_what_was_in_place_stays_and_nothing_is_left_over()
    {
        var path = Bench.Folder.Child("keys.json");
        Bench.Put(path, Old);
        Simulated.Disk.CapacityBytes = Old.Length + 4;

        var error = Bench.Ask(done => Bench.Files.Replace(
            path, Encoding.UTF8.GetBytes(New), Outlasts.PowerFailure, null, done));

        Assert.That(error?.Failure, Is.EqualTo(FileFailure.Full));
        Assert.That(Simulated.Disk.Names, Is.EqualTo(new[] { path.Text }));
        Assert.That(Bench.TextOf(path), Is.EqualTo(Old));
    }

    [Test]
    public void A_disk_that_fails_now_and_then_costs_the_call_that_failed()
    {
        Simulated.Disk.Faults = new DiskFaults { Failing = 300 };
        var file = Open();
        var whole = new StringBuilder();
        var failed = 0;
        for (var i = 0; i < 100; i++)
        {
            if (Bench.Append(file, $"{i} ") is { } error)
                failed += error.Failure == FileFailure.Other ? 1 : 100;
            else
                whole.Append(i).Append(' ');
        }
        Simulated.Disk.Faults = DiskFaults.None;

        Assert.That(failed, Is.InRange(10, 60));
        Assert.That(Bench.Read(file, 0, 10_000), Is.EqualTo(whole.ToString()));
        Bench.Close(file);

        StoredFile Open()
        {
            while (true)
            {
                var result = Bench.Ask<StoredFile>(done => Bench.Files.Open(
                    Bench.Folder.Child("a"), FileUse.Append, null, done));
                if (result.IsOk(out var opened, out _))
                    return opened;
            }
        }
    }

    [Test]
    public void A_crowded_queue_of_work_delays_and_loses_nothing()
    {
        Simulated.Work.Faults = new DiskFaults { Crowded = 700, Slow = 100 };
        var file = Bench.Open(Bench.Folder.Child("a"), FileUse.Create);
        for (var i = 0; i < 100; i++)
            Bench.Append(file, "x", error => Assert.That(error, Is.Null));
        Bench.Close(file);

        Assert.That(Simulated.Disk.Read("folder/a"), Has.Length.EqualTo(100));
    }

    /// <summary>At every call on the way, and in several ways each.</summary>
    [Test]
    public void Whenever_the_power_fails_a_replaced_file_is_the_old_one_or_the_new_one()
    {
        var endings = new HashSet<string>();
        for (var after = 0; after < Crashes; after++)
        {
            for (var seed = 0; seed < 20; seed++)
            {
                var path = Bench.Folder.Child("keys.json");
                var disk = Crash(path, Outlasts.PowerFailure, seed, after);
                disk.LosePower();
                endings.Add(Encoding.UTF8.GetString(disk.Read(path.Text)));
            }
        }

        Assert.That(endings, Is.EquivalentTo(new[] { Old, New }));
    }

    [Test]
    public void Whenever_the_process_is_killed_a_replaced_file_is_the_old_one_or_the_new_one()
    {
        var endings = new HashSet<string>();
        for (var after = 0; after < Crashes; after++)
        {
            var path = Bench.Folder.Child("index.m3u8");
            var disk = Crash(path, Outlasts.Crash, after, after);
            disk.EndProcess();
            endings.Add(Encoding.UTF8.GetString(disk.Read(path.Text)));
        }

        Assert.That(endings, Is.EquivalentTo(new[] { Old, New }));
    }

    /// <summary>The double would not be worth much otherwise.</summary>
    [Test]
    public void Without_a_flush_a_power_failure_does_tear_a_file()
    {
        var endings = new HashSet<string>();
        for (var seed = 0; seed < 50; seed++)
        {
            var path = Bench.Folder.Child("index.m3u8");
            var disk = Crash(path, Outlasts.Crash, seed, Crashes);
            disk.LosePower();
            endings.Add(Encoding.UTF8.GetString(disk.Read(path.Text)));
        }

        Assert.That(endings.Except([Old, New]), Is.Not.Empty);
    }

    [Test]
    public void Beyond_the_bound_of_open_files_the_answer_is_busy()
    {
        Simulated.Disk.Put("folder/film.flv", "film"u8);
        var path = Bench.Folder.Child("film.flv");
        var open = new List<StoredFile>();
        while (open.Count < FileStore.FilesMax)
            open.Add(Bench.Open(path, FileUse.Read));

        var refused = Bench.Ask<StoredFile>(
            done => Bench.Files.Open(path, FileUse.Read, null, done));
        Assert.That(refused.Error?.Failure, Is.EqualTo(FileFailure.Busy));

        Bench.Close(open[0]);
        Bench.Close(Bench.Open(path, FileUse.Read));
        foreach (var file in open)
            file.Close();
        Bench.Until(() => Bench.Files.IsIdle);
    }

    [Test]
    public void One_seed_has_one_history()
    {
        var (first, second, other) = (HistoryOf(5), HistoryOf(5), HistoryOf(6));

        Assert.That(second, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));
    }

    private protected override FileBench CreateBench() => new SimulatedBench();

    /// <summary>Replaces a file, and dies after so many calls.</summary>
    private static SimulatedDisk Crash(SafePath path, Outlasts outlasts, int seed, int after)
    {
        var bench = new SimulatedBench(seed);   // not disposed: its process dies
        bench.Disk.Put(path.Text, Encoding.UTF8.GetBytes(Old));
        bench.Disk.CrashAfter = after;
        var isDone = false;
        try
        {
            bench.Files.Replace(
                path, Encoding.UTF8.GetBytes(New), outlasts, null, _ => isDone = true);
            bench.Until(() => isDone);
        }
        catch (CrashException)
        {
            // As intended.
        }
        return bench.Disk;
    }

    private static ulong HistoryOf(int seed)
    {
        using var bench = new SimulatedBench(seed);
        bench.Work.Faults = new DiskFaults { Crowded = 300, Slow = 100 };
        for (var i = 0; i < 20; i++)
            bench.Put(bench.Folder.Child($"f{i % 3}").Child("a"), "text");
        return bench.Trace.Hash;
    }
}
