using System;
using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Reactor.Protocol.Proxy;

/// <summary>Addresses as proxies write them: in one form, and nothing else around them.</summary>
/// <remarks>
/// <see cref="IPAddress"/> alone takes 127.1, 0x7f.1 and 010.0.0.1 for addresses, which others read
/// otherwise or not at all; a rule that goes by addresses must not be passed by spelling.
/// </remarks>
internal static class AddressText
{
    /// <summary>The longest: IPv6 whose last four bytes are written as IPv4.</summary>
    private const int LengthMax = 45;

    private static readonly SearchValues<char> Letters =
        SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>IPv4 in four plain numbers, or IPv6 without zone or brackets.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        if (text.IsEmpty || text.Length > LengthMax || text.ContainsAnyExcept(Letters))
            return false;
        if (!IPAddress.TryParse(text, out address))
            return false;
        return text.Contains(':') || text.SequenceEqual(address.ToString());
    }

    /// <summary>An IPv4 address in the clothes of IPv6 is taken for what it is.</summary>
    public static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
