using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using NUnit.Framework;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Http;
using Reactor.Testing.Hls;
using static Reactor.Server.Tests.Http.HlsFilm;

namespace Reactor.Server.Tests.Egress;

/// <summary>One encoder sends the same to two servers, whose segments are the same then.</summary>
[TestFixture(HlsType.Ts)]
[TestFixture(HlsType.Fmp4)]
public sealed class HlsAlignedTests(HlsType type)
{
    private const string Playlist = "/live/a.m3u8";

    private static readonly byte[] OtherAvc = Convert.FromHexString(
        "1700000000014D4028FFE10018674D4028ECA03C0113F2E022000007D20001D4C01E30632C01000568EBE3"
        + "CB20");

    private const long NowMs = 1_700_000_000_000;

    private readonly HlsOptions _always = new()
    {
        Type = type,
        HlsFragmentSlicing = HlsSlicing.Aligned,
        OnDemand = false,
    };

    [Test]
    public void An_output_that_a_request_begins_in_the_middle_makes_the_same_segments()
    {
        using var one = Start(_always);
        using var other = Start(_always with { OnDemand = true });
        var publishers = new[] { (one, Publish(one)), (other, Publish(other)) };
        Film(publishers, 0, 7400);
        using var viewer = new HttpPeer(other, 7002);
        viewer.Get(Playlist);
        Film(publishers, 7400, 15_001);

        Assert.That(CountSame(one, other), Is.EqualTo(3), "8, 10 and 12 s");
    }

    [Test]
    public void A_server_that_is_begun_anew_goes_on_with_the_same_segments()
    {
        using var one = Start(_always);
        var publisher = Publish(one);
        Film([(one, publisher)], 0, 9000);

        using var other = Start(_always);
        other.Time.Advance(9000);
        var returned = Publish(other);
        for (var late = 8000u; late < 9000; late += 40)         // what the encoder had queued
            Show(other, returned, late, late % 1000 == 0, takesMs: 0);
        Film([(one, publisher), (other, returned)], 9000, 17_001);

        Assert.That(CountSame(one, other), Is.EqualTo(3), "10, 12 and 14 s");
    }

    [Test]
    public void Another_output_of_the_stream_has_no_number_again()
    {
        using var server = Start(_always with
        {
            OnDemand = true,
            HlsDispose = TimeSpan.FromSeconds(1),
        });
        var publisher = Publish(server);
        using var viewer = new HttpPeer(server, 7002);
        viewer.Get(Playlist);
        Film([(server, publisher)], 0, 5001);
        viewer.Turn();
        viewer.Get(Playlist);
        var last = Segments(viewer)[^1];
        Film([(server, publisher)], 5040, 12_001);
        Assert.That(viewer.Get($"/live/{last.Uri}")!.Status, Is.EqualTo(404), "it is over");

        viewer.Get(Playlist);
        Film([(server, publisher)], 12_040, 17_001);
        viewer.Turn();

        Assert.That(Segments(viewer)[0].Sequence, Is.EqualTo(last.Sequence + 5), "10 s later");
    }

