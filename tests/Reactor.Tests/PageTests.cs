using System;
using System.Linq;
using System.Threading;
using NUnit.Framework;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>How the player page plays in a real browser what a real encoder sends.</summary>
/// <remarks>Pictures of what was seen are kept in artifacts/screens.</remarks>
[TestFixture]
[NonParallelizable]     // two browsers at once on two cores would measure each other
public sealed class PageTests
{
    private static readonly TimeSpan Soon = Patience.Long;

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

    private static ReactorProcess Serve(int port, params string[] settings) =>
        ReactorProcess.Start(
            [$"http.listen=127.0.0.1:{port}", "defaults.publish.grace=2s", .. settings]);

    /// <summary>An edge box has no internet: the page asks nobody but its own server.</summary>
    private bool IsForStrangers(string url) =>
        new Uri(url) is not { Host: "127.0.0.1" } uri || uri.Port != _port;

    /// <summary>As the page shows it.</summary>
    private static double Latency(Browser browser) =>
        Number(browser, "parseFloat(document.getElementById('g-latency').innerText)");

    private static double Number(Browser browser, string expression) =>
        browser.Evaluate(expression)?.GetValue<double>() ?? double.NaN;
}
