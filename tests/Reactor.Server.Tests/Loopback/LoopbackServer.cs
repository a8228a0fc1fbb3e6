using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Server.Exec;
using Reactor.Server.Storage;
using Reactor.Transport;
using Reactor.Transport.Network;

namespace Reactor.Server.Tests.Loopback;

/// <summary>The server on real sockets, turned by the test itself.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private const int PatienceMs = 20_000;
    private readonly List<LoopbackClient> _clients = [];
    private bool _isDisposed;

    public LoopbackServer(ServerOptions? options = null)
    {
        options ??= new ServerOptions();
        if (options.Rtmp.Listen[0].EndPoint.Port == new RtmpOptions().Listen[0].EndPoint.Port)
        {
            options = options with
            {
                Rtmp = options.Rtmp with { Listen = [ListenAddress.Parse("127.0.0.1:0")] },
            };
        }
        var network = Networks.Open(NetworkBackend.Auto);
        Server = new ReactorServer(options, new Doors
        {
            Network = network,
            Time = TimeProvider.System,
            Seed = 1,
            Work = mailbox => new WorkQueue(mailbox, threads: 1),
            Resolver = mailbox => new DnsResolver(() => new WorkQueue(mailbox, threads: 1)),
            Programs = mailbox => new Programs(mailbox),
            Disk = new Disk(),
        });
        Server.Start();
    }

    public ReactorServer Server { get; }

    public IPEndPoint Address => Server.Listening.First();

    public LoopbackClient Publish(string name, string app = "live") => Visit(app, name, true);

    public LoopbackClient Play(string name, string app = "live") => Visit(app, name, false);

    /// <summary>Turns the loop until it is so; fails when that takes too long.</summary>
    public void Until(Func<bool> isSo, string what)
    {
        var deadline = Server.Loop.NowMs + PatienceMs;
        while (!isSo())
        {
            Assert.That(Server.Loop.NowMs, Is.LessThan(deadline), what);
            Server.Loop.RunOnce();
        }
    }

    /// <summary>Stops, and looks at what is left once the clients are gone too.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        foreach (var client in _clients)
            client.Close();
        Server.StopNow();
        Until(() => Server.IsStopped, "what was asked of the disk is answered");
        Assert.Multiple(() =>
        {
            Assert.That(Server.ConnectionCount, Is.Zero);
            Assert.That(Server.Hub.Count, Is.Zero);
            Assert.That(Server.Loop.Timers.Count, Is.Zero);
            Assert.That(Server.Loop.Poller.Watched, Is.Zero);
            Assert.That(Server.Loop.Pool.Outstanding, Is.Zero);
        });
        Server.Dispose();
    }

    private LoopbackClient Visit(string app, string name, bool publishes)
    {
        var client = new LoopbackClient(Server.Loop, Address, app, name, publishes);
        _clients.Add(client);
        return client;
    }
}
