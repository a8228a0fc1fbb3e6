using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Reactor.Server.Configuration;

/// <summary>An address and port to listen on, and how the user wrote it.</summary>
/// <remarks>
/// Forms: <c>1935</c> and <c>:1935</c> (all addresses, dual stack), <c>0.0.0.0:1935</c>,
/// <c>[::]:1935</c>, <c>127.0.0.1:1935</c>, <c>localhost:1935</c>. No other host name: a start
/// must not wait for DNS. Port 0 lets the system choose one.
/// </remarks>
public sealed record ListenAddress(IPEndPoint EndPoint, string Text)
{
    /// <exception cref="FormatException">The text has none of the forms above.</exception>
    public static ListenAddress Parse(string text)
        => TryParse(text, out var address) ? address : throw new FormatException(text);

    public static bool TryParse(string text, [NotNullWhen(true)] out ListenAddress? address)
    {
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? "" : text[..colon];
        var digits = text[(colon + 1)..];
        address = null;
        if (!ushort.TryParse(
                digits, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || !TryParseHost(host, out var ip))
        {
            return false;
        }
        address = new ListenAddress(new IPEndPoint(ip, port), text);
        return true;
    }

    /// <summary>True when both cannot be bound at once.</summary>
    public bool Overlaps(ListenAddress other)
        => EndPoint.Port != 0
        && EndPoint.Port == other.EndPoint.Port
        && (Covers(EndPoint.Address, other.EndPoint.Address)
            || Covers(other.EndPoint.Address, EndPoint.Address));

    // [::] is dual stack, so it takes the port of IPv4 as well.
    private static bool Covers(IPAddress wide, IPAddress narrow)
        => wide.Equals(IPAddress.IPv6Any)
        || wide.Equals(narrow)
        || (wide.Equals(IPAddress.Any) && narrow.AddressFamily == wide.AddressFamily);

    private static bool TryParseHost(string host, [NotNullWhen(true)] out IPAddress? ip)
    {
        ip = host switch
        {
            "" => IPAddress.IPv6Any,
            "localhost" => IPAddress.Loopback,
            _ => null,
        };
        if (ip is not null)
            return true;
        // IPv6 stands in one pair of brackets, to part it from the port; and "127.1" is no
        // address here, though IPAddress knows it.
        if (host is not ['[', .. var bare, ']'])
            return IPAddress.TryParse(host, out ip) && host == ip.ToString() && !host.Contains(':');
        return IPAddress.TryParse(bare, out ip) && bare.Contains(':') && bare[0] != '[';
    }
}
