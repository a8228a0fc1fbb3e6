using System;
using System.Collections.Generic;
using System.Net;
using Reactor.Transport;
using Reactor.Transport.Polling;

namespace Reactor.Server;

/// <summary>Finds the addresses of hosts for all who connect: relays, hooks, Redis.</summary>
/// <remarks>
/// Invariants: at most <see cref="LookupsMax"/> are under way, oldest first, for all have the same
/// time; each question is answered once, and what the resolver says later is dropped; the timer is
/// set exactly while some are under way.
/// </remarks>
public sealed class HostLookup : IDisposable
{
    /// <summary>Hosts that may be looked up at once.</summary>
    public const int LookupsMax = 256;

    /// <summary>A name server that takes longer, in milliseconds, does not answer.</summary>
    public const int DeadlineMs = 5000;

    /// <summary>Addresses that are told of one host, the first that there are.</summary>
    public const int AddressesMax = 16;

    private readonly EventLoop _loop;
    private readonly IResolver _resolver;
    private readonly LimitCounts _struck;
    private readonly LinkedList<Lookup> _underWay = new();
    private readonly LoopTimer _timer;

    /// <param name="loop">On which answers are given.</param>
    /// <param name="resolver">Owned from now on.</param>
    /// <param name="struck">Where its bounds are counted.</param>
    public HostLookup(EventLoop loop, IResolver resolver, LimitCounts struck)
    {
        _loop = loop;
        _resolver = resolver;
        _struck = struck;
        _timer = loop.CreateTimer(OnLate, owner: null);
    }

    /// <summary>Hosts that are being looked up; zero after shutdown.</summary>
    public int UnderWay => _underWay.Count;

    /// <summary>Looks a host up.</summary>
    /// <param name="host">A name, or an address, which needs no looking up.</param>
    /// <param name="owner">Whose fault it is if the answer cannot be taken.</param>
    /// <param name="done">
    /// Runs on the loop, before this returns where nobody had to be asked: the addresses, or none
    /// and why.
    /// </param>
    public void Find(string host, IFaultTarget owner, Action<IPAddress[], string> done)
    {
        if (IPAddress.TryParse(host, out var address))
        {
            done([address], "");
            return;
        }
        var lookup = _underWay.AddLast(
            new Lookup(host, owner, done, _loop.NowMs + DeadlineMs));
        if (_underWay.Count > LookupsMax || !_resolver.TryResolve(
            host, (found, why) => OnFound(lookup, found, why)))
        {
            _underWay.Remove(lookup);
            _struck.Add(Limit.Lookups);
            done([], "too many hosts are being looked up");
        }
        else if (!_timer.IsSet)
        {
            _timer.Set(DeadlineMs);
        }
    }

    /// <summary>Forgets what was asked: those who asked have gone.</summary>
    public void Stop()
    {
        _underWay.Clear();
        _timer.Cancel();
    }

    public void Dispose()
    {
        Stop();
        _resolver.Dispose();
    }

    private void OnFound(LinkedListNode<Lookup> lookup, IPAddress[] found, string why)
    {
        if (lookup.List is null)
            return;                             // it was late, or nobody waits any more
        _underWay.Remove(lookup);
        if (_underWay.Count == 0)
            _timer.Cancel();
        Answer(lookup.Value, found.Length > AddressesMax ? found[..AddressesMax] : found, why);
    }

    private void OnLate()
    {
        while (_underWay.First is { Value: var oldest } && oldest.ByMs <= _loop.NowMs)
        {
            _underWay.RemoveFirst();
            _struck.Add(Limit.LookupTimeout);
            Answer(oldest, [], $"no name server told of {oldest.Host} in {DeadlineMs / 1000} s");
        }
        if (_underWay.First is { Value: var next })
            _timer.Set(next.ByMs - _loop.NowMs);
    }

    private void Answer(Lookup lookup, IPAddress[] found, string why) =>
        _loop.Contain(lookup.Owner, () => lookup.Done(found, why));

    private sealed record Lookup(
        string Host, IFaultTarget Owner, Action<IPAddress[], string> Done, long ByMs);
}
