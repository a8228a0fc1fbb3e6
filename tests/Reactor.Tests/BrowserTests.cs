using NUnit.Framework;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>All tests have one browser, and none notices the others.</summary>
[TestFixture]
public sealed class BrowserTests
{
    private const string Drawn = "new Promise(drawn => requestAnimationFrame(() => drawn(true)))";

    [Test]
    public void Pages_share_nothing_and_each_is_in_front()
    {
        var port = RtmpServerProcess.FreePort();
        using var server = ReactorProcess.Start($"http.listen=127.0.0.1:{port}");
        using var one = Browser.Start();
        using var other = Browser.Start();
        foreach (var page in new[] { one, other })
            page.Open($"http://127.0.0.1:{port}/");

        one.Evaluate("document.cookie = 'a=1'; localStorage.a = '1'");

        Assert.That((string?)one.Evaluate("document.cookie + localStorage.a"), Is.EqualTo("a=11"));
        Assert.That((string?)other.Evaluate("document.cookie"), Is.Empty);
        Assert.That((string?)other.Evaluate("localStorage.getItem('a')"), Is.Null);
        foreach (var page in new[] { one, other })
        {
            page.WaitFor("document.hasFocus()", Patience.Long);
            Assert.That((bool?)page.Evaluate(Drawn), Is.True, "drawn");
        }
    }
}
