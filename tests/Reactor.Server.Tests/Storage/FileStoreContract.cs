using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using NUnit.Framework;
using Reactor.Server.Storage;
using Reactor.Transport.Polling;

namespace Reactor.Server.Tests.Storage;

/// <summary>What a file store promises, over the machine's disk and a simulated one.</summary>
public abstract class FileStoreContract
{
    private protected FileBench Bench { get; private set; } = null!;

    private FileStore Files => Bench.Files;

    [SetUp]
    public void Open() => Bench = CreateBench();

    [TearDown]
    public void Close() => Bench.Dispose();

    [Test]
    public void What_was_put_in_place_is_there_whole_and_a_later_one_replaces_it()
    {
        var path = Bench.Folder.Child("a").Child("b.json");
        Bench.Put(path, "the first one, which is longer");
        Assert.That(Bench.TextOf(path), Is.EqualTo("the first one, which is longer"));

        Bench.Put(path, "the second");
        Assert.That(Bench.TextOf(path), Is.EqualTo("the second"));
        Assert.That(Names("*", isDeep: true), Is.EqualTo(new[] { "b.json" }), "nothing else");
    }

    [Test]
    public void What_was_put_in_place_outlasting_a_power_failure_is_there_too()
    {
        var path = Bench.Folder.Child("keys.json");
        var one = Bench.Loop.Pool.Copy("one, "u8);
        var two = Bench.Loop.Pool.Copy("two"u8);

        var error = Bench.Ask(done =>
            Files.Replace(path, [one, two], Outlasts.PowerFailure, null, done));
        one.Release();
        two.Release();

        Assert.That(error, Is.Null);
        Assert.That(Bench.TextOf(path), Is.EqualTo("one, two"));
    }

    [Test]
    public void A_file_that_is_not_there_is_not_found_by_anybody()
    {
        var path = Bench.Folder.Child("none");
        var failures = new[]
        {
            Bench.Ask<StoredFile>(done => Files.Open(path, FileUse.Read, null, done)).Error,
            Bench.Ask<byte[]>(done => Files.Load(path, 10, null, done)).Error,
            Bench.Ask<FileFacts>(done => Files.Stat(path, null, done)).Error,
            Bench.Ask(done => Files.Delete(path, null, done)),
            Bench.Ask(done => Files.Move(path, Bench.Folder.Child("other"), null, done)),
            Bench.Ask<IReadOnlyList<FileEntry>>(
                done => Files.List(path, "*", false, 10, null, done)).Error,
        };

        Assert.That(
            failures.Select(error => error?.Failure), Is.All.EqualTo(FileFailure.NotFound));
        Assert.That(failures[0]!.Text, Does.Contain("none").And.Not.Contain("\n"));
        Assert.That(Files.OpenFiles, Is.Zero);
    }

    [Test]
    public void A_file_of_one_s_own_is_not_made_where_one_is()
    {
        var path = Bench.Folder.Child("a.flv");
        Bench.Close(Bench.Open(path, FileUse.Create));

        var second = Bench.Ask<StoredFile>(
            done => Files.Open(path, FileUse.Create, null, done));

        Assert.That(second.Error?.Failure, Is.EqualTo(FileFailure.Exists));
        Assert.That(Files.OpenFiles, Is.Zero);
    }

    [Test]
    public void A_folder_is_no_file()
    {
        Bench.Put(Bench.Folder.Child("sub").Child("a"), "a");

        var opened = Bench.Ask<StoredFile>(
            done => Files.Open(Bench.Folder.Child("sub"), FileUse.Read, null, done));
        var facts = Bench.Ask<FileFacts>(
            done => Files.Stat(Bench.Folder.Child("sub"), null, done));

        Assert.That(opened.Error?.Failure, Is.EqualTo(FileFailure.Denied));
        Assert.That(facts.Value.IsFolder, Is.True);
    }

    [Test]
    public void A_file_grows_at_its_end_is_patched_anywhere_and_read_anywhere()
    {
        var path = Bench.Folder.Child("a.flv");
        var file = Bench.Open(path, FileUse.Create);
        Assert.That(Bench.Append(file, "0123"), Is.Null);
        Assert.That(Bench.Append(file, "456789"), Is.Null);
        Assert.That(file.Length, Is.EqualTo(10));

        var patch = Bench.Ask(done => file.Write(2, "xy"u8.ToArray(), done));
        Assert.That(patch, Is.Null);
        Assert.That(Bench.Ask(file.Flush), Is.Null);

        Assert.That(Bench.Read(file, 0, 100), Is.EqualTo("01xy456789"));
        Assert.That(Bench.Read(file, 3, 4), Is.EqualTo("y456"));
        Assert.That(Bench.Read(file, 8, 4), Is.EqualTo("89"), "what there is up to the end");
        Assert.That(Bench.Read(file, 50, 4), Is.Empty, "behind the end there is nothing");
        Bench.Close(file);

        var again = Bench.Open(path, FileUse.Append);
        Assert.That(again.Length, Is.EqualTo(10));
        Assert.That(Bench.Append(again, "!"), Is.Null);
        Bench.Close(again);
        Assert.That(Bench.TextOf(path), Is.EqualTo("01xy456789!"));
    }

