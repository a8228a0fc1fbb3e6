using System;
using NUnit.Framework;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Hooks;
using Reactor.Server.Tests.Http;

namespace Reactor.Server.Tests.Limits;

/// <summary>
/// The bounds of what is held, cut and written of a stream, and of its goodbye: below, at,
/// above; and their counts.
/// </summary>
[TestFixture]
public sealed class MediaLimitTests
{
    private const int SegmentBytesMax = 1 << 18;        // a quarter of the bytes of all
    private const int HeldBytesMax = 256 << 10;
    private const int ViewersMax = 50_000;

    [TestCase(HeldBytesMax - 1, 0)]
    [TestCase(HeldBytesMax, 0)]
    [TestCase(HeldBytesMax + 1, 1)]
    public void Media_before_the_verdict_is_held_up_to_a_bound(int bytes, int struck)
    {
        const string url = "http://127.0.0.1:9/";
        using var server = new ServerInMemory(
            options: new ServerOptions
            {
                Defaults = new StreamOptions { Hooks = new HooksOptions { OnPublish = url } },
            },
            takesCalls: true);
        var hook = new HookPeer(server) { Answers = _ => null };
        var publisher = server.Visit("a", publishes: true);
        hook.Turns(10);
        for (var left = bytes; left > 0; left -= 1000)
            publisher.Raw(6, MessageType.Video, 1, 0, new byte[Math.Min(left, 1000)]);
        hook.Turns(10);

        Assert.That(server.Server.Struck[Limit.HeldMedia], Is.EqualTo(struck));
        publisher.Raw(6, MessageType.Video, 1, 0, new byte[1000]);
        hook.Turns(2);
        Assert.That(server.Server.Struck[Limit.HeldMedia], Is.LessThanOrEqualTo(1), "once");
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [TestCase(1960, 0)]
    [TestCase(2000, 0)]
    [TestCase(2040, 1)]
    public void Hls_max_fragment_cuts_a_segment_that_has_no_keyframe(int gopMs, int struck)
    {
        using var server = With(new HlsOptions
        {
            OnDemand = false,
            HlsFragment = TimeSpan.FromSeconds(1),
            HlsMaxFragment = TimeSpan.FromSeconds(2),
        });
        var publisher = HlsFilm.Publish(server);
        for (var time = 0; time <= gopMs; time += 40)
            HlsFilm.Show(server, publisher, (uint)time, time % gopMs == 0);

        Assert.That(server.Server.Struck[Limit.HlsMaxFragment], Is.EqualTo(struck));
        Assert.That(server.Server.Struck[Limit.HlsMaxSize], Is.Zero);
    }

    [TestCase(5000, 0)]
    [TestCase(20_000, 1)]
    public void Hls_max_size_cuts_a_segment_at_a_quarter_of_it(int pictureBytes, int struck)
    {
        using var server = With(new HlsOptions
        {
            OnDemand = false,
            HlsMaxSize = 4 * SegmentBytesMax,
        });
        var publisher = HlsFilm.Publish(server);
        HlsFilm.Film(server, publisher, 0, 1000, pictureBytes);

        Assert.That(server.Server.Struck[Limit.HlsMaxSize], Is.EqualTo(struck));
    }

    [TestCase(2500, 0)]
    [TestCase(8000, 1)]
    public void Hls_max_size_costs_the_oldest_segments(int pictureBytes, int struckMin)
    {
        using var server = With(new HlsOptions
        {
            OnDemand = false,
            HlsFragment = TimeSpan.FromSeconds(1),
            HlsMaxSize = 4 * SegmentBytesMax,
        });
        var publisher = HlsFilm.Publish(server);
        HlsFilm.Film(server, publisher, 0, 12_000, pictureBytes);

        var struck = server.Server.Struck[Limit.HlsMaxSize];
        Assert.That(struck, struckMin == 0 ? Is.Zero : Is.AtLeast(struckMin));
        Assert.That(server.Server.Struck[Limit.HlsMaxFragment], Is.Zero);
    }

    [Test]
    public void So_many_viewers_of_HLS_are_told_apart_and_no_more()
    {
        using var server = With(new HlsOptions());
        var publisher = HlsFilm.Publish(server);
        using var viewers = new HttpPeer(server, 7002);
        viewers.Get("/live/a.m3u8?n=0");
        HlsFilm.Film(server, publisher, 0, 3000);
        for (var viewer = 1; viewer < ViewersMax - 1; viewer++)
        {
            viewers.Get($"/live/a.m3u8?n={viewer}");
            viewers.Answers.Clear();
        }
        Assert.That(server.Server.Struck[Limit.HlsViewers], Is.Zero);

        viewers.Get("/live/a.m3u8?n=late");

        Assert.That(viewers.Last.Status, Is.EqualTo(200), "it is served all the same");
        Assert.That(server.Server.Struck[Limit.HlsViewers], Is.EqualTo(1));
    }

    [TestCase(299_999, 0)]
    [TestCase(300_000, 0)]
    [TestCase(300_001, 1)]
    public void Min_free_keeps_room_on_the_disk(int others, int struck)
    {
        using var server = new ServerInMemory(options: new ServerOptions
        {
            Defaults = new StreamOptions { Record = [new RecordOptions { MinFree = 700_000 }] },
        });
        server.Disk.CapacityBytes = 1_000_000;
        server.Disk.Put("other", new byte[others]);
        var publisher = server.Publish();
        publisher.Headers();
        publisher.Key(0);
        server.Turns(3);

        Assert.That(server.Server.Struck[Limit.MinFree], Is.EqualTo(struck));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [TestCase(1999, true, 0)]
    [TestCase(2000, true, 1)]
    [TestCase(2000, false, 0)]
    public void Drain_timeout_ends_the_goodbye(int afterMs, bool stays, int struck)
    {
        using var server = new ServerInMemory();
        var peer = server.Play();
        server.Server.Stop();
        server.Turn();
        if (!stays)
            peer.Socket.Leave();
        server.Turn(afterMs);

        Assert.That(server.Server.Struck[Limit.DrainTimeout], Is.EqualTo(struck));
        Assert.That(peer.Socket.IsClosed, Is.EqualTo(struck == 1 || !stays));
    }

    private static ServerInMemory With(HlsOptions hls) => new(options: new ServerOptions
    {
        Defaults = new StreamOptions { Hls = hls },
    });
}
