using System;
using NUnit.Framework;
using Reactor.Testing;
using Reactor.Transport.Network;
using Reactor.Transport.Tests.Network;

namespace Reactor.Transport.Tests;

[TestFixture(NetworkBackend.Epoll)]
[TestFixture(NetworkBackend.Select)]
public sealed class LoopbackTests(NetworkBackend backend) : LoopbackContract(backend)
{
    private readonly NetworkBackend _backend = backend;

    [Test]
    public void Without_descriptors_the_visitor_sees_an_end_and_accepting_recovers() =>
        OwnProcess.Run($"{_backend}");

    /// <summary>The test itself, in a process of its own.</summary>
    internal void RecoverFromDrought()
    {
        var time = new ManualTime();
        using var loop = new EventLoop(Networks.Open(_backend), time, new LoopSettings());
        var listener = Listen(loop);
        var warm = Connect(loop, listener);
        Turns(loop, () => Accepted.Count == 1);
        CloseAll(loop, listener: null, warm);
        using var visitor = new Visitor(AddressOf(listener));
        using var later = new Visitor(AddressOf(listener));

        using (new Drought())
        {
            Turns(loop, () => listener.Pauses == 1);
            Assert.That(visitor.Read(), Is.Zero);
        }
        Assert.That(Accepted, Has.Count.EqualTo(1));
        time.Advance(100);
        Turns(loop, () => Accepted.Count == 2);

        Assert.That(Accepted[1].Connection.Remote, Is.EqualTo(later.Local));
        CloseAll(loop, listener);
    }

    /// <summary>Turns by a clock that stands still: only readiness may end a wait.</summary>
    private static void Turns(EventLoop loop, Func<bool> isSo)
    {
        for (var turn = 0; turn < 1000 && !isSo(); turn++)
        {
            loop.Poller.Wake();
            loop.RunOnce();
        }
        Assert.That(isSo(), Is.True);
    }
}