    [Test]
    public void What_is_asked_of_one_file_is_done_in_order_whatever_the_threads()
    {
        var file = Bench.Open(Bench.Folder.Child("a"), FileUse.Create);
        var seen = new List<string>();
        var written = new StringBuilder();
        for (var i = 0; i < 100; i++)
        {
            written.Append(i).Append(' ');
            Bench.Append(file, $"{i} ", error => Assert.That(error, Is.Null));
            var expected = written.ToString();
            file.Read(0, 1000, result =>
                seen.Add(Encoding.UTF8.GetString(result.Value!.Written) == expected ? "" : "!"));
        }
        var isClosed = false;
        file.Close(_ => isClosed = true);
        Bench.Until(() => isClosed);

        Assert.That(seen, Has.Count.EqualTo(100).And.All.Empty);
    }

    [Test]
    public void Names_in_one_folder_change_in_the_order_in_which_it_was_asked()
    {
        var path = Bench.Folder.Child("index.m3u8");
        var answers = 0;
        for (var i = 0; i < 50; i++)
        {
            var text = Encoding.UTF8.GetBytes($"playlist {i}");
            Files.Replace(path, text, Outlasts.Crash, null, error =>
            {
                Assert.That(error, Is.Null);
                answers++;
            });
        }
        Bench.Until(() => answers == 50);

        Assert.That(Bench.TextOf(path), Is.EqualTo("playlist 49"));
    }

    [Test]
    public void Files_are_listed_by_pattern_in_order_and_not_more_than_asked()
    {
        foreach (var name in new[] { "b.ts", "a.ts", "c.m3u8" })
            Bench.Put(Bench.Folder.Child(name), name);
        Bench.Put(Bench.Folder.Child("deep").Child("d.ts"), "d");

        Assert.That(Names("*.ts", isDeep: false), Is.EqualTo(new[] { "a.ts", "b.ts" }));
        Assert.That(Names("*.ts", isDeep: true), Is.EqualTo(new[] { "a.ts", "b.ts", "d.ts" }));
        Assert.That(Names("*", isDeep: true, entriesMax: 2), Has.Length.EqualTo(2));
        Assert.That(Names("nothing*", isDeep: true), Is.Empty);
    }

    [Test]
    public void Files_can_be_moved_deleted_and_asked_about()
    {
        var from = Bench.Folder.Child("from");
        var to = Bench.Folder.Child("to");
        Bench.Put(from, "moved");
        Bench.Put(to, "lost");

        Assert.That(Bench.Ask(done => Files.Move(from, to, null, done)), Is.Null);
        Assert.That(Bench.TextOf(to), Is.EqualTo("moved"));
        Assert.That(Bench.TextOf(from), Is.Null);
        var facts = Bench.Ask<FileFacts>(done => Files.Stat(to, null, done)).Value;
        Assert.That(facts, Has.Property("Length").EqualTo(5).And.Property("IsFolder").False);

        Assert.That(Bench.Ask(done => Files.Delete(to, null, done)), Is.Null);
        Assert.That(Bench.TextOf(to), Is.Null);
    }

    [Test]
    public void A_folder_is_deleted_when_it_is_empty_and_not_before()
    {
        var folder = Bench.Folder.Child("sub");
        Bench.Put(folder.Child("a"), "a");

        Assert.That(Bench.Ask(done => Files.Delete(folder, null, done)), Is.Not.Null);
        Assert.That(Bench.Ask(done => Files.Delete(folder.Child("a"), null, done)), Is.Null);
        Assert.That(Bench.Ask(done => Files.Delete(folder, null, done)), Is.Null);
    }

    [Test]
    public void Free_space_is_told_also_of_a_folder_that_will_be()
    {
        var free = Bench.Ask<long>(
            done => Files.FreeBytes(Bench.Folder.Child("x").Child("y"), null, done));

        Assert.That(free.Error, Is.Null);
        Assert.That(free.Value, Is.GreaterThan(1 << 20));
    }

    [Test]
    public void A_file_that_is_too_large_to_be_loaded_says_so()
    {
        var path = Bench.Folder.Child("a");
        Bench.Put(path, "0123456789");

        Assert.That(
            Bench.Ask<byte[]>(done => Files.Load(path, 9, null, done)).Error?.Failure,
            Is.EqualTo(FileFailure.TooLarge));
        Assert.That(Bench.Ask<byte[]>(done => Files.Load(path, 10, null, done)).Error, Is.Null);
    }

    [Test]
    public void Only_what_lies_below_the_root_is_opened_within_it()
    {
        var root = Bench.Folder.Child("html");
        Bench.Put(root.Child("index.html"), "page");
        Bench.Put(Bench.Folder.Child("html2"), "secret");

        var inside = Bench.Ask<StoredFile>(
            done => Files.OpenWithin(root, root.Child("index.html"), null, done));
        Bench.Close(inside.Value!);
        var outside = Bench.Ask<StoredFile>(
            done => Files.OpenWithin(root, Bench.Folder.Child("html2"), null, done));

        Assert.That(outside.Error?.Failure, Is.EqualTo(FileFailure.Denied));
    }

