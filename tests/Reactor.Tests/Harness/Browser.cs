using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Text.Json.Nodes;
using System.Threading;
using NUnit.Framework;

namespace Reactor.Tests.Harness;

/// <summary>
/// A page in a real Chromium, that shares neither cookies nor caches with another one.
/// </summary>
internal sealed class Browser : IDisposable
{
    private static readonly string Screens = Path.Combine(SourceTree.Root, "artifacts", "screens");

    private readonly DevTools _page;
    private readonly List<string> _complaints = [];
    private readonly List<string> _requests = [];

    private Browser()
    {
        _page = new DevTools(Chromium.Address, OnEvent);
        _page.Open();
        foreach (var domain in new[] { "Page", "Runtime", "Log", "Network" })
            _page.Ask($"{domain}.enable");
        _page.Ask("Emulation.setFocusEmulationEnabled", new { enabled = true });
    }

    /// <summary>What scripts threw; what the network refused is the page's own affair.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>Every address that the page asked, media aside that MSE was fed with.</summary>
    public IReadOnlyList<string> Requests => _requests;

    public static Browser Start() => new();

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
        WaitFor("document.readyState === 'complete'", Patience.Long);
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

    public void Dispose() => _page.Dispose();

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
