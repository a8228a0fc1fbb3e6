using System.Linq;
using System.Net.Http;
using NUnit.Framework;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>/control/redirect with a real ffmpeg at both ends: nobody reconnects.</summary>
[TestFixture]
public sealed class RedirectTests
{
    private readonly int _port = RtmpServerProcess.FreePort();

    [TestCase("rtmp")]
    [TestCase("http")]
    public void A_player_decodes_one_stream_and_then_the_other_without_a_complaint(string scheme)
    {
        using var server = Serve();
        using var player = Player.Start(
            scheme == "rtmp" ? server.Url("live/a") : $"http://127.0.0.1:{_port}/live/a.flv");
        using var one = Publisher.Start(Film.Long, server.Url("live/a"));
        one.WaitForFrame(Film.FramesInGop * 2);
        using var other = Publisher.Start(Film.Long, server.Url("live/b"));
        other.WaitForFrame(Film.FramesInGop + 5);

        Assert.That(Order("subscriber?app=live&name=a&newname=b"), Is.EqualTo("1"));
        one.Leave();
        var sent = other.Leave();
        var seen = player.Finish();

        var places = Recording.PlacesOf(seen.Video, Film.Long.Recording.Video).ToList();
        var breaks = Enumerable.Range(1, places.Count - 1)
            .Where(i => places[i] != places[i - 1] + 1).ToList();
        Assert.That(breaks, Has.Count.EqualTo(1), "where the other stream begins");
        Assert.That(places[0], Is.Zero);
        Assert.That(places[breaks[0]] % Film.FramesInGop, Is.Zero, "at a keyframe");
        Assert.That(places[^1], Is.EqualTo(sent - 1));
        Assert.That(seen.Pictures, Has.Count.EqualTo(seen.Video.Count), "all are decoded");
        Assert.That(seen.Video.Select(frame => frame.Dts), Is.Ordered.Ascending);
        Assert.That(seen.Audio.Select(frame => frame.Dts), Is.Ordered.Ascending);
    }

    [Test]
    public void A_publisher_goes_on_under_the_other_name_for_those_who_wait_there()
    {
        using var server = Serve();
        using var player = Player.Start(server.Url("live/b"));
        using var publisher = Publisher.Start(Film.Long, server.Url("live/a"));
        publisher.WaitForFrame(Film.FramesInGop * 2);

        Assert.That(Order("publisher?app=live&name=a&newname=b"), Is.EqualTo("1"));
        var sent = publisher.Leave();
        var seen = player.Finish();

        var places = Recording.PlacesOf(seen.Video, Film.Long.Recording.Video).ToList();
        Assert.That(places[0] % Film.FramesInGop, Is.Zero, "from a keyframe on");
        Assert.That(places, Is.EqualTo(Enumerable.Range(places[0], sent - places[0])));
        Assert.That(seen.Pictures, Has.Count.EqualTo(seen.Video.Count), "all are decoded");
    }

    private ReactorProcess Serve() => ReactorProcess.Start(
        "defaults.publish.grace=1s", $"http.listen=127.0.0.1:{_port}");

    private string Order(string order)
    {
        using var http = new HttpClient();
        return http.GetStringAsync($"http://127.0.0.1:{_port}/control/redirect/{order}").Result;
    }
}
