using System;
using NUnit.Framework;
using Reactor.Server.Storage;
using Reactor.Transport;
using Reactor.Transport.Network;

namespace Reactor.Server.Tests.Storage;

/// <summary>A Redis client on a loop of real sockets, which the test turns itself.</summary>
internal sealed class RedisWorld : IDisposable
{
    private const int PatienceMs = 15_000;
    private readonly HostLookup _hosts;

    public RedisWorld(RedisSettings settings)
    {
        Loop = new EventLoop(
            Networks.Open(NetworkBackend.Auto), TimeProvider.System, new LoopSettings());
        var resolver = new DnsResolver(() => new WorkQueue(Loop.Mailbox, threads: 1));
        _hosts = new HostLookup(Loop, resolver, Struck);
        Client = new RedisClient(Loop, _hosts, settings, new Random(1), Struck);
        Client.Start();
    }

    public RedisWorld(RedisProcess redis)
        : this(new RedisSettings("127.0.0.1", redis.Port) { RetryMs = 50, RetryMsMax = 200 })
    {
    }

    public EventLoop Loop { get; }

    public RedisClient Client { get; }

    public LimitCounts Struck { get; } = new();

    /// <summary>The answer; the loop turns until it is there.</summary>
    public RedisAnswer Ask(params string[] words)
    {
        RedisAnswer? got = null;
        Client.Ask(answer => got = answer, words);
        Until(() => got is not null, string.Join(' ', words));
        return got!.Value;
    }

    public void UntilReady() => Until(() => Client.State == RedisState.Ready, "Redis is ready");

    public void Until(Func<bool> isSo, string what)
    {
        var deadline = Loop.NowMs + PatienceMs;
        while (!isSo())
        {
            Assert.That(Loop.NowMs, Is.LessThan(deadline), $"{what}: {Client.Trouble}");
            Loop.RunOnce();
        }
    }

    public void Dispose()
    {
        Client.Stop();
        _hosts.Dispose();
        Assert.Multiple(() =>
        {
            Assert.That(Client.Pending, Is.Zero);
            Assert.That(Loop.Timers.Count, Is.Zero);
            Assert.That(Loop.Poller.Watched, Is.Zero);
            Assert.That(Loop.Pool.Outstanding, Is.Zero);
        });
        Loop.Dispose();
    }
}
