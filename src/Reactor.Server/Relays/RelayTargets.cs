using System.Collections.Generic;
using System.Linq;
using System.Net;
using Reactor.Server.Configuration;

namespace Reactor.Server.Relays;

/// <summary>Which addresses the API may be told to relay to or from.</summary>
/// <remarks>
/// Whoever may use the API must not reach through it what only this machine reaches: so loopback,
/// link-local, private and reserved addresses are refused, unless the configuration allows them.
/// Asked of the address that is connected to, not of its name, which may change (DNS rebinding).
/// </remarks>
public static class RelayTargets
{
    private static readonly IPNetwork[] Inside =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
            "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3",
            "::/127", "64:ff9b::/96", "2002::/16", "fc00::/7", "fe80::/9", "ff00::/8",
        }.Select(range => IPNetwork.Parse(range)),
    ];

    /// <summary>Why an address is refused; null when it may be used.</summary>
    public static string? Refusal(IPAddress address, IReadOnlyList<AddressRange> allowed)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        foreach (var range in allowed)
        {
            if (range.Contains(address))
                return null;
        }
        return Inside.Any(range => range.Contains(address))
            ? $"{address} is not a public address, and limits.relay_allow does not name it"
            : null;
    }
}
