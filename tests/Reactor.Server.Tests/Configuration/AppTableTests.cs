using System;
using NUnit.Framework;

namespace Reactor.Server.Tests.Configuration;

[TestFixture]
public sealed class AppTableTests
{
    // gop_num says which rule answered.
    private const string Rules = """
        {
          "apps": {
            "*": { "play": { "gop_num": 1 } },
            "live": { "play": { "gop_num": 2 } },
            "live/vip": { "play": { "gop_num": 3 } },
            "event-*": { "play": { "gop_num": 4 } },
            "event-2026-*": { "play": { "gop_num": 5 } },
            "live-a": {
              "play": { "gop_num": 6 },
              "streams": {
                "*": { "play": { "gop_num": 7 } },
                "cam_*": { "play": { "gop_num": 8 } },
                "cam_1": { "play": { "gop_num": 9 } }
              }
            }
          }
        }
        """;

    [TestCase("live", 2)]
    [TestCase("live/vip", 3)]
    [TestCase("live/vip/gold", 3)]
    [TestCase("live/vipers", 2)]
    [TestCase("live/other", 2)]
    [TestCase("livery", 1)]
    [TestCase("event-1", 4)]
    [TestCase("event-2026-1", 5)]
    [TestCase("unheard", 1)]
    public void An_app_is_found_by_name_then_by_longest_prefix_then_by_glob(string app, int rule)
        => Assert.That(Config.Good(Rules).Resolve(app, "a")!.Play.GopNum, Is.EqualTo(rule));

    [TestCase("cam_1", 9)]
    [TestCase("cam_2", 8)]
    [TestCase("other", 7)]
    public void A_stream_is_found_by_name_then_by_glob(string stream, int rule)
        => Assert.That(Config.Good(Rules).Resolve("live-a", stream)!.Play.GopNum, Is.EqualTo(rule));

    [Test]
    public void Without_apps_every_app_is_taken()
    {
        var options = Config.Good("{}");

        Assert.That(options.Resolve("any", "a"), Is.SameAs(options.Defaults));
    }

    [Test]
    public void With_apps_and_no_star_an_app_that_is_not_named_is_refused()
    {
        var options = Config.Good("""{ "apps": { "live": {} } }""");

        Assert.That(options.Resolve("live", "a"), Is.Not.Null);
        Assert.That(options.Resolve("other", "a"), Is.Null);
    }

    [Test]
    public void What_a_level_does_not_say_comes_from_the_level_above_wherever_that_stands()
    {
        var options = Config.Good("""
            {
              "apps": {
                "live": {
                  "streams": { "vip_*": { "play": { "max_players": 50 } } },
                  "play": { "gop_num": 2 }
                }
              },
              "defaults": { "live": false, "play": { "gop_num": 9, "queue_length": "3s" } }
            }
            """);

        var vip = options.Resolve("live", "vip_a")!;

        Assert.That(vip.Live, Is.False);
        Assert.That(vip.Play.QueueLength, Is.EqualTo(TimeSpan.FromSeconds(3)));
        Assert.That((vip.Play.GopNum, vip.Play.MaxPlayers), Is.EqualTo((2, 50)));
        Assert.That(options.Resolve("live", "plain")!.Play.MaxPlayers, Is.Zero);
    }

    [Test]
    public void Names_from_the_network_do_not_fill_the_memory()
    {
        var options = Config.Good(Rules);
        for (var i = 0; i < 20_000; i++)
            Assert.That(options.Resolve($"live/{i}", "a")!.Play.GopNum, Is.EqualTo(2));

        Assert.That(options.Apps!.Remembered, Is.LessThanOrEqualTo(4096));
    }

    [Test]
    public void An_answer_is_remembered()
    {
        var options = Config.Good(Rules);

        var first = options.Resolve("live", "a");

        Assert.That(options.Resolve("live", "a"), Is.SameAs(first));
        Assert.That(options.Apps!.Remembered, Is.EqualTo(1));
    }
}
