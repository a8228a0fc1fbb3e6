using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Http;

namespace Reactor.Server.Tests.Control;

/// <summary>
/// A page of somebody else, open in the browser of whoever operates the server (threat 5): what
/// it can send without asking the browser's leave changes nothing.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HostilePageTests : IDisposable
{
    private const string Url = "url=rtmp://203.0.113.9/x/a";

    private static readonly (string Method, string Path)[] Orders =
    [
        ("DELETE", "/api/v1/streams/live/a"),
        ("POST", $"/api/v1/relays?kind=push&app=live&name=a&{Url}"),
        ("POST", "/api/v1/recordings?app=live&name=a"),
        ("GET", "/control/drop/publisher?app=live&name=a"),
        ("GET", $"/control/push?&oper=start&app=live&name=a&{Url}"),
        ("GET", "/control/record/start?app=live&name=a"),
    ];

    private readonly ServerInMemory _server = new(options: new ServerOptions
    {
        Defaults = new StreamOptions
        {
            Record = [new RecordOptions { Name = "r", Record = RecordMode.Manual }],
        },
    });

    private readonly ControlPeer _control;

    public HostilePageTests()
    {
        _control = new ControlPeer(_server);
        _server.Publish().Headers();
        _server.Turn();
    }

    private int Changes => 1 - _server.Server.PublisherCount
        + _server.Server.RelayApi.List().Count() + _server.Server.RecordingApi.List().Count();

    public void Dispose() => _server.Dispose();

    [Test]
    public void Each_order_is_one_that_changes_something(
        [ValueSource(nameof(Orders))] (string Method, string Path) order)
    {
        var status = Ask(order, "Host: localhost\n").Status;

        Assert.That(status, Is.InRange(200, 299));
        Assert.That(Changes, Is.EqualTo(1));
    }

    [Test]
    public void A_page_of_another_origin_gives_none(
        [ValueSource(nameof(Orders))] (string Method, string Path) order,
        [Values(
            "Host: localhost:8090\nOrigin: http://evil.test\n",
            "Host: localhost:8090\nOrigin: http://localhost:3000\n",
            "Host: localhost:8090\nOrigin: null\n",
            "Host: localhost:8090\nSec-Fetch-Site: cross-site\n",
            "Host: localhost:8090\nSec-Fetch-Site: same-site\n",
            "Host: rebound.test:8090\nOrigin: http://rebound.test:8090\n",
            "Host: rebound.test:8090\nSec-Fetch-Site: same-origin\n")]
        string headers)
    {
        var answer = Ask(order, headers + "Cookie: a=b\nContent-Type: text/plain\n");

        Assert.That(answer.Status, Is.EqualTo(403));
        Assert.That(Changes, Is.Zero);
        Assert.That(answer.Headers["Access-Control-Allow-Origin"], Is.Null, "nor reads answers");
        Assert.That(answer.Headers["Access-Control-Allow-Credentials"], Is.Null);
    }

    [Test]
    public void A_browser_that_asks_for_its_leave_is_not_given_it(
        [ValueSource(nameof(Orders))] (string Method, string Path) order)
    {
        var answer = Ask(
            ("OPTIONS", order.Path),
            "Host: localhost:8090\nOrigin: http://evil.test\n"
                + $"Access-Control-Request-Method: {order.Method}\n"
                + "Access-Control-Request-Headers: authorization\n");

        Assert.That(answer.Headers["Access-Control-Allow-Origin"], Is.Null);
        Assert.That(answer.Headers["Access-Control-Allow-Credentials"], Is.Null);
        Assert.That(answer.Headers["Access-Control-Allow-Headers"], Is.Null);
        Assert.That(Changes, Is.Zero);
    }

    private Answered Ask((string Method, string Path) order, string headers) =>
        _control.Ask(
            order.Path, order.Method,
            order.Method == "POST" ? headers + "Content-Length: 0\n" : headers);
}