    [Test]
    public void A_publisher_that_leaves_at_once_leaves_nothing()
    {
        using var server = Start(_always);
        Publish(server).End();
        server.Turns(3, 200);
        Publish(server);
        server.Turns(3, 200);

        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void Files_have_the_same_names_and_an_init_stays_while_it_is_needed()
    {
        using var server = Start(_always with { Store = HlsStore.Disk });
        var publisher = Publish(server);
        Film([(server, publisher)], 0, 40_001);
        server.Turns(10);

        using var viewer = new HttpPeer(server, 7002);
        viewer.Get(Playlist);
        var listed = Segments(viewer);
        var names = server.Disk.Names.Select(name => name["hls/live/a/".Length..]).ToList();
        Assert.That(listed.Select(each => each.Uri["a/".Length..]), Is.SubsetOf(names));
        Assert.That(names.Count, Is.LessThan(20));
        if (type == HlsType.Ts)
            return;
        Assert.That(names, Does.Contain(listed[0].Init!["a/".Length..]));
        Assert.That(names.Count(name => name.EndsWith(".mp4")), Is.EqualTo(1));
    }

    [Test]
    public void An_init_that_returns_is_there_whenever_a_playlist_names_it()
    {
        using var server = Start(_always with
        {
            Store = HlsStore.Disk,
            HlsWindow = 3,
            DeleteThreshold = 0,
        });
        var publisher = Publish(server);
        var time = 0u;
        foreach (var config in new[] { Avc, OtherAvc, Avc, OtherAvc, Avc })
        {
            publisher.Send(MessageType.Video, time, config);
            for (var end = time + 12_000; time < end; time += 40)
            {
                Film([(server, publisher)], time, time + 40);
                ShouldBeThere(server);
            }
        }
        for (var end = time + 150_000; time < end; time += 40)      // behind two sweeps
        {
            Film([(server, publisher)], time, time + 40);
            ShouldBeThere(server);
        }

        Assert.That(
            server.Disk.Names.Count(name => name.EndsWith(".mp4")),
            Is.EqualTo(type == HlsType.Fmp4 ? 1 : 0));
    }

    /// <summary>All that the playlist on the disk names.</summary>
    private static void ShouldBeThere(ServerInMemory server)
    {
        const string Folder = "hls/live/a/";
        var there = server.Disk.Names.ToHashSet();
        if (!there.Contains(Folder + "index.m3u8"))
            return;
        var checker = new PlaylistChecker();
        checker.Read(Encoding.ASCII.GetString(server.Disk.Read(Folder + "index.m3u8")));
        foreach (var segment in checker.Segments)
        {
            foreach (var uri in new[] { segment.Uri, segment.Init }.OfType<string>())
                Assert.That(there, Does.Contain(Folder + uri));
        }
    }

    private static ServerInMemory Start(HlsOptions hls)
    {
        var server = new ServerInMemory(
            options: new ServerOptions { Defaults = new StreamOptions { Hls = hls } });
        server.Time.Advance(NowMs);
        return server;
    }

    private static void Film(
        (ServerInMemory Server, Peer Publisher)[] publishers, uint fromMs, uint toMs)
    {
        for (var time = fromMs; time < toMs; time += 40)
        {
            foreach (var (server, publisher) in publishers)
                Show(server, publisher, time, time % 1000 == 0, takesMs: 40);
        }
    }

    private static void Show(
        ServerInMemory server, Peer publisher, uint time, bool isKeyframe, int takesMs)
    {
        publisher.Send(MessageType.Video, time, Picture(isKeyframe, 200));
        publisher.Send(MessageType.Audio, time, 0xAF, 1, 0x21, 1, 2, 3);
        publisher.Send(MessageType.Audio, time + 20, 0xAF, 1, 0x21, 1, 2, 3);
        server.Turn(takesMs);
    }

    /// <summary>How many segments both list; these have the same lines and bytes.</summary>
    private static int CountSame(ServerInMemory one, ServerInMemory other)
    {
        using var ofOne = new HttpPeer(one, 7002);
        using var ofOther = new HttpPeer(other, 7002);
        ofOne.Get(Playlist);
        ofOther.Get(Playlist);
        var known = Segments(ofOne).ToDictionary(segment => segment.Sequence);
        var same = Segments(ofOther);
        foreach (var segment in same)
        {
            Assert.That(
                known[segment.Sequence] with { Discontinuities = 0 },
                Is.EqualTo(segment with { Discontinuities = 0 }));
            foreach (var uri in new[] { segment.Uri, segment.Init }.OfType<string>())
            {
                Assert.That(
                    ofOther.Get($"/live/{uri}")!.Body, Is.EqualTo(ofOne.Get($"/live/{uri}")!.Body));
            }
        }
        return same.Count;
    }

    private static IReadOnlyList<ListedSegment> Segments(HttpPeer viewer)
    {
        var checker = new PlaylistChecker();
        checker.Read(viewer.Last.Text);
        return checker.Segments;
    }
}
