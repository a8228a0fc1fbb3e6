using System;
using System.Net;
using System.Net.Sockets;
using Reactor.Transport;

namespace Reactor.Server;

/// <summary>Finds the addresses of a host: asking blocks, so another thread asks.</summary>
internal static class HostLookup
{
    private const int AddressesMax = 16;

    /// <summary>Looks a host up.</summary>
    /// <param name="work">Where the resolver may be waited for.</param>
    /// <param name="host">A name, or an address, which needs no looking up.</param>
    /// <param name="done">
    /// Runs on the loop, before this returns where nothing had to be asked: the addresses, or
    /// none and why.
    /// </param>
    public static void Find(IWorkQueue work, string host, Action<IPAddress[], string> done)
    {
        if (IPAddress.TryParse(host, out var address))
        {
            done([address], "");
            return;
        }
        IPAddress[] found = [];
        var isTaken = work.TryRun(
            () => found = Dns.GetHostAddresses(host),
            fault => done(
                found.Length > AddressesMax ? found[..AddressesMax] : found,
                found.Length > 0 ? "" : Describe(host, fault)));
        if (!isTaken)
            done([], "too much work waits to be done");
    }

    private static string Describe(string host, Exception? fault) =>
        fault is null or SocketException
            ? $"{host} is not known: {fault?.Message ?? "it has no address"}"
            : $"{host} cannot be looked up: {fault.Message}";
}
