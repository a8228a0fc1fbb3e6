using System;
using System.Linq;
using System.Text.Json;
using NLog;
using NUnit.Framework;
using Reactor.Server.Logging;

namespace Reactor.Server.Tests.Logging;

[TestFixture]
public sealed class LayoutTests
{
    private static readonly DateTime Moment = new(2026, 11, 20, 11, 45, 0, 123, DateTimeKind.Utc);

    [Test]
    public void A_line_of_text_is_time_level_message()
        => Assert.That(
            new TextLayout().Render(Event("publish {Stream:l}", "live/a")),
            Is.EqualTo("2026-11-20 11:45:00.123 INFO  publish live/a"));

    [TestCase("a\r\n2026-11-20 11:45 INFO  forged", @"a\r\n2026-11-20 11:45 INFO  forged")]
    [TestCase("\u001B[2Jcleared", @"\u001B[2Jcleared")]
    [TestCase("\0\t\u007F\u0085\u2028", @"\u0000\t\u007F\u0085\u2028")]
    [TestCase("\u202Eesrever", @"\u202Eesrever")]
    [TestCase("naïve 日本 🎥", "naïve 日本 🎥")]
    public void No_text_of_a_peer_can_break_the_line_or_steer_the_terminal(
        string name, string shown)
        => Assert.That(
            new TextLayout().Render(Event("{Stream:l}", name)),
            Is.EqualTo("2026-11-20 11:45:00.123 INFO  " + shown));

    [Test]
    public void An_exception_follows_on_indented_lines()
    {
        var entry = Event("broken");
        entry.Exception = new InvalidOperationException("first\n2026-11-20 second");

        var lines = new TextLayout().Render(entry).Split('\n');

        Assert.That(lines, Has.Length.EqualTo(3));
        Assert.That(lines.Skip(1), Has.All.StartsWith("    "));
    }

    [Test]
    public void A_line_of_JSON_holds_the_fields_of_the_message()
    {
        var entry = Event("{Stream:l} {Bytes} {Clean}", "a\"\n\u001B", 5L, true);
        var line = new JsonLayout().Render(entry);
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;

        Assert.That(line, Does.Not.Contain('\n').And.Not.Contain('\u001B'));
        Assert.That(root.GetProperty("time").GetString(), Is.EqualTo("2026-11-20T11:45:00.123Z"));
        Assert.That(root.GetProperty("level").GetString(), Is.EqualTo("info"));
        Assert.That(root.GetProperty("Stream").GetString(), Is.EqualTo("a\"\n\u001B"));
        Assert.That(root.GetProperty("Bytes").GetInt64(), Is.EqualTo(5));
        Assert.That(root.GetProperty("Clean").GetBoolean(), Is.True);
    }

    private static LogEventInfo Event(string message, params object[] values)
        => new(LogLevel.Info, "test", null, message, values) { TimeStamp = Moment };
}
