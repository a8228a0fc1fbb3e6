using System;
using System.Linq;
using System.Text.Json;
using NUnit.Framework;
using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Control;

/// <summary>Relays and recordings by HTTP.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RelayRoutesTests : IDisposable
{
    private const string Target = "rtmp://203.0.113.9/live/b?key=secret";

    private readonly ServerInMemory _server = new(options: new ServerOptions
    {
        Defaults = new StreamOptions
        {
            Record = [new RecordOptions { Name = "r", Record = RecordMode.Manual }],
        },
    });

    private readonly ControlPeer _control;

    public RelayRoutesTests() => _control = new ControlPeer(_server);

    public void Dispose() => _server.Dispose();

    [Test]
    public void A_relay_is_begun_listed_and_ended_by_rest()
    {
        var order = $"/api/v1/relays?kind=push&app=live&name=a&url={Uri.EscapeDataString(Target)}";

        var begun = _control.Json(order, "POST").GetProperty("relays").EnumerateArray().Single();
        ApiTests.AssertFits(begun, Schema("Relay"), "Relay");
        Assert.That(begun.GetProperty("key").GetString(), Is.EqualTo("push:live/a"));
        Assert.That(begun.GetProperty("state").GetString(), Is.EqualTo("idle"));
        Assert.That(begun.ToString(), Does.Not.Contain("secret"));
        Assert.That(
            _control.Json(order, "DELETE").GetProperty("relays").EnumerateArray(), Is.Empty);
        Assert.That(_control.Ask(order, "DELETE").Status, Is.EqualTo(400));
        Assert.That(_control.Ask("/api/v1/relays?kind=x", "POST").Status, Is.EqualTo(400));
    }

    [Test]
    public void Livegos_words_are_answered_as_livego_has_them()
    {
        const string Order = "/control/push?&app=live&name=a&url=rtmp://203.0.113.9/live/a&oper=";

        Assert.That(
            _control.Json(Order + "start").GetProperty("data").GetString(),
            Is.EqualTo("<h1>push url start rtmp://203.0.113.9/live/a ok</h1></br>"));
        Assert.That(_control.Ask(Order + "stop").Status, Is.EqualTo(200));
        Assert.That(_control.Ask(Order + "stop").Status, Is.EqualTo(400));
    }

    [Test]
    public void A_recording_is_begun_and_ended_by_rest_and_by_nginxs_words()
    {
        Assert.That(
            _control.Ask("/api/v1/recordings?app=live&name=a", "POST").Status, Is.EqualTo(404));
        var publisher = _server.Publish();
        publisher.Headers();
        _control.Json("/api/v1/recordings?app=live&name=a", "POST");
        publisher.Key(0);
        publisher.Key(40);
        _server.Turns(3, 400);

        var recording = _control.Json("/api/v1/recordings").GetProperty("recordings")
            .EnumerateArray().Single();
        ApiTests.AssertFits(recording, Schema("Recording"), "Recording");
        Assert.That(recording.GetProperty("path").GetString(), Does.StartWith("record/live/a_"));
        var stopped = _control.Ask("/control/record/stop?app=live&name=a&rec=r");
        Assert.That(stopped.Text, Is.EqualTo(recording.GetProperty("path").GetString()));
        Assert.That(_control.Ask("/control/record/stop?app=live&name=a").Status, Is.EqualTo(404));
        Assert.That(_control.Ask("/control/record/start?app=live&name=a").Status, Is.EqualTo(200));
        Assert.That(_control.Ask("/control/record/other").Status, Is.EqualTo(404));
        Assert.That(
            _control.Ask("/api/v1/recordings?app=live&name=a", "DELETE").Status, Is.EqualTo(200));
    }

    private JsonElement Schema(string name) => _control.Json("/api/v1/openapi.json")
        .GetProperty("components").GetProperty("schemas").GetProperty(name);
}
