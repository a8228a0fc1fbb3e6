using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Control;
using Reactor.Server.Tests.Http;
using Reactor.Testing;
using Reactor.Testing.Hls;
using Reactor.Testing.Simulation;
using Reactor.Transport;
using static Reactor.Server.Tests.Http.HlsFilm;

namespace Reactor.Server.Tests.Egress;

/// <summary>HLS on a disk, which is simulated: it may be full, slow or failing.</summary>
[TestFixture]
public sealed class HlsFilesTests
{
    private const string Folder = "hls/live/a/";
    private const string Playlist = Folder + "index.m3u8";

    private static readonly HlsOptions OnDisk = new() { Store = HlsStore.Disk };

    [Test]
    public void Files_hold_what_is_answered_and_no_playlist_names_one_that_is_missing()
    {
        using var server = Start(OnDisk);
        var publisher = Publish(server);
        var (checker, ts) = (new PlaylistChecker(), new TsChecker());
        for (var time = 0u; time < 40_000; time += 40)
        {
            Film(server, publisher, time, time + 40);
            Read(server, checker);
        }

        Assert.That(checker.All.Count(), Is.GreaterThan(15));
        Assert.That(
            Numbers(server), Has.Count.EqualTo(OnDisk.HlsWindow + 7 + OnDisk.DeleteThreshold),
            "the window of 12 s, 14 s behind it, and the threshold");
        using var viewer = new HttpPeer(server, 7002);
        viewer.Get("/live/a.m3u8");
        Assert.That(
            viewer.Last.Text.Replace("\na/", "\n", StringComparison.Ordinal),
            Is.EqualTo(Text(server)), "both stores tell the same");
        foreach (var segment in checker.Segments)
        {
            var bytes = server.Disk.Read(Folder + segment.Uri);
            Assert.That(viewer.Get($"/live/a/{segment.Uri}")!.Body, Is.EqualTo(bytes));
            ts.Read(bytes, segment.IsDiscontinuity);
        }
        AssertNothingIsLeft(server);
        Read(server, checker);
    }

    /// <summary>What an earlier run left: segments rest as long as their playlist.</summary>
    [Test]
    public void A_segment_that_is_old_stays_while_its_playlist_is_young()
    {
        const string gone = "hls/live/gone/";
        using var server = Start(OnDisk);
        server.Disk.Put(gone + "1.ts", [1]);
        server.Turns(50, 1000);
        server.Disk.Put(gone + "2.ts", [2]);
        server.Disk.Put(gone + "index.m3u8", [3]);
        server.Turns(50, 1000);                 // the first is older than its rest, by far
        Assert.That(server.Disk.Names.Where(IsGone), Has.Exactly(3).Items);

        server.Turns(80, 1000);
        Assert.That(server.Disk.Names.Where(IsGone), Is.Empty, "a minute of rest, for all");

        static bool IsGone(string name) => name.StartsWith(gone, StringComparison.Ordinal);
    }

    /// <summary>RFC 8216 §6.2.2.</summary>
    [Test]
    public void A_viewer_that_is_slow_finds_what_its_playlist_named([Values] HlsStore store)
    {
        using var server = Start(OnDisk with { Store = store });
        var publisher = Publish(server);
        using var viewer = new HttpPeer(server, 7002);
        viewer.Get("/live/a.m3u8");
        Film(server, publisher, 0, 30_001);
        var named = new PlaylistChecker();
        named.Read(viewer.Get("/live/a.m3u8")!.Text);
        var segment = named.Segments[0];
        var length = named.Segments.Sum(each => each.Duration) + segment.Duration;
        var left = 30_001 + (uint)(segment.Duration * 1000);    // the next playlist is without it

        Film(server, publisher, 30_001, left + (uint)(length * 1000) - 40);
        using var late = new HttpPeer(server, 7002);
        Assert.That(late.Get($"/live/{segment.Uri}")!.Status, Is.EqualTo(200));
        if (store == HlsStore.Disk)
            Assert.That(server.Disk.Names, Does.Contain($"hls/live/{segment.Uri}"));
        Film(server, publisher, left + (uint)(length * 1000) - 40, left + 20_000);
        Assert.That(late.Get($"/live/{segment.Uri}")!.Status, Is.EqualTo(404), "not for ever");
    }

    [Test]
    public void The_playlist_ends_and_its_files_go_when_nobody_needs_them([Values] bool cleanup)
    {
        using var server = Start(OnDisk with { HlsCleanup = cleanup });
        var publisher = Publish(server);
        Film(server, publisher, 0, 9001);
        publisher.End();
        server.Turns(200, 200);                 // the grace is 30 s

        Assert.That(Text(server), Does.EndWith("#EXT-X-ENDLIST\n"));
        Read(server, new PlaylistChecker());
        server.Turns(900, 200);                 // hls_dispose is 60 s
        Assert.That(server.Disk.Names.Any(), Is.EqualTo(!cleanup));
        Assert.That(server.Server.Hub.Count, Is.Zero);
    }

