using System;
using NUnit.Framework;
using Reactor.Server.Storage;

namespace Reactor.Server.Tests.Storage;

[TestFixture]
public sealed class PathTemplateTests
{
    private static readonly DateTimeOffset At =
        new(2026, 3, 9, 4, 5, 6, TimeSpan.FromHours(2));

    [TestCase("record/{app}/{stream}_{unix}.{ext}", "record/live/cam_1773021906.flv")]
    [TestCase("r/%Y-%m-%d/%H%M%S-{stream}.{ext}", "r/2026-03-09/040506-cam.flv")]
    [TestCase("plain.flv", "plain.flv")]
    [TestCase("100%%", "100%")]
    public void A_template_is_filled_in(string text, string expected)
    {
        Assert.That(Expand(text, "live", "cam"), Is.EqualTo(expected));
    }

    [Test]
    public void A_name_from_the_network_makes_no_other_folder()
    {
        Assert.That(
            Expand("record/{app}/{stream}.{ext}", "../..", "../{ext}/%Y"),
            Is.EqualTo("record/%2E.%2F.%2E/%2E.%2F%7Bext%7D%2F%25Y.flv"));
    }

    [TestCase("", "a path")]
    [TestCase("{room}", "{app}, {stream}, {unix} or {ext} between braces")]
    [TestCase("{app", "{app}, {stream}, {unix} or {ext} between braces")]
    [TestCase("a%x", "one of %Y %m %d %H %M %S %% behind a percent sign")]
    [TestCase("a%", "one of %Y %m %d %H %M %S %% behind a percent sign")]
    public void What_is_wrong_with_a_template_is_told(string text, string expected)
    {
        Assert.That(PathTemplate.TryParse(text, out var error), Is.Null);
        Assert.That(error, Is.EqualTo(expected));
    }

    private static string Expand(string text, string app, string stream)
    {
        var template = PathTemplate.TryParse(text, out var error);
        Assert.That(error, Is.Null);
        return template!.Expand(new PathFields(app, stream, "flv", At)).Text;
    }
}
