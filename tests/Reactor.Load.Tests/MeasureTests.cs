using NUnit.Framework;
using Reactor.Load.Measures;

namespace Reactor.Load.Tests;

[TestFixture]
public sealed class MeasureTests
{
    [Test]
    public void Percentiles_are_right_within_two_percent([Values(1, 37, 1000, 77_777)] int scale)
    {
        var histogram = new Histogram();
        for (var i = 1; i <= 1000; i++)
            histogram.Add(i * scale);

        var summary = histogram.Summarise()!;
        Assert.That(summary.P50 * 1000, Is.EqualTo(500 * scale).Within(2).Percent);
        Assert.That(summary.P90 * 1000, Is.EqualTo(900 * scale).Within(2).Percent);
        Assert.That(summary.P99 * 1000, Is.EqualTo(990 * scale).Within(2).Percent);
        Assert.That(summary.Max * 1000, Is.EqualTo(1000 * scale).Within(0.001));
    }

    [Test]
    public void The_longest_time_that_can_be_counted_has_a_place()
    {
        var histogram = new Histogram();
        histogram.Add(long.MaxValue);

        Assert.That(histogram.Count, Is.EqualTo(1));
        Assert.That(histogram.Summarise()!.Max, Is.GreaterThan(9e15));
    }

    [Test]
    public void Nothing_counted_is_told_as_nothing()
    {
        Assert.That(new Histogram().Summarise(), Is.Null);
    }

    [Test]
    public void The_middle_of_three_rounds_is_neither_the_best_nor_the_worst()
    {
        Assert.That(Percentiles.Middle([0.9, 0.4, 0.5]), Is.EqualTo(0.5));
    }

    [TestCase("rtmp://127.0.0.1:1936/live", ExpectedResult = "127.0.0.1:1936 live")]
    [TestCase("rtmp://127.0.0.1/live/two", ExpectedResult = "127.0.0.1:1935 live/two")]
    [TestCase("rtmp://[::1]:1936/live", ExpectedResult = "[::1]:1936 live")]
    [TestCase("rtmp://192.0.2.1/live", ExpectedResult = "refused")]
    [TestCase("rtmp://0.0.0.0/live", ExpectedResult = "refused")]
    [TestCase("rtmp://example.com/live", ExpectedResult = "refused")]
    [TestCase("http://127.0.0.1/live", ExpectedResult = "refused")]
    [TestCase("rtmp://127.0.0.1", ExpectedResult = "refused")]
    public string Only_this_machine_can_be_loaded(string url) =>
        LoadOptions.TryParseUrl(url, out var server, out var app) ? $"{server} {app}" : "refused";

    [TestCase("500k", ExpectedResult = 500_000)]
    [TestCase("1m", ExpectedResult = 1_000_000)]
    [TestCase("64000", ExpectedResult = 64_000)]
    [TestCase("1", ExpectedResult = null)]
    [TestCase("3000m", ExpectedResult = null)]
    [TestCase("fast", ExpectedResult = null)]
    public int? A_bitrate_has_a_unit_and_bounds(string text) => LoadOptions.ParseBits(text);
}
