using System;
using System.Collections.Generic;
using System.Net;
using Reactor.Server;
using Reactor.Transport;

namespace Reactor.Testing.Simulation;

/// <summary>Name servers that answer in simulated time, in any order, or not at all.</summary>
/// <remarks>A host with several addresses tells them in another order each time.</remarks>
/// <param name="time">When answers come.</param>
/// <param name="random">How they come.</param>
/// <param name="trace">Where they are noted.</param>
/// <param name="mailbox">Of the server that asks.</param>
/// <param name="before">Whose hosts and faults it goes on with.</param>
public sealed class SimulatedResolver(
    SimulatedTime time,
    Random random,
    Trace trace,
    Mailbox mailbox,
    SimulatedResolver? before = null)
    : IResolver
{
    private const int QuickUsMin = 100;
    private const int QuickUsMax = 30_000;
    private const int SlowUsMax = 2 * HostLookup.DeadlineMs * 1000;
    private readonly Dictionary<string, IPAddress[]> _hosts = before?._hosts ?? [];
    private bool _isGone;
    private int _lastId;

    public NameFaults Faults { get; set; } = before?.Faults ?? NameFaults.None;

    /// <summary>Makes a host known.</summary>
    public void Add(string host, params IPAddress[] addresses) => _hosts[host] = addresses;

    public bool TryResolve(string host, Action<IPAddress[], string> done)
    {
        if (_isGone || Draws(Faults.Crowded))
            return false;
        var id = ++_lastId;
        if (Draws(Faults.Silent))
            return true;
        var afterUs = random.Next(QuickUsMin, Draws(Faults.Slow) ? SlowUsMax : QuickUsMax);
        time.Plan(time.NowUs + afterUs, () => Answer(id, host, done));
        return true;
    }

    public void Dispose() => _isGone = true;

    private void Answer(int id, string host, Action<IPAddress[], string> done)
    {
        if (_isGone)
            return;
        var isKnown = _hosts.TryGetValue(host, out var addresses) && !Draws(Faults.Failing);
        var found = isKnown ? (IPAddress[])addresses!.Clone() : [];
        random.Shuffle(found);
        trace.Note(TraceKind.Resolved, id, found.Length, host);
        mailbox.TryPost(() => done(found, isKnown ? "" : $"{host} is not known"));
    }

    private bool Draws(int perMille) => perMille > 0 && random.Next(1000) < perMille;
}
