using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;

namespace Reactor.Server.Tests.Vod;

/// <summary>pause, unpause and seek at whatever moment they come.</summary>
/// <remarks>
/// A turn is one step of the disk: the file is opened, its head is read, its headers, the place to
/// begin at, and the first piece from there.
/// </remarks>
[TestFixture]
public sealed class VodOrdersTests
{
    private const int Frames = RecordedServer.Seconds * 25;
    private const int SteppedTurns = 12;

    [Test]
    public void A_pause_is_kept_whenever_it_comes([Range(0, SteppedTurns)] int turns)
    {
        using var server = RecordedServer.Open();
        var player = Play(server);
        server.Turns(turns);
        Pause(player, true);
        server.Turns(4);
        var before = player.Video.Count(seen => !seen.IsHeader);
        server.Turns(100, 40);

        Assert.That(player.Last, Is.EqualTo(StatusCode.PauseNotify));
        Assert.That(
            player.Video.Count(seen => !seen.IsHeader), Is.EqualTo(before), "it stands still");

        Pause(player, false);
        server.Turns(Frames + 50, 40);
        Assert.That(player.Last, Is.EqualTo(StatusCode.PlayStop));
        ShouldBeWhole(player, fromMs: 0);
        player.End();
        server.Turns(3, 40);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_pause_that_is_taken_back_costs_nothing(
        [Range(0, SteppedTurns)] int turns, [Values(0, 1, 3)] int between)
    {
        using var server = RecordedServer.Open();
        var player = Play(server);
        server.Turns(turns);
        Pause(player, true);
        server.Turns(between);
        Pause(player, false);
        server.Turns(Frames + 50, 40);

        Assert.That(player.Codes, Does.Contain(StatusCode.UnpauseNotify));
        Assert.That(player.Last, Is.EqualTo(StatusCode.PlayStop));
        ShouldBeWhole(player, fromMs: 0);
    }

    [Test]
    public void A_seek_is_kept_whenever_it_comes([Range(0, SteppedTurns)] int turns)
    {
        using var server = RecordedServer.Open();
        var player = Play(server);
        server.Turns(turns);
        player.Seen.Clear();
        player.Call(1, "seek", AmfValue.Of(7654));
        server.Turns(Frames + 50, 40);

        Assert.That(player.Codes.Count(code => code == StatusCode.SeekNotify), Is.EqualTo(1));
        Assert.That(player.Last, Is.EqualTo(StatusCode.PlayStop));
        ShouldBeWhole(player, fromMs: 7000);
    }

    [Test]
    public void A_pause_and_a_seek_are_both_kept_in_either_order(
        [Range(0, SteppedTurns)] int turns, [Values(0, 2)] int between, [Values] bool pausesFirst)
    {
        using var server = RecordedServer.Open();
        var player = Play(server);
        server.Turns(turns);
        for (var i = 0; i < 2; i++)
        {
            if (i == 0 == pausesFirst)
                Pause(player, true);
            else
                player.Call(1, "seek", AmfValue.Of(4321));
            server.Turns(between);
        }
        server.Turns(20);
        var before = player.Seen.Count;
        server.Turns(50, 40);
        Assert.That(player.Seen, Has.Count.EqualTo(before), "it stands still");

        Pause(player, false);
        server.Turns(Frames, 40);
        Assert.That(player.Codes, Does.Contain(StatusCode.SeekNotify));
        ShouldBeWhole(player, fromMs: 4000);
    }

    [Test]
    public void What_is_asked_while_it_is_opened_is_not_asked_of_the_next_one()
    {
        using var server = RecordedServer.Open();
        var player = Play(server);
        Pause(player, true);
        player.Call(1, "closeStream");
        player.Call(1, "play", AmfValue.Of("film"), AmfValue.Of(0));
        server.Turns(Frames + 50, 40);

        ShouldBeWhole(player, fromMs: 0);
    }

    [Test]
    public void A_live_stream_that_waits_for_its_verdict_keeps_a_pause_too()
    {
        using var server = RecordedServer.Open();
        var publisher = server.Publish("live");
        publisher.Headers();
        publisher.Key(0);
        server.Turns(2);
        var player = server.Play("somewhere-else");
        player.Call(1, "play", AmfValue.Of("live"), AmfValue.Of(-2000));
        Pause(player, true);                    // before any recording of that name was looked for
        server.Turns(5);
        player.Seen.Clear();
        publisher.Inter(40);
        server.Turns(3);

        Assert.That(player.Last, Is.EqualTo(StatusCode.PauseNotify));
        Assert.That(player.Video, Is.Empty);
    }

    private static Peer Play(ServerInMemory server)
    {
        var player = server.Play("somewhere-else");
        player.Codes.Clear();
        player.Call(1, "play", AmfValue.Of("film"), AmfValue.Of(0));
        return player;
    }

    private static void Pause(Peer player, bool isPaused) =>
        player.Call(1, "pause", AmfValue.Of(isPaused), AmfValue.Of(0));

    private static void ShouldBeWhole(Peer player, uint fromMs)
    {
        var times = player.Video.Where(seen => !seen.IsHeader && seen.Time >= fromMs)
            .Select(seen => seen.Time);
        var film = Enumerable.Range(0, Frames).Select(i => (uint)i * 40);
        Assert.That(times, Is.EqualTo(film.Where(time => time >= fromMs)));
    }
}