    [Test]
    public void A_publisher_that_returns_goes_on_in_the_same_playlist([Values] bool ended)
    {
        using var server = Start(OnDisk);
        var checker = new PlaylistChecker();
        var publisher = Publish(server);
        Film(server, publisher, 0, 9001);
        publisher.End();
        server.Turns(ended ? 200 : 20, 200);
        var last = Numbers(server)[^1];
        publisher = Publish(server);
        Film(server, publisher, 0, 5001);

        Read(server, checker);
        Assert.That(checker.IsEnded, Is.False);
        Assert.That(checker.All.Any(segment => segment.Sequence > last && segment.IsDiscontinuity));
        Assert.That(checker.All.Any(segment => segment.Sequence <= last), Is.EqualTo(!ended));
    }

    [Test]
    public void What_an_earlier_run_left_goes_and_nothing_else_does()
    {
        using var server = Start(OnDisk);
        string[] left =
        [
            Folder + "5.ts", Folder + "6.ts.tmp", Playlist, "hls/live/gone/7.ts",
            "hls/live/gone/index.m3u8", "hls/live/gone/index.m3u8.tmp",
        ];
        string[] foreign =
        [
            "hls/1.ts", "hls/live/2.ts", "hls/live/a/b/3.ts", "hls/live/a/mine.ts",
            "hls/live/gone/poster.jpg", "other/live/a/4.ts",
        ];
        foreach (var name in (string[])[.. left, .. foreign])
            server.Disk.Put(name, "#EXTM3U"u8);
        server.Turn(200);
        Assert.That(server.Disk.Names, Is.SupersetOf(left), "their players may still be there");

        var publisher = Publish(server);
        Film(server, publisher, 0, 130_000);

        Assert.That(server.Disk.Names, Is.SupersetOf(foreign));
        Assert.That(server.Disk.Names.Intersect(left), Is.EqualTo(new[] { Playlist }));
        Assert.That(Numbers(server)[0], Is.GreaterThan(6), "numbers rise over restarts");
        Read(server, new PlaylistChecker());
    }

    /// <summary>A playlist that an earlier run left stays until ours is in its place.</summary>
    [Test]
    public void What_an_old_playlist_names_stays_as_long_as_it_does()
    {
        using var server = Start(OnDisk with { Type = HlsType.Fmp4 });
        string[] left = [Folder + "5.mp4", Folder + "5.m4s", Playlist];
        server.Turns(30, 1000);
        foreach (var name in left)
            server.Disk.Put(name, "#EXTM3U"u8);
        server.Turns(50, 1000);
        var publisher = Publish(server);
        server.Turns(50, 1000);                 // it sends nothing while the sweep looks
        Assert.That(server.Disk.Names, Is.EqualTo(left.Order(StringComparer.Ordinal)));

        publisher = Publish(server);
        Film(server, publisher, 0, 130_000);
        Assert.That(server.Disk.Names.Intersect(left), Is.EqualTo(new[] { Playlist }));
        Assert.That(Text(server), Does.Contain(".mp4"));
    }

    [Test]
    public void A_full_disk_costs_the_files_alone_and_they_begin_anew()
    {
        using var server = Start(OnDisk);
        server.Disk.CapacityBytes = 60_000;
        var publisher = Publish(server);
        var player = server.Play();
        Film(server, publisher, 0, 35_001);

        using var viewer = new HttpPeer(server, 7002);
        var film = player.Video.Count(seen => !seen.IsHeader);
        Assert.That(film, Is.EqualTo(876), "the stream goes on");
        Assert.That(viewer.Get("/live/a.m3u8")?.Status, Is.EqualTo(200), "and so does HLS");
        Assert.That(Failures(server), Is.EqualTo(1));
        Read(server, new PlaylistChecker());    // it is stale, and its segments are there

        server.Disk.CapacityBytes = long.MaxValue;
        Film(server, publisher, 35_001, 70_001);
        var checker = new PlaylistChecker();
        Read(server, checker);
        Assert.That(Failures(server), Is.EqualTo(1));
        var numbers = Numbers(server);
        Assert.That(numbers[^1] - numbers[0], Is.EqualTo(numbers.Count - 1), "nothing is stale");
        Assert.That(numbers[^1], Is.EqualTo(checker.All.Last().Sequence));
        AssertNothingIsLeft(server);
    }

