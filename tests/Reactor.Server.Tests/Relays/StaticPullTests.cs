using System.Linq;
using NUnit.Framework;
using Reactor.Server.Tests.Configuration;

namespace Reactor.Server.Tests.Relays;

/// <summary>Pulls that run from the start, and that come and go with a reload.</summary>
[TestFixture]
public sealed class StaticPullTests
{
    private const string Old = "rtmp://127.0.0.1:9/old";
    private const string New = "rtmp://127.0.0.1:9/new";

    [Test]
    public void They_are_those_of_apps_and_streams_that_are_named()
    {
        using var server = Start($$"""
            {
              "apps": {
                "live": {
                  "pull": [
                    { "url": "{{Old}}", "name": "a", "static": true },
                    { "url": "{{Old}}", "name": "b" }
                  ],
                  "streams": {
                    "c": { "pull": { "url": "{{New}}", "name": "c", "static": true } }
                  }
                },
                "*": {}
              }
            }
            """);

        Assert.That(
            Pulls(server),
            Is.EquivalentTo(new[]
            {
                "pull:live/a static rtmp://127.0.0.1:9/old/a",
                "pull:live/c static rtmp://127.0.0.1:9/new/c",
            }));
    }

    [Test]
    public void A_reload_begins_ends_and_changes_them()
    {
        using var server = Start(Live(("a", Old), ("b", Old), ("c", Old)));
        server.Turns(20, 1000);
        var attempts = server.Server.RelayApi.List().Single(r => r.Key == "pull:live/a").Attempts;
        Assert.That(attempts, Is.GreaterThan(1), "nobody is there: it is tried again");

        server.Server.Reload(Config.Good(Live(("a", Old), ("b", New), ("d", New))));
        server.Turn();
        Assert.That(
            Pulls(server),
            Is.EquivalentTo(new[]
            {
                "pull:live/a static rtmp://127.0.0.1:9/old/a",
                "pull:live/b static rtmp://127.0.0.1:9/new/b",
                "pull:live/d static rtmp://127.0.0.1:9/new/d",
            }));
        Assert.That(
            server.Server.RelayApi.List().Single(r => r.Key == "pull:live/a").Attempts,
            Is.GreaterThanOrEqualTo(attempts), "the same one goes on");

        server.Server.Reload(Config.Good("""{ "apps": { "live": {} } }"""));
        Assert.That(Pulls(server), Is.Empty);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void One_that_becomes_on_demand_lasts_while_it_is_watched()
    {
        using var server = Start(Live(("a", Old)));
        server.Play();
        server.Server.Reload(Config.Good(Live(("a", Old)).Replace("true", "false")));
        server.Turns(3, 1000);
        Assert.That(
            Pulls(server).Single(), Is.EqualTo("pull:live/a config rtmp://127.0.0.1:9/old/a"));

        server.Server.Reload(Config.Good(Live(("a", New)).Replace("true", "false")));
        server.Turns(3, 1000);
        Assert.That(
            Pulls(server).Single(), Is.EqualTo("pull:live/a config rtmp://127.0.0.1:9/new/a"));

        server.Server.Reload(Config.Good(Live(("a", New))));
        Assert.That(
            Pulls(server).Single(), Is.EqualTo("pull:live/a static rtmp://127.0.0.1:9/new/a"));
    }

    [Test]
    public void One_that_is_not_watched_and_becomes_on_demand_ends()
    {
        using var server = Start(Live(("a", Old)));
        server.Server.Reload(Config.Good(Live(("a", Old)).Replace("true", "false")));
        server.Turns(15, 1000);

        Assert.That(Pulls(server), Is.Empty);
    }

    private static ServerInMemory Start(string json) => new(options: Config.Good(json));

    private static string Live(params (string Name, string Url)[] pulls) =>
        $$"""
        { "apps": { "live": { "pull": [ {{string.Join(", ", pulls.Select(pull =>
            $$"""{ "url": "{{pull.Url}}", "name": "{{pull.Name}}", "static": true }"""))}} ] } } }
        """;

    private static string[] Pulls(ServerInMemory server) =>
    [
        .. server.Server.RelayApi.List()
            .Select(relay => $"{relay.Key} {relay.Origin} {relay.Target}"),
    ];
}
