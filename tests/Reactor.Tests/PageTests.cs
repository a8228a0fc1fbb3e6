using System;
using System.Linq;
using System.Threading;
using NUnit.Framework;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>The player page in a real browser, with a stream of a real encoder.</summary>
/// <remarks>Pictures of what was seen are kept in artifacts/screens.</remarks>
[TestFixture]
[NonParallelizable]     // two browsers at once on two cores would measure each other
public sealed class PageTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly int _port = RtmpServerProcess.FreePort();

    private string Page => $"http://127.0.0.1:{_port}/";

    [TestCase("flv", 2.5)]
    [TestCase("ws", 2.5)]
    [TestCase("hls", 9)]
    [TestCase("hls", 9, "fmp4")]
    public void A_browser_plays_a_stream_by(string via, double latencyMax, string type = "ts")
    {
        using var server = Serve(_port, $"defaults.hls.type={type}");
        using var publisher = Publisher.Start(Film.Long, server.Url("live/a"));
        using var browser = Browser.Start();
        publisher.WaitForFrame(Film.FramesInGop);

        browser.Open($"{Page}?stream=live/a&via={via}");
        // The first viewer by HLS may stand still behind the first segment, until there is another.
        browser.WaitFor("video.currentTime > 2.5 && video.videoWidth > 0", Soon);
        var before = Number(browser, "video.currentTime");
        Thread.Sleep(4000);
        var played = Number(browser, "video.currentTime") - before;
        var frames = Number(browser, "video.getVideoPlaybackQuality().totalVideoFrames");
        var latency = Latency(browser);
        TestContext.Out.WriteLine($"{via}: {latency} s behind the live edge, {frames} frames");
        browser.Photograph($"player-{via}");

        Assert.Multiple(() =>
        {
            Assert.That(played, Is.InRange(3.5, 6), "seconds played in four");
            Assert.That(Number(browser, "video.videoWidth"), Is.EqualTo(320));
            Assert.That(frames, Is.GreaterThan(3 * Film.FramesPerSecond));
            Assert.That(latency, Is.InRange(0, latencyMax));
            Assert.That(browser.Complaints, Is.Empty);
            Assert.That(browser.Requests.Where(IsForStrangers), Is.Empty);
        });
    }

    /// <summary>In one run, so that both have the same machine (A22); as the first viewer, whose
    /// request begins the segments.</summary>
    [Test]
    public void A_browser_is_nearer_to_live_by_HLS_of_low_latency()
    {
        using var server = Serve(
            _port, "apps.plain.hls.type=fmp4", "apps.low.hls.type=ll");
        using var browser = Browser.Start();
        var plain = LatencyOf("plain/a");
        var low = LatencyOf("low/a");
        TestContext.Out.WriteLine($"{low} s behind the live edge, {plain} s without parts");

        Assert.Multiple(() =>
        {
            Assert.That(low, Is.InRange(0, 1.4));
            Assert.That(plain, Is.GreaterThan(low));
            Assert.That(browser.Requests, Has.Some.Contains("_HLS_msn="));
            Assert.That(browser.Complaints, Is.Empty);
        });

        double LatencyOf(string stream)
        {
            using var publisher = Publisher.Start(Film.Long, server.Url(stream));
            publisher.WaitForFrame(Film.FramesInGop);
            browser.Open($"{Page}?stream={stream}&via=hls");
            browser.WaitFor("video.currentTime > 0 && video.videoWidth > 0", Soon);
            var before = Number(browser, "video.currentTime");
            Thread.Sleep(4000);
            var played = Number(browser, "video.currentTime") - before;
            Assert.That(played, Is.InRange(3, 6), "seconds played in four");
            browser.Photograph($"player-{stream.Split('/')[0]}");
            return Latency(browser);
        }
    }

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
        var row = (string)browser.Evaluate("document.querySelector('#streams a').innerText")!;
        Assert.That(row, Does.Contain("H.264 · AAC"));
        Assert.That(row, Does.Match("320\u00a0×\u00a0180 · 2[3-7]\u00a0fps"));
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

    private static ReactorProcess Serve(int port, params string[] settings)
    {
        var server = ReactorProcess.Start(
            [$"http.listen=127.0.0.1:{port}", "defaults.publish.grace=2s", .. settings]);
        server.Process.WaitForLine(line => line.Contains($"http://127.0.0.1:{port}/"), Soon);
        return server;
    }

    /// <summary>An edge box has no internet: the page asks nobody but its own server.</summary>
    private bool IsForStrangers(string url) =>
        new Uri(url) is not { Host: "127.0.0.1" } uri || uri.Port != _port;

    /// <summary>As the page shows it.</summary>
    private static double Latency(Browser browser) =>
        Number(browser, "parseFloat(document.getElementById('g-latency').innerText)");

    private static double Number(Browser browser, string expression) =>
        browser.Evaluate(expression)?.GetValue<double>() ?? double.NaN;
}