    [Test]
    public void A_disk_that_fails_now_and_then_never_leaves_a_playlist_of_missing_files(
        [Values(20, 100, 300)] int perMille)
    {
        using var server = Start(OnDisk);
        server.Disk.Faults = new DiskFaults { Failing = perMille };
        var publisher = Publish(server);
        for (var time = 0u; time < 200_000; time += 40)
        {
            Film(server, publisher, time, time + 40);
            Read(server, new PlaylistChecker { MayBeShort = true });
        }

        Assert.That(Failures(server), Is.GreaterThan(0));
        server.Disk.Faults = DiskFaults.None;
        Film(server, publisher, 200_000, 240_001);
        Read(server, new PlaylistChecker());
        Assert.That(Numbers(server), Has.Count.LessThanOrEqualTo(20));
        AssertNothingIsLeft(server);
    }

    [Test]
    public void Whenever_the_server_is_killed_the_playlist_names_whole_segments()
    {
        for (var calls = 0; calls < 80; calls++)
        {
            using var server = Start(OnDisk);
            var publisher = Publish(server);
            server.Disk.CrashAfter = calls;
            try
            {
                Film(server, publisher, 0, 40_000);
            }
            catch (InvalidOperationException dead) when (dead.InnerException is CrashException)
            {
                // What the sweep asked was the last word of the process.
            }
            server.Disk.EndProcess();

            Read(server, new PlaylistChecker(), new TsChecker());
        }
    }

    [Test]
    public void A_disk_that_does_not_answer_is_owed_little_and_waited_for_by_nobody()
    {
        var work = default(HeldWork);
        using var server = Start(OnDisk, mailbox => work = new HeldWork(mailbox));
        work!.IsHeld = true;
        var publisher = Publish(server);
        Film(server, publisher, 0, 120_001);

        Assert.That(Failures(server), Is.EqualTo(1), "told once, though it still hangs");
        Assert.That(work.Outstanding, Is.LessThanOrEqualTo(2), "its question, and the sweep's");
        using var viewer = new HttpPeer(server, 7002);
        Assert.That(viewer.Get("/live/a.m3u8")?.Status, Is.EqualTo(200));
        Assert.That(
            server.Pool.Outstanding, Is.LessThan(60),
            "the window, and no more than was under way");

        work.Release();
        Film(server, publisher, 120_001, 160_001);
        Read(server, new PlaylistChecker());
        Assert.That(Failures(server), Is.EqualTo(1));
    }

    [TestCase("..%2e", "hls/live/%2E.%2E/index.m3u8")]
    [TestCase("con", "hls/live/%63on/index.m3u8")]
    [TestCase("index.m3u8", "hls/live/index.m3u8/index.m3u8")]
    public void A_name_of_the_network_stays_in_its_folder(string name, string file)     // Q43
    {
        using var server = Start(OnDisk);
        var publisher = server.Publish(name);
        Send(publisher);
        Film(server, publisher, 0, 5001);

        var playlists = server.Disk.Names.Where(each => each.EndsWith("index.m3u8")).ToList();
        Assert.That(playlists, Is.EqualTo(new[] { file }));
        Assert.That(
            server.Disk.Names, Has.All.Matches<string>(each => each.Split('/').Length == 4));
    }

    private static ServerInMemory Start(HlsOptions hls, Func<Mailbox, IWorkQueue>? work = null) =>
        new(work: work, options: new ServerOptions { Defaults = new StreamOptions { Hls = hls } });

    private static long Failures(ServerInMemory server) => long.Parse(
        new ControlPeer(server).Ask("/metrics").Text.Split('\n')
            .Single(line => line.StartsWith("reactor_hls_disk_failures_total ")).Split(' ')[1],
        CultureInfo.InvariantCulture);

    private static void AssertNothingIsLeft(ServerInMemory server)
    {
        server.Turns(10);                       // what is under way on the disk
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    private static string Text(ServerInMemory server) =>
        Encoding.ASCII.GetString(server.Disk.Read(Playlist));

    private static List<long> Numbers(ServerInMemory server) =>
    [
        .. server.Disk.Names
            .Where(name => name.StartsWith(Folder) && name.EndsWith(".ts"))
            .Select(name => name[Folder.Length..^".ts".Length])
            .Where(name => long.TryParse(name, out _))
            .Select(long.Parse).Order(),
    ];

    /// <summary>Reads the playlist, if there is one; all that it names has to be there.</summary>
    private static void Read(ServerInMemory server, PlaylistChecker checker, TsChecker? ts = null)
    {
        if (!server.Disk.Names.Contains(Playlist))
            return;
        checker.Read(Text(server));
        foreach (var segment in checker.Segments)
        {
            Assert.That(server.Disk.Names, Does.Contain(Folder + segment.Uri));
            Assert.That(segment.Uri, Is.EqualTo($"{segment.Sequence}.ts"));
            ts?.Read(server.Disk.Read(Folder + segment.Uri), segment.IsDiscontinuity);
        }
    }
}
