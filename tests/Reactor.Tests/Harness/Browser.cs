using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text.Json.Nodes;
using System.Threading;
using NUnit.Framework;

namespace Reactor.Tests.Harness;

/// <summary>A real Chromium without a window, showing one page.</summary>
internal sealed class Browser : IDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(30);
    private static readonly string Screens = Path.Combine(SourceTree.Root, "artifacts", "screens");

    /// <summary>No window, nothing kept, and no word to anybody but the page's server.</summary>
    private static readonly string[] Options =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--disable-dev-shm-usage", "--log-level=3", "--remote-debugging-port=0",
    ];

    private readonly TemporaryFolder _profile;
    private readonly ChildProcess _process;
    private readonly DevTools _page;
    private readonly List<string> _complaints = [];
    private readonly List<string> _requests = [];

    private Browser(TemporaryFolder profile, ChildProcess process, string page)
    {
        _profile = profile;
        _process = process;
        _page = new DevTools(page, OnEvent);
        foreach (var domain in new[] { "Page", "Runtime", "Log", "Network" })
            _page.Ask($"{domain}.enable");
    }

    /// <summary>What scripts threw; what the network refused is the page's own affair.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>Every address that the page asked, media aside that MSE was fed with.</summary>
    public IReadOnlyList<string> Requests => _requests;

    public static Browser Start()
    {
        var profile = new TemporaryFolder();
        var process = new ChildProcess(
            "chromium", [.. Options, $"--user-data-dir={profile.Path}", "about:blank"]);
        var line = process.WaitForLine(line => line.Contains("DevTools listening on"), StartTime);
        var port = new Uri(line[line.IndexOf("ws://", StringComparison.Ordinal)..]).Port;
        return new Browser(profile, process, FindPage(port));
    }

    /// <summary>As wide as a desk's screen or a phone's, in the day or in the dark.</summary>
    public void LookLike(int width, int height, bool isPhone = false, bool isDark = false)
    {
        _page.Ask("Emulation.setDeviceMetricsOverride", new
        {
            width,
            height,
            deviceScaleFactor = isPhone ? 2 : 1,
            mobile = isPhone,
        });
        var value = isDark ? "dark" : "light";
        var features = new[] { new { name = "prefers-color-scheme", value } };
        _page.Ask("Emulation.setEmulatedMedia", new { features });
    }

    /// <summary>Opens an address, and waits until page, style and scripts are there.</summary>
    public void Open(string url)
    {
        var answer = _page.Ask("Page.navigate", new { url });
        Assert.That((string?)answer["errorText"], Is.Null, url);
        WaitFor("document.readyState === 'complete'", StartTime);
    }

    /// <summary>The value of an expression of JavaScript; a promise is awaited.</summary>
    public JsonNode? Evaluate(string expression)
    {
        var answer = _page.Ask(
            "Runtime.evaluate", new { expression, returnByValue = true, awaitPromise = true });
        if (answer["exceptionDetails"] is { } thrown)
            throw new InvalidOperationException($"{expression}: {thrown.ToJsonString()}");
        return answer["result"]!["value"];
    }

    /// <summary>Waits until an expression is true.</summary>
    public void WaitFor(string condition, TimeSpan deadline)
    {
        var clock = Stopwatch.StartNew();
        while (Evaluate($"Boolean({condition})")?.GetValue<bool>() != true)
        {
            if (clock.Elapsed > deadline)
                Assert.Fail($"{condition} did not become true; the page says:\n{Text()}");
            Thread.Sleep(100);
        }
    }

    /// <summary>What a visitor reads.</summary>
    public string Text() => (string)Evaluate("document.body.innerText")!;

    public void Click(string selector) =>
        Evaluate($"document.querySelector({JsonValue.Create(selector)!.ToJsonString()}).click()");

    /// <summary>Keeps a picture of the page in artifacts/screens, for people to look at.</summary>
    public void Photograph(string name)
    {
        var picture = (string)_page.Ask("Page.captureScreenshot", new { format = "png" })["data"]!;
        Directory.CreateDirectory(Screens);
        File.WriteAllBytes(
            Path.Combine(Screens, name + ".png"), Convert.FromBase64String(picture));
    }

    public void Dispose()
    {
        _page.Tell("Browser.close");
        _page.Dispose();
        _process.ExitsWithin(TimeSpan.FromSeconds(10));     // its helpers write to the profile
        _process.Dispose();
        _profile.Dispose();
    }

    private static string FindPage(int port)
    {
        using var client = new HttpClient();
        var list = client.GetStringAsync($"http://127.0.0.1:{port}/json/list")
            .GetAwaiter().GetResult();
        var page = JsonNode.Parse(list)!.AsArray().First(it => (string?)it!["type"] == "page")!;
        return (string)page["webSocketDebuggerUrl"]!;
    }

    private void OnEvent(string method, JsonNode parameters)
    {
        if (method == "Runtime.exceptionThrown")
            _complaints.Add(parameters["exceptionDetails"]!.ToJsonString());
        else if (method == "Log.entryAdded" && parameters["entry"] is { } entry)
        {
            if ((string?)entry["source"] == "security")
                _complaints.Add((string)entry["text"]!);        // the page broke its own policy
        }
        else if (method == "Network.requestWillBeSent")
            _requests.Add((string)parameters["request"]!["url"]!);
        else if (method == "Network.webSocketCreated")
            _requests.Add((string)parameters["url"]!);
    }
}
