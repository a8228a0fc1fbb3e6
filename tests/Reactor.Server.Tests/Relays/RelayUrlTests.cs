using NUnit.Framework;
using Reactor.Protocol;
using Reactor.Server.Relays;

namespace Reactor.Server.Tests.Relays;

/// <summary>Where a relay goes: application and name are split as for publishers (Q40).</summary>
[TestFixture]
public sealed class RelayUrlTests
{
    [TestCase("rtmp://h/live/a", "h", 1935, "live", "a", "rtmp://h/live")]
    [TestCase("rtmp://h:1936/live/a", "h", 1936, "live", "a", "rtmp://h:1936/live")]
    [TestCase("rtmps://h/app/inst/a", "h", 443, "app/inst", "a", "rtmps://h/app/inst")]
    [TestCase("RTMP://h/live/a/", "h", 1935, "live", "a", "rtmp://h/live")]
    [TestCase("rtmp://[fd00::1]:77/l/a", "fd00::1", 77, "l", "a", "rtmp://[fd00::1]:77/l")]
    [TestCase("rtmp://[fd00::1]/l/a", "fd00::1", 1935, "l", "a", "rtmp://[fd00::1]/l")]
    public void A_url_is_split_behind_its_last_slash(
        string text, string host, int port, string app, string name, string tcUrl)
    {
        var url = Read(text);

        Assert.That(
            (url.Host, url.Port, url.App, url.Name, url.TcUrl),
            Is.EqualTo((host, port, app, name, tcUrl)));
        Assert.That(url.IsSecure, Is.EqualTo(text.StartsWith("rtmps")));
    }

    [TestCase("rtmp://h/live", "cam")]
    [TestCase("rtmp://h/live/?k=v/w", "cam?k=v/w")]
    public void A_url_of_one_segment_keeps_the_name_of_the_stream(string text, string name)
    {
        Assert.That((Read(text).App, Read(text).Name), Is.EqualTo(("live", name)));   // S4.15
    }

    [Test]
    public void A_query_stays_with_the_name_byte_for_byte()
    {
        const string Name = "a?txSecret=9f/2+%3D&txTime=5FFF?x";        // A36

        Assert.That(Read($"rtmp://h/live/{Name}").Name, Is.EqualTo(Name));
    }

    [TestCase("http://h/live/a", "rtmp://")]
    [TestCase("rtmp://", "no host")]
    [TestCase("rtmp:///live/a", "no host")]
    [TestCase("rtmp://h", "no application")]
    [TestCase("rtmp://h//", "no application")]
    [TestCase("rtmp://user:word@h/live/a", "user and password")]
    [TestCase("rtmp://h:0/live/a", "port")]
    [TestCase("rtmp://h:65536/live/a", "port")]
    [TestCase("rtmp://h:/live/a", "port")]
    [TestCase("rtmp://h/li ve/a", "blank")]
    [TestCase("rtmp://h/live/a\r\nHost: x", "control character")]
    [TestCase("rtmp://h\\@x/live/a", "backslash")]
    public void What_is_wrong_with_a_url_is_said(string text, string words)
    {
        Assert.That(RelayUrl.TryParse(text, "cam", out _, out var why), Is.False);
        Assert.That(why, Does.Contain(words));
    }

    [Test]
    public void A_url_has_a_bound()
    {
        var longest = "rtmp://h/live/" + new string('a', RelayUrl.CharactersMax - 14);

        Assert.That(RelayUrl.TryParse(longest, "cam", out _, out _), Is.True);
        Assert.That(RelayUrl.TryParse(longest + "a", "cam", out _, out _), Is.False);
    }

    [TestCase("rtmp://h/live/cam?key=1", "rtmp://h/live/cam")]
    [TestCase("rtmp://h/live2/my-secret-key", "rtmp://h/live2/***")]
    public void What_may_be_a_secret_is_not_shown(string text, string shown)
    {
        Assert.That(Read(text).Shown("cam"), Is.EqualTo(shown));
    }

    [Test]
    public void Another_application_takes_the_place_of_the_urls()
    {
        var url = Read("rtmp://h:1/live/a").WithApp("x/y");

        Assert.That((url.App, url.TcUrl), Is.EqualTo(("x/y", "rtmp://h:1/x/y")));
    }

    [Test]
    public void A_template_is_filled_in_and_values_cannot_become_other_parts()
    {
        var query = new QueryParameters();
        query.Add("token=a%26b%3D%2F&other=1");

        var text = RelayTemplate.Fill(
            "rtmp://h/{app}/{stream}?t={query.token}&n={query.none}&{x}{", "a/b c", "s?x/#%",
            query);

        Assert.That(
            text, Is.EqualTo("rtmp://h/a/b%20c/s%3Fx%2F%23%25?t=a%26b%3D%2F&n=&{x}{"));
    }

    private static RelayUrl Read(string text)
    {
        Assert.That(RelayUrl.TryParse(text, "cam", out var url, out var why), Is.True, why);
        return url!;
    }
}
