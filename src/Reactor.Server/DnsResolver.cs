using System;
using System.Net;
using System.Net.Sockets;
using Reactor.Transport;

namespace Reactor.Server;

/// <summary>The resolver of the system, which blocks: other threads wait for it.</summary>
/// <remarks>Most servers look nothing up: the threads begin with the first question.</remarks>
/// <param name="open">
/// Opens their queue, which is owned. One of its own, for a name server that is away holds a
/// thread for half a minute, and no recording shall wait for it.
/// </param>
public sealed class DnsResolver(Func<IWorkQueue> open) : IResolver
{
    private IWorkQueue? _work;

    public bool TryResolve(string host, Action<IPAddress[], string> done)
    {
        _work ??= open();
        IPAddress[] found = [];
        return _work.TryRun(
            () => found = Dns.GetHostAddresses(host),
            fault => done(found, found.Length > 0 ? "" : Describe(host, fault)));
    }

    public void Dispose() => _work?.Dispose();

    private static string Describe(string host, Exception? fault) =>
        fault is null or SocketException
            ? $"{host} is not known: {fault?.Message ?? "it has no address"}"
            : $"{host} cannot be looked up: {fault.Message}";
}
