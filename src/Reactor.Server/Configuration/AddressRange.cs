using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Reactor.Server.Configuration;

/// <summary>Addresses that a rule speaks of: all, a network, or a single one.</summary>
/// <param name="Text">As the user wrote it: <c>all</c>, <c>10.0.0.0/8</c>, <c>::1</c>.</param>
/// <param name="Network">Null for all addresses of both families.</param>
public sealed record AddressRange(string Text, IPNetwork? Network)
{
    /// <summary>How exact it is, in bits of the address; 0 for all.</summary>
    public int Bits => Network is not { } network
        ? 0
        : network.BaseAddress.AddressFamily == AddressFamily.InterNetwork
            ? network.PrefixLength + (128 - 32)
            : network.PrefixLength;

    /// <exception cref="FormatException">It is no such address.</exception>
    public static AddressRange Parse(string text) =>
        TryParse(text, out var range) ? range : throw new FormatException(text);

    public static bool TryParse(string text, [NotNullWhen(true)] out AddressRange? range)
    {
        range = null;
        if (text.Equals("all", StringComparison.OrdinalIgnoreCase))
        {
            range = new AddressRange(text, null);
            return true;
        }
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IPAddress.TryParse(slash < 0 ? text : text[..slash], out var address))
            return false;
        var bitsMax = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var bits = bitsMax;
        if (slash >= 0 && (!int.TryParse(
            text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out bits)
            || bits > bitsMax))
        {
            return false;
        }
        range = new AddressRange(text, new IPNetwork(Masked(address, bits), bits));
        return true;
    }

    /// <summary>An IPv4 address in IPv6 is the IPv4 address.</summary>
    public bool Contains(IPAddress address) => Network is not { } network
        || network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    /// <summary>10.1.2.3/8 means 10.0.0.0/8; people write both.</summary>
    private static IPAddress Masked(IPAddress address, int bits)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] &= (byte)(0xFF00 >> Math.Clamp(bits - (i * 8), 0, 8));
        return new IPAddress(bytes);
    }
}
