using NUnit.Framework;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>ffmpeg publishes by RTMP and plays by HTTP-FLV, and nothing is lost between.</summary>
[TestFixture]
public sealed class HttpFlvTests
{
    private readonly int _port = RtmpServerProcess.FreePort();

    [Test]
    public void Players_that_wait_for_a_publisher_receive_every_packet()
    {
        using var server = Serve();
        using var player = Player.Start(Url("live/a.flv"));
        using var publisher = Publisher.Start(Film.Usual, server.Url("live/a"));

        publisher.Finish();
        player.Finish().ShouldEqual(Film.Usual.Recording);
    }

    [Test]
    public void A_late_joiner_begins_at_a_keyframe_and_misses_nothing_after_it()
    {
        using var server = Serve();
        using var publisher = Publisher.Start(Film.Long, server.Url("city/park/a"));
        publisher.WaitForFrame(Film.FramesInGop * 5 / 2);       // in the middle of the third
        using var player = Player.Start(Url("city/park/a.flv"));
        player.WaitForStream();
        var joined = publisher.Frames;

        var sent = publisher.Leave();
        var missed = player.Finish().ShouldEndAt(Film.Long.Recording, sent);
        Assert.That(missed, Is.InRange(Film.FramesInGop * 2, joined + Film.FramesInGop));
    }

    [Test]
    public void Video_alone_arrives_from_the_first_keyframe_of_a_second_on()
    {
        using var server = Serve();
        using var player = Player.Start(Url("live/a.flv"));
        using var publisher = Publisher.Start(Film.VideoOnly, server.Url("live/a"));

        publisher.Finish();
        var missed = player.Finish().ShouldEndAs(Film.VideoOnly.Recording);
        Assert.That(missed, Is.LessThanOrEqualTo(Film.FramesInGop));
    }

    private ReactorProcess Serve() => ReactorProcess.Start(
        "defaults.publish.grace=1s", $"http.listen=127.0.0.1:{_port}");

    private string Url(string path) => $"http://127.0.0.1:{_port}/{path}";
}
