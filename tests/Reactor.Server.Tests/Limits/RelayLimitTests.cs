using System.Linq;
using NUnit.Framework;
using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Limits;

/// <summary>What a relay waits for, below and above, and how it is counted.</summary>
[TestFixture]
public sealed class RelayLimitTests
{
    [TestCase(4800, 0)]
    [TestCase(5200, 1)]
    public void A_connection_has_five_seconds(int milliseconds, int struck)
    {
        using var server = Start("rtmp://127.0.0.1:9/x/a");
        server.Publish();
        server.Turns(milliseconds / 40, 40);

        Expect(server, Limit.RelayConnect, struck);
    }

    [TestCase(9800, 0)]
    [TestCase(10_300, 1)]
    public void An_answer_has_ten_seconds(int milliseconds, int struck)
    {
        using var server = Start("rtmp://127.0.0.1:9/x/a");
        server.Publish();
        server.Turns(2);
        server.Network.Called.Single().Arrive(new byte[] { 3 });
        server.Turns(milliseconds / 40, 40);

        Expect(server, Limit.RelayAnswer, struck);
        Expect(server, Limit.RelayConnect, 0);
    }

    [Test]
    public void A_ring_is_counted()
    {
        using var server = Start("rtmp://127.0.0.1:1935/live/a");
        server.Publish();
        server.Turns(3, 40);

        Expect(server, Limit.RelayRing, 1);
    }

    private static ServerInMemory Start(string url) => new(takesCalls: true, options: new()
    {
        Defaults = new StreamOptions
        {
            Push = [new RelayRule(url)],
            Publish = new PublishOptions { FirstpktTimeout = System.TimeSpan.FromHours(1) },
        },
    });

    private static void Expect(ServerInMemory server, Limit limit, int struck) =>
        Assert.That(server.Server.Struck[limit], Is.EqualTo(struck), $"{limit}");
}
