using System.Threading;
using NUnit.Framework;
using Reactor.Transport.Network;
using Reactor.Transport.Polling;

namespace Reactor.Transport.Tests.Network;

[TestFixture]
public sealed class LinuxNetworkTests : NetworkContract
{
    protected override INetwork CreateNetwork() => new LinuxNetwork();

    /// <summary>The system keeps what is too little to itself, and can still be asked.</summary>
    [Test]
    public void Fewer_bytes_than_wished_for_are_not_told()
    {
        using var bench = new Bench(Network);
        using var pair = bench.Connect();
        pair.Server.ReadableFrom(8);
        bench.Send(pair.Client, "hello"u8);

        Assert.That(bench.IsReady(pair.Server, Readiness.Read, 50), Is.False);
        Assert.That(pair.Server.Receive(new byte[8]), Is.EqualTo(IoResult.Done(5)));
    }

    /// <summary>epoll_wait is never restarted after a signal: 49 of 50 end it with EINTR.</summary>
    [Test]
    public void A_signal_during_a_wait_ends_it_with_nothing()
    {
        using var handler = Signals.Catch();
        using var waiting = new ManualResetEventSlim();
        var thread = 0;
        var count = -1;
        var waiter = new Thread(() =>
        {
            thread = Signals.CurrentThread;
            waiting.Set();
            count = Poller.Wait(new ReadyEvent[4], Bench.PatienceMs);
        });
        waiter.Start();
        waiting.Wait();

        var signals = 0;
        while (!waiter.Join(millisecondsTimeout: 1) && signals < Bench.PatienceMs)
        {
            Signals.Send(thread);
            signals++;
        }

        Assert.That(count, Is.Zero);
        Assert.That(signals, Is.InRange(1, Bench.PatienceMs / 2));
        using var bench = new Bench(Network);
        using var pair = bench.Connect();
        Assert.That(bench.IsReady(pair.Server, Readiness.Read), Is.False);
    }

    [Test]
    public void Every_descriptor_is_closed_when_a_program_is_started()
    {
        var before = Descriptors.Open();
        using var poller = Network.CreatePoller(4);
        using var bench = new Bench(Network);
        using var listener = Network.Listen(Loopback, Settings);
        using var client = Network.Connect(listener.Local, Settings);
        using var server = bench.Accept(listener);

        var ours = Descriptors.Open();
        ours.ExceptWith(before);

        Assert.That(ours, Has.Count.GreaterThanOrEqualTo(8));
        Assert.That(ours, Has.All.Matches<int>(Descriptors.IsClosedOnExec));
    }

    [Test]
    public void Nothing_is_left_open_after_all_was_closed()
    {
        var before = Descriptors.Open();
        using (var bench = new Bench(new LinuxNetwork()))
            bench.Connect().Dispose();

        Assert.That(Descriptors.Open(), Is.SubsetOf(before));
    }
}
