using System;
using System.Collections.Generic;
using System.Net;
using Reactor.Protocol.Http;

namespace Reactor.Protocol.Proxy;

/// <summary>Whose request it is, when proxies stand between: X-Forwarded-For.</summary>
/// <remarks>
/// Each proxy appends the address that it saw, so the list is true from its right end up to the
/// first address that is no proxy of ours; what stands left of it anybody may have written.
/// </remarks>
public static class ForwardedFor
{
    /// <summary>Proxies that are looked through; a longer list is cut here.</summary>
    public const int ProxiesMax = 32;

    /// <param name="peer">The socket's, or that of the PROXY header.</param>
    /// <param name="headers">Of the request.</param>
    /// <param name="name">Where proxies write: <c>X-Forwarded-For</c>.</param>
    /// <param name="trusted">The networks of our proxies; none: the peer is the client.</param>
    public static IPAddress ClientOf(
        IPAddress peer, HttpHeaders headers, string name, IReadOnlyList<IPNetwork> trusted)
    {
        var client = AddressText.Plain(peer);
        var left = ProxiesMax;
        var values = new List<string>(headers.All(name));
        for (var i = values.Count - 1; i >= 0; i--)
        {
            var rest = values[i].AsSpan();
            while (!rest.IsEmpty)
            {
                if (left-- == 0 || !IsTrusted(client, trusted))
                    return client;
                var comma = rest.LastIndexOf(',');
                if (!TryParse(rest[(comma + 1)..].Trim(" \t"), out var hop))
                    return client;              // "unknown", or no proxy's hand
                client = hop;
                rest = comma < 0 ? [] : rest[..comma];
            }
        }
        return client;
    }

    /// <summary>Whether an address lies in one of the networks.</summary>
    public static bool IsTrusted(IPAddress address, IReadOnlyList<IPNetwork> trusted)
    {
        var plain = AddressText.Plain(address);
        foreach (var network in trusted)
        {
            if (network.Contains(plain))
                return true;
        }
        return false;
    }

    /// <summary>An address, maybe with a port; IPv6 then in brackets.</summary>
    private static bool TryParse(ReadOnlySpan<char> text, out IPAddress address)
    {
        if (text is ['[', ..] && text.IndexOf(']') is > 0 and var end)
            text = IsPort(text[(end + 1)..]) ? text[1..end] : [];
        else if (text.Count(':') == 1)
            text = IsPort(text[text.IndexOf(':')..]) ? text[..text.IndexOf(':')] : [];
        var isAddress = AddressText.TryParse(text, out var parsed);
        address = isAddress ? AddressText.Plain(parsed!) : IPAddress.None;
        return isAddress;
    }

    private static bool IsPort(ReadOnlySpan<char> text) =>
        text.IsEmpty || text is [':', ..] && !text[1..].ContainsAnyExceptInRange('0', '9');
}
