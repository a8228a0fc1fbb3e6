using System;
using NUnit.Framework;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>What the player page shows of what comes and goes, in a real browser.</summary>
/// <remarks>Pictures of what was seen are kept in artifacts/screens.</remarks>
[TestFixture]
[Parallelizable(ParallelScope.Self)]    // one browser at a time, beside other tests
[Order(2)]
public sealed class PageLifeTests
{
    private static readonly TimeSpan Soon = Patience.Long;

    private readonly int _port = RtmpServerProcess.FreePort();

    private string Page => $"http://127.0.0.1:{_port}/";

    [Test]
    public void Who_comes_too_early_sees_the_picture_as_soon_as_there_is_one()
    {
        using var server = Serve();
        using var browser = Browser.Start();
        browser.LookLike(390, 844, isPhone: true, isDark: true);
        browser.Open($"{Page}?stream=live/a");
        browser.WaitFor("document.body.innerText.includes('Nobody publishes live/a')", Soon);
        browser.Photograph("player-waits");

        using var publisher = Publisher.Start(Film.Long, server.Url("live/a"));
        browser.WaitFor("video.currentTime > 1 && video.videoWidth > 0", Soon);
        browser.Photograph("player-phone");
        Assert.That(browser.Text(), Does.Not.Contain("Nobody publishes live/a"));
        Assert.That(browser.Complaints, Is.Empty);
    }

    [Test]
    public void The_picture_comes_back_when_the_server_does()
    {
        var browser = Browser.Start();
        using (browser)
        {
            using (var server = Serve())
            using (var publisher = Publisher.Start(Film.Long, server.Url("live/a")))
            {
                browser.Open($"{Page}?stream=live/a");
                browser.WaitFor("video.currentTime > 1", Soon);
                publisher.Kill();
                server.Process.Kill();
            }
            browser.WaitFor("document.body.innerText.includes('Next attempt in')", Soon);
            browser.Photograph("player-lost");

            using var restarted = Serve();
            using var returned = Publisher.Start(Film.Long, restarted.Url("live/a"));
            browser.WaitFor("video.currentTime > 1 && !video.paused", Soon);
            browser.WaitFor("document.getElementById('veil').hidden", Soon);
            Assert.That(browser.Complaints, Is.Empty);
        }
    }

    [Test]
    public void A_stream_that_comes_back_without_its_sound_is_shown()
    {
        using var server = Serve();
        using var browser = Browser.Start();
        using (var publisher = Publisher.Start(Film.Long, server.Url("live/a")))
        {
            browser.Open($"{Page}?stream=live/a");
            browser.WaitFor("video.currentTime > 1", Soon);
            publisher.Kill();
        }

        using var silent = Publisher.Start(Film.Long, server.Url("live/a"), "-an");
        browser.WaitFor("document.getElementById('facts').innerText.startsWith('H.264 · 3')", Soon);
        browser.Evaluate("globalThis.before = video.currentTime");
        browser.WaitFor("Math.abs(video.currentTime - before) > 1", Soon);
        browser.WaitFor("document.getElementById('veil').hidden", Soon);
        Assert.That(browser.Complaints, Is.Empty);
    }

    [Test]
    public void An_empty_list_tells_how_to_publish_and_fills_by_itself()
    {
        using var server = Serve();
        using var browser = Browser.Start();
        browser.LookLike(1280, 800);
        browser.Open(Page);
        browser.WaitFor("document.body.innerText.includes('Nobody publishes yet')", Soon);
        Assert.That(browser.Text(), Does.Contain($"rtmp://127.0.0.1:{server.Port}/live/a"));
        browser.Photograph("list-empty");

        using var publisher = Publisher.Start(Film.Long, server.Url("live/a"));
        browser.WaitFor("document.querySelector('#streams a')?.innerText.includes('live/a')", Soon);
        browser.WaitFor("document.body.innerText.includes('kbit/s')", Soon);
        const string row = "document.querySelector('#streams a').innerText";
        browser.WaitFor($"/320\u00a0×\u00a0180 · 2[3-7]\u00a0fps/.test({row})", Soon);
        Assert.That((string)browser.Evaluate(row)!, Does.Contain("H.264 · AAC"));
        browser.Photograph("list");
        browser.Click("#streams a");
        browser.WaitFor("video.currentTime > 1", Soon);

        Assert.That((string)browser.Evaluate("location.search")!, Is.EqualTo("?stream=live/a"));
        Assert.That(browser.Complaints, Is.Empty);
    }

    [Test]
    public void The_page_shows_streams_of_another_server()
    {
        using var server = Serve();
        using var publisher = Publisher.Start(Film.Long, server.Url("live/a"));
        var elsewhere = RtmpServerProcess.FreePort();
        using var host = Serve(elsewhere);
        using var browser = Browser.Start();

        browser.Open($"http://127.0.0.1:{elsewhere}/?server=127.0.0.1:{_port}&stream=live/a");
        browser.WaitFor("video.currentTime > 1", Soon);

        Assert.That(browser.Requests, Has.Some.StartsWith($"{Page}live/a.flv"));
        Assert.That(browser.Complaints, Is.Empty);
    }

    private ReactorProcess Serve() => Serve(_port);

    private static ReactorProcess Serve(int port) =>
        ReactorProcess.Start($"http.listen=127.0.0.1:{port}", "defaults.publish.grace=2s");
}
