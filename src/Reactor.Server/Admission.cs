using System.Collections.Generic;
using System.Net;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;

namespace Reactor.Server;

/// <summary>Who is let in: so many in all, so many from an address, and not too fast.</summary>
/// <remarks>
/// Invariant: an address is known while it has connections, or while its rate is not whole
/// again, which takes two seconds; so a flood of addresses leaves nothing behind.
/// </remarks>
/// <param name="limits">What is allowed.</param>
/// <param name="connectionsMax">Connections in all.</param>
/// <param name="struck">Where refusals are counted.</param>
public sealed class Admission(LimitsOptions limits, int connectionsMax, LimitCounts struck)
{
    private const int RateWholeMs = 2000;

    private readonly Dictionary<IPAddress, Visitor> _visitors = [];
    private readonly List<IPAddress> _forgotten = [];
    private LimitsOptions _limits = limits;

    /// <summary>Connections in all.</summary>
    public int ConnectionsMax { get; private set; } = connectionsMax;

    /// <summary>Connections that were turned away.</summary>
    public long Refused { get; private set; }

    /// <summary>Addresses that are known.</summary>
    public int Known => _visitors.Count;

    /// <summary>Other limits are in force from now on; who is in stays.</summary>
    public void Reload(LimitsOptions limits, int connectionsMax)
    {
        _limits = limits;
        ConnectionsMax = connectionsMax;
        foreach (var visitor in _visitors.Values)
            visitor.Limit(limits.ConnectRatePerIp);
    }

    /// <summary>Lets one more in, or says why not.</summary>
    public string? TryEnter(IPAddress address, int open, long nowMs)
    {
        if (!_visitors.TryGetValue(address, out var visitor))
            _visitors.Add(address, visitor = NewVisitor());
        visitor.LastMs = nowMs;

        if (open >= ConnectionsMax)
            return RefuseAny();
        if (_limits.MaxConnectionsPerIp > 0 && visitor.Open >= _limits.MaxConnectionsPerIp)
        {
            return Refuse(
                Limit.MaxConnectionsPerIp,
                $"{visitor.Open} connections are open from {address}");
        }
        if (_limits.ConnectRatePerIp > 0 && !visitor.Rate.TryTake(nowMs))
        {
            return Refuse(
                Limit.ConnectRatePerIp,
                $"more than {_limits.ConnectRatePerIp} connections a second from {address}");
        }
        visitor.Open++;
        return null;
    }

    /// <summary>Lets a proxy in, whose clients are looked at one by one; or says why not.</summary>
    public string? TryEnterProxy(int open) => open < ConnectionsMax ? null : RefuseAny();

    public void Leave(IPAddress address) => _visitors[address].Open--;

    /// <summary>Forgets addresses of which nothing is left to know.</summary>
    public void Forget(long nowMs)
    {
        foreach (var (address, visitor) in _visitors)
        {
            if (visitor.Open == 0 && nowMs - visitor.LastMs > RateWholeMs)
                _forgotten.Add(address);
        }
        foreach (var address in _forgotten)
            _visitors.Remove(address);
        _forgotten.Clear();
    }

    private string RefuseAny() =>
        Refuse(Limit.MaxConnections, $"{ConnectionsMax} connections are open");

    private string Refuse(Limit limit, string why)
    {
        Refused++;
        struck.Add(limit);
        return why;
    }

    private Visitor NewVisitor()
    {
        var visitor = new Visitor();
        visitor.Limit(_limits.ConnectRatePerIp);
        return visitor;
    }

    private sealed class Visitor
    {
        public int Open { get; set; }

        public long LastMs { get; set; }

        public RateLimit Rate { get; private set; } = new(0, 0);

        public void Limit(int perSecond) => Rate = new RateLimit(perSecond, perSecond * 2);
    }
}
