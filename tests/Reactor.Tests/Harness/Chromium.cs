using System;
using System.Threading;

namespace Reactor.Tests.Harness;

/// <summary>The one Chromium of a run, without a window; each test has a page of its own in it.
/// </summary>
internal sealed class Chromium : IDisposable
{
    /// <summary>
    /// No window, nothing kept, no word to anybody but the page's server; and a page is as quick
    /// behind others as in front of them.
    /// </summary>
    private static readonly string[] Options =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--disable-dev-shm-usage", "--log-level=3", "--remote-debugging-port=0",
        "--disable-renderer-backgrounding", "--disable-background-timer-throttling",
        "--disable-backgrounding-occluded-windows",
        // Two pages of its own behind the address bar of each window, that nobody opens here.
        "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
    ];

    private static readonly Lock Gate = new();
    private static Chromium? _running;

    private readonly TemporaryFolder _profile = new();
    private readonly ChildProcess _process;
    private readonly string _address;

    private Chromium()
    {
        _process = new ChildProcess(
            "chromium", [.. Options, $"--user-data-dir={_profile.Path}", "about:blank"]);
        try
        {
            var line = _process.WaitForLine(
                line => line.Contains("DevTools listening on"), Patience.Long);
            _address = line[line.IndexOf("ws://", StringComparison.Ordinal)..];
        }
        catch (TimeoutException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where it is spoken to. Whoever asks first starts it, and anew should it have died.
    /// </summary>
    public static string Address
    {
        get
        {
            lock (Gate)
            {
                if (_running is { _process.HasExited: true })
                    End();
                _running ??= new Chromium();
                return _running._address;
            }
        }
    }

    /// <summary>Called when the run is over.</summary>
    public static void End()
    {
        lock (Gate)
        {
            _running?.Dispose();
            _running = null;
        }
    }

    /// <summary>Its helpers write to the profile as long as they run.</summary>
    public void Dispose()
    {
        _process.Dispose();
        _profile.Dispose();
    }
}
