using System.Linq;
using NUnit.Framework;
using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Control;

/// <summary>livego's API, as its users know it (S4.3 to S4.20).</summary>
public class LivegoTests
{
    [Test]
    public void A_room_is_got_published_reset_and_deleted()
    {
        using var server = OpenRooms();
        var peer = new ControlPeer(server);
        var got = peer.Json("/control/get?room=movie");
        var key = got.GetProperty("data").GetString()!;
        Assert.That(got.GetProperty("status").GetInt32(), Is.EqualTo(200));
        Assert.That(key, Has.Length.EqualTo(48));
        Assert.That(
            peer.Json("/control/get?room=movie").GetProperty("data").GetString(), Is.EqualTo(key));

        var publisher = server.Publish(key);
        publisher.Headers();
        publisher.Key(0);
        server.Turns(3);
        var stat = peer.Ask("/stat/livestat");
        Assert.That(stat.Text, Does.Contain("\"live/movie\"").And.Not.Contain(key));
        Assert.That(peer.Ask("/api/v1/streams").Text, Does.Not.Contain(key));
        Assert.That(peer.Ask("/api/v1/clients").Text, Does.Not.Contain(key));
        Assert.That(peer.Ask("/metrics").Text, Does.Not.Contain(key));
        Assert.That(peer.Ask("/stat").Text, Does.Not.Contain(key));

        var next = peer.Json("/control/reset?room=movie").GetProperty("data").GetString();
        Assert.That(next, Is.Not.EqualTo(key));
        Assert.That(peer.Ask("/control/delete?room=movie").Text,
            Is.EqualTo("""{"status":200,"data":"Ok"}"""));
        Assert.That(peer.Ask("/control/delete?room=movie").Text,
            Is.EqualTo("""{"status":404,"data":"room not found"}"""));
    }

    [TestCase("/control/get", "url: /control/get?room=\\u003CROOM_NAME\\u003E")]
    [TestCase("/control/reset?room=", "url: /control/reset?room=\\u003CROOM_NAME\\u003E")]
    [TestCase("/control/delete?rom=a", "url: /control/delete?room=\\u003CROOM_NAME\\u003E")]
    [TestCase("/control/get?room=a%2Fb", "a URL needs")]
    [TestCase("/control/get?room=a%0Ab", "control character")]
    [TestCase("/control/get?room=..", "a URL needs")]
    [TestCase("/control/get?room=0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKL", "of a key")]
    public void A_room_that_cannot_be_is_400(string path, string why)
    {
        using var server = OpenRooms();
        var answer = new ControlPeer(server).Ask(path);

        Assert.That(answer.Status, Is.EqualTo(400));
        Assert.That(answer.Headers["Content-Type"], Is.EqualTo("application/json"));
        Assert.That(answer.Text, Does.Contain(why));
    }

    [Test]
    public void Without_rooms_the_answer_says_how_to_have_them()
    {
        using var server = new ServerInMemory();
        var answer = new ControlPeer(server).Ask("/control/get?room=a");

        Assert.That(answer.Status, Is.EqualTo(501));
        Assert.That(answer.Text, Does.Contain("rooms.enabled"));
    }

    [Test]
    public void Publishers_and_players_are_told_in_figures()
    {
        using var server = new ServerInMemory();
        var publisher = server.Publish();
        var player = server.Play();
        publisher.Headers();
        for (var i = 0; i < 150; i++)
        {
            publisher.Key((uint)(i * 40), bytes: 1000);
            publisher.Sound((uint)(i * 40), bytes: 100);
            server.Turn(40);
        }
        var stat = new ControlPeer(server).Json("/stat/livestat").GetProperty("data");
        var one = stat.GetProperty("publishers")[0];

        Assert.That(one.GetProperty("key").GetString(), Is.EqualTo("live/a"));
        Assert.That(one.GetProperty("video_total_bytes").GetInt64(), Is.EqualTo(150_007));
        Assert.That(one.GetProperty("audio_total_bytes").GetInt64(), Is.EqualTo(15_004));
        Assert.That(one.GetProperty("video_speed").GetInt64(), Is.InRange(190, 210), "kbit/s");
        Assert.That(one.GetProperty("audio_speed").GetInt64(), Is.InRange(19, 21));
        var viewer = stat.GetProperty("players")[0];
        Assert.That(viewer.GetProperty("video_total_bytes").GetInt64(), Is.EqualTo(150_007));
        Assert.That(player.Video.Count(), Is.EqualTo(151));
    }

    [Test]
    public void Without_players_the_list_is_null_and_a_stranger_room_is_404()
    {
        using var server = new ServerInMemory();
        server.Publish();
        var peer = new ControlPeer(server);

        Assert.That(peer.Ask("/stat/livestat?room=live/a").Text, Does.Contain("\"players\":null"));
        var missing = peer.Ask("/stat/livestat?room=live/b");
        Assert.That(missing.Status, Is.EqualTo(404));
        Assert.That(missing.Text, Does.Contain("room not found or inactive"));
    }

    [TestCase("/control/push?oper=start&app=live&name=a", 400, "control push parameter error")]
    [TestCase("/control/pull?oper=start", 400, "control pull parameter error")]
    [TestCase("/control/push?oper=stop&app=live&name=a", 400, "session key[push:live/a] not exist")]
    [TestCase("/control/pull?app=live&name=a&url=file:///etc/passwd", 400, "pull error=")]
    [TestCase("/control/push?oper=start&app=live&name=a&url=rtmp%3A%2F%2F192.0.2.1%2Flive%2Fa", 200,
        "push url start rtmp://192.0.2.1/live/a ok")]
    public void Relays_are_ordered_in_livegos_words(string path, int status, string said)
    {
        using var server = new ServerInMemory();
        var answer = new ControlPeer(server).Ask(path);

        Assert.That(answer.Status, Is.EqualTo(status), answer.Text);
        Assert.That(answer.Text, Does.Contain(said));
    }

    private static ServerInMemory OpenRooms() => new(options: new ServerOptions
    {
        Rooms = new RoomsOptions { Enabled = true },
    });
}