    [Test]
    public void Closing_waits_for_its_turn_and_gives_every_packet_back()
    {
        var path = Bench.Folder.Child("a");
        var file = Bench.Open(path, FileUse.Create);
        var answers = 0;
        for (var i = 0; i < 20; i++)
            Bench.Append(file, "0123456789", _ => answers++);
        file.Read(0, 10, _ => answers++);
        file.Close(_ => Assert.That(answers, Is.EqualTo(21)));
        file.Close();
        Bench.Until(() => Files.IsIdle);

        Assert.That(answers, Is.EqualTo(21));
        Assert.That(Bench.Loop.Pool.Outstanding, Is.Zero);
        Assert.That(Bench.TextOf(path), Has.Length.EqualTo(200));
    }

    [Test]
    public void What_an_answer_lends_can_be_kept()
    {
        var path = Bench.Folder.Child("a");
        Bench.Put(path, "kept");
        var file = Bench.Open(path, FileUse.Read);
        Primitives.Packet? kept = null;
        file.Read(0, 100, result => kept = result.Value!.Retain());
        Bench.Until(() => kept is not null);

        Assert.That(Encoding.UTF8.GetString(kept!.Written), Is.EqualTo("kept"));
        kept.Release();
        Bench.Close(file);
    }

    [Test]
    public void Beyond_its_bound_the_store_answers_busy_and_closes_nevertheless()
    {
        var file = Bench.Open(Bench.Folder.Child("a"), FileUse.Create);
        var (written, busy) = (0, 0);
        for (var i = 0; i < FileStore.OperationsMax + 10; i++)
        {
            Bench.Append(file, "x", error =>
            {
                if (error is null)
                    written++;
                else if (error.Failure == FileFailure.Busy)
                    busy++;
            });
        }
        Assert.That((written, busy), Is.EqualTo((0, 0)), "nobody is answered within the call");
        var isClosed = false;
        file.Close(error => isClosed = error is null);
        Bench.Until(() => Files.IsIdle);

        Assert.That((written, busy), Is.EqualTo((FileStore.OperationsMax, 10)));
        Assert.That(Files.Refused, Is.EqualTo(10));
        Assert.That(isClosed, Is.True);
    }

    [Test]
    public void What_an_owner_throws_at_its_answer_ends_the_owner_alone()
    {
        var path = Bench.Folder.Child("a");
        Bench.Put(path, "a");
        var owner = new Owner();
        var file = Bench.Open(path, FileUse.Read);
        Files.Stat(path, owner, _ => throw new InvalidOperationException("a bug"));
        Bench.Until(() => owner.Fault is not null);

        Assert.That(owner.Fault, Has.Message.EqualTo("a bug"));
        Assert.That(Bench.Read(file, 0, 1), Is.EqualTo("a"), "others go on");
        Bench.Close(file);
    }

    [Test]
    public void Whoever_cannot_wait_closes_all_and_loses_what_was_not_begun()
    {
        var file = Bench.Open(Bench.Folder.Child("a"), FileUse.Create);
        for (var i = 0; i < 100; i++)
            Bench.Append(file, "0123456789", _ => { });
        file.Read(0, 10, _ => { });
        Files.Open(Bench.Folder.Child("b"), FileUse.Create, null, _ => { });

        Files.Dispose();                        // the bench looks at what is left
    }

    [Test]
    public void Whatever_was_asked_is_answered_at_the_end_so_that_its_owner_lets_go()
    {
        var file = Bench.Open(Bench.Folder.Child("a"), FileUse.Create);
        var kept = Bench.Loop.Pool.Copy("kept until the answer"u8);
        var answers = new List<FileFailure?>();
        for (var i = 0; i < 10; i++)
            Bench.Append(file, "0123456789", Take);
        file.Append([kept], error =>
        {
            Take(error);
            kept.Release();
            file.Close(Take);
        });
        Files.Open(Bench.Folder.Child("b"), FileUse.Create, null, result => Take(result.Error));
        Assert.That(answers, Is.Empty);

        Files.Dispose();

        Assert.That(answers, Has.Count.EqualTo(13).And.All.EqualTo(FileFailure.Stopped));

        void Take(FileError? error) => answers.Add(error?.Failure);
    }

    private protected abstract FileBench CreateBench();

    private string[] Names(string pattern, bool isDeep, int entriesMax = 100)
    {
        var result = Bench.Ask<IReadOnlyList<FileEntry>>(
            done => Files.List(Bench.Folder, pattern, isDeep, entriesMax, null, done));
        Assert.That(result.Error, Is.Null);
        return [.. result.Value!.Select(entry => entry.Path.Name)];
    }

    private sealed class Owner : IFaultTarget
    {
        public Exception? Fault { get; private set; }

        public void OnFault(Exception fault) => Fault = fault;
    }
}
