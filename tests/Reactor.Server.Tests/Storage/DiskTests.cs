using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using NUnit.Framework;
using Reactor.Server.Storage;

namespace Reactor.Server.Tests.Storage;

[TestFixture]
public sealed class DiskTests : FileStoreContract
{
    [Test]
    [Platform("Linux")]
    public void A_full_disk_says_that_it_is_full()
    {
        var file = Bench.Open(SafePath.Configured("/dev/full"), FileUse.Append);

        Assert.That(Bench.Append(file, "x")?.Failure, Is.EqualTo(FileFailure.Full));
        Bench.Close(file);
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public void A_link_that_leads_out_of_the_root_is_not_followed()
    {
        var root = Bench.Folder.Child("html");
        Bench.Put(root.Child("in.html"), "page");
        Bench.Put(Bench.Folder.Child("secret"), "secret");
        Directory.CreateSymbolicLink(root.Child("up").Text, Bench.Folder.Text);
        File.CreateSymbolicLink(root.Child("out").Text, "../secret");
        File.CreateSymbolicLink(root.Child("round").Text, "round");
        File.CreateSymbolicLink(root.Child("stays").Text, "../html/./in.html");

        Assert.That(Within(root, root.Child("up").Child("secret")), Is.EqualTo(Denied));
        Assert.That(Within(root, root.Child("out")), Is.EqualTo(Denied));
        Assert.That(Within(root, root.Child("round")), Is.EqualTo(FileFailure.Other));
        Assert.That(Within(root, root.Child("stays")), Is.Null);
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public void The_root_itself_may_be_a_link()
    {
        Bench.Put(Bench.Folder.Child("v2").Child("a"), "a");
        var root = Bench.Folder.Child("current");
        Directory.CreateSymbolicLink(root.Text, "v2");

        Assert.That(Within(root, root.Child("a")), Is.Null);
    }

    [Test]
    public void A_thousand_idle_files_cost_no_thread()
    {
        var path = Bench.Folder.Child("film.flv");
        Bench.Put(path, "film");
        var before = Process.GetCurrentProcess().Threads.Count;
        var open = new List<StoredFile>();
        for (var i = 0; i < 1000; i++)
            Bench.Files.Open(path, FileUse.Read, null, result => open.Add(result.Value!));
        Bench.Until(() => open.Count == 1000);

        Assert.That(Bench.Files.OpenFiles, Is.EqualTo(1000));
        Assert.That(Process.GetCurrentProcess().Threads.Count, Is.LessThan(before + 10));
        foreach (var file in open)
            file.Close();
        Bench.Until(() => Bench.Files.IsIdle);
    }

    private static FileFailure Denied => FileFailure.Denied;

    private protected override FileBench CreateBench() => new DiskBench();

    private FileFailure? Within(SafePath root, SafePath path)
    {
        var result = Bench.Ask<StoredFile>(
            done => Bench.Files.OpenWithin(root, path, null, done));
        result.Value?.Close();
        return result.Error?.Failure;
    }
}
