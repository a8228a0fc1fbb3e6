using System.Net;
using Reactor.Protocol.Rtmp;

namespace Reactor.Server.Relays;

/// <summary>Where a relay must not go.</summary>
internal static class RelayGuard
{
    /// <summary>Why a relay must not go to an address; null when it may.</summary>
    public static string? AddressRefusal(
        ReactorServer server, RelayTarget target, IPAddress address)
    {
        if (!target.IsByApi
            || RelayTargets.Refusal(address, server.Options.Limits.RelayAllow) is not { } why)
        {
            return null;
        }
        server.Struck.Add(Limit.RelayAllow);
        return why;
    }

    /// <summary>Why a stream must not be relayed to an end point; null when it may.</summary>
    /// <remarks>
    /// A stream that is relayed to itself would wait for itself, or feed itself. Longer rings are
    /// found by their <see cref="RelayPath"/>.
    /// </remarks>
    /// <param name="server">This one.</param>
    /// <param name="target">The relay.</param>
    /// <param name="to">Where it connects to.</param>
    /// <param name="from">The local end of that connection.</param>
    public static string? RingRefusal(
        ReactorServer server, RelayTarget target, IPEndPoint to, IPEndPoint from)
    {
        var isHere = IPAddress.IsLoopback(to.Address) || to.Address.Equals(from.Address);
        return isHere && IsListening(server, to.Port) && IsSame(server, target)
            ? "the stream would be relayed to itself"
            : null;
    }

    private static bool IsSame(ReactorServer server, RelayTarget target) =>
        server.TryName(target.Url.App, target.Url.Name, out var there) && there == target.Key;

    private static bool IsListening(ReactorServer server, int port)
    {
        foreach (var listening in server.Listening)
        {
            if (listening.Port == port)
                return true;
        }
        return false;
    }
}
