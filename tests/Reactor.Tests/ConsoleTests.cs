using System;
using NUnit.Framework;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>The console in a real browser, before a server that has something to do.</summary>
[TestFixture]
[Parallelizable(ParallelScope.Self)]    // one browser at a time, beside other tests
public sealed class ConsoleTests
{
    private static readonly TimeSpan Soon = Patience.Long;

    private readonly int _port = RtmpServerProcess.FreePort();

    [Test]
    public void It_shows_the_server_breathing_and_kicks()
    {
        using var server = Serve();
        using var publisher = Publisher.Start(Film.Long, server.Url("live/a"));
        using var player = Player.Start(server.Url("live/a"));
        using var browser = Browser.Start();
        browser.LookLike(1280, 900);
        browser.Open($"http://127.0.0.1:{_port}/console");

        browser.WaitFor("document.getElementById('streams').innerText.includes('live/a')", Soon);
        browser.WaitFor("document.querySelectorAll('#clients tr').length >= 2", Soon);
        browser.WaitFor("document.getElementById('charts').innerText.includes('bit/s')", Soon);
        browser.Photograph("console");
        var row = (string)browser.Evaluate("document.querySelector('#streams tr').innerText")!;
        Assert.That(row, Does.Contain("H.264 · AAC").And.Contain("127.0.0.1:"));

        browser.Click("#streams button");
        Assert.That(browser.Text(), Does.Contain("Sure?"), "it asks before it acts");
        browser.Click("#streams button");
        publisher.Fail();
        browser.WaitFor("!document.getElementById('no-streams').hidden", Soon);
        player.End();
        Assert.That(browser.Complaints, Is.Empty);
    }

    [Test]
    public void It_wants_the_token_where_the_server_does()
    {
        using var server = Serve("api.jwt.secret=a-secret-of-thirty-two-characters");
        using var browser = Browser.Start();
        browser.LookLike(390, 844, isPhone: true, isDark: true);
        browser.Open($"http://127.0.0.1:{_port}/console");

        browser.WaitFor("!document.getElementById('token-form').hidden", Soon);
        browser.WaitFor("document.getElementById('outage').innerText.includes('token')", Soon);
        browser.Photograph("console-token");
        Assert.That(browser.Complaints, Is.Empty);
    }

    [Test]
    public void Who_opens_it_with_a_password_needs_nothing_else()
    {
        using var server = Serve("api.users=me:pass:word");
        using var publisher = Publisher.Start(Film.Long, server.Url("live/a"));
        using var browser = Browser.Start();
        browser.Open($"http://me:pass%3Aword@127.0.0.1:{_port}/console");

        browser.WaitFor("document.getElementById('streams').innerText.includes('live/a')", Soon);
        Assert.That(browser.Evaluate("document.getElementById('token-form').hidden")!.ToString(),
            Is.EqualTo("true"));
        browser.Click("#streams button");
        browser.Click("#streams button");
        publisher.Fail();
        Assert.That(browser.Complaints, Is.Empty);
    }

    private ReactorProcess Serve(params string[] settings) =>
        ReactorProcess.Start(
            [$"http.listen=127.0.0.1:{_port}", "defaults.publish.grace=1s", .. settings]);
}
