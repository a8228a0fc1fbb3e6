using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Server.Egress;
using Reactor.Server.Tests.Http;
using Reactor.Streaming;
using Reactor.Testing;
using Reactor.Testing.Hls;

namespace Reactor.Server.Tests.Egress;

[TestFixture]
public sealed class HlsNumbersTests
{
    private static readonly HlsOptions Plain = new();
    private static readonly HlsOptions Aligned = new()
    {
        HlsFragmentSlicing = HlsSlicing.Aligned,
    };

    private readonly ManualTime _time = new();
    private HlsNumbers _numbers = null!;

    private long Seconds => _time.GetUtcNow().ToUnixTimeSeconds();

    [SetUp]
    public void Begin() => _numbers = new HlsNumbers(_time);

    [Test]
    public void Plain_ones_begin_at_the_seconds_and_behind_all_that_were()
    {
        Assert.That(_numbers.FirstOf(Key("a"), Plain), Is.EqualTo(Seconds));

        _numbers.End(Key("a"), Plain, Seconds + 100);

        Assert.That(_numbers.FirstOf(Key("b"), Plain), Is.EqualTo(Seconds + 100));
    }

    [Test]
    public void Aligned_ones_follow_the_clock_but_for_a_stream_that_is_ahead_of_it()
    {
        var slot = Seconds / 2;
        _numbers.End(Key("b"), Plain, Seconds + 100);
        Assert.That(_numbers.FirstOf(Key("a"), Aligned), Is.Zero);

        _numbers.End(Key("a"), Aligned, slot + 5);
        _numbers.Check();

        Assert.That(_numbers.FirstOf(Key("a"), Aligned), Is.EqualTo(slot + 5));
        Assert.That(_numbers.FirstOf(Key("b"), Aligned), Is.Zero);
        _time.Advance(12_000);
        _numbers.Check();
        Assert.That(_numbers.FirstOf(Key("a"), Aligned), Is.Zero, "time has caught up");
    }

    [Test]
    public void Of_more_streams_than_it_remembers_no_number_returns_either()
    {
        var slot = Seconds / 2;
        for (var i = 0; i < 5000; i++)
            _numbers.End(Key($"{i}"), Aligned, slot + 1000 + i);

        for (var i = 0; i < 5000; i++)
        {
            Assert.That(
                _numbers.FirstOf(Key($"{i}"), Aligned), Is.GreaterThanOrEqualTo(slot + 1000 + i));
        }
    }

    /// <summary>A cache keeps parts for an hour, also those of what became no segment.</summary>
    [Test]
    public void After_a_fault_no_number_returns_of_which_there_were_parts()
    {
        using var server = new ServerInMemory(options: new ServerOptions
        {
            Defaults = new StreamOptions
            {
                Hls = new HlsOptions
                {
                    Type = HlsType.Ll,
                    OnDemand = false,
                    HlsFragment = TimeSpan.FromSeconds(1),
                },
            },
        });
        var publisher = HlsFilm.Publish(server);
        HlsFilm.Film(server, publisher, 0, 5801);
        var before = Read();
        Assert.That(before.Parts.Listed[^1].Sequence, Is.GreaterThan(before.All.Last().Sequence));

        server.Time.Trouble = new InvalidOperationException("a bug");
        HlsFilm.Film(server, publisher, 5801, 5880);
        server.Time.Trouble = null;
        Assert.That(server.Server.HlsCount, Is.Zero);
        HlsFilm.Film(server, publisher, 5880, 5920);
        Read();                                 // which has it begin
        HlsFilm.Film(server, publisher, 5920, 8001);

        Assert.That(
            Read().All.First().Sequence, Is.GreaterThan(before.Parts.Listed[^1].Sequence));

        PlaylistChecker Read()
        {
            using var viewer = new HttpPeer(server, 7002);
            var checker = new PlaylistChecker();
            if (viewer.Get("/live/a.m3u8") is { } answer)
                checker.Read(answer.Text);
            return checker;
        }
    }

    private static StreamKey Key(string name) => new("live", name);
}
