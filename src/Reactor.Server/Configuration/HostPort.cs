using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Reactor.Server.Configuration;

/// <summary>A server that we connect to.</summary>
/// <param name="Host">A name or an address.</param>
/// <param name="Port">1 to 65,535.</param>
public sealed record HostPort(string Host, int Port)
{
    public static bool TryParse(
        string text, int defaultPort, [NotNullWhen(true)] out HostPort? value)
    {
        value = null;
        var port = defaultPort;
        var colon = text.LastIndexOf(':');
        // An IPv6 address has brackets only where a port may follow.
        var isBare = colon < 0 || text.EndsWith(']')
            || (text[0] != '[' && text.IndexOf(':', StringComparison.Ordinal) < colon);
        var host = isBare ? text : text[..colon];
        if (!isBare && !int.TryParse(
            text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port))
        {
            return false;
        }
        host = host.Trim('[', ']');
        if (port is < 1 or > 65_535 || Uri.CheckHostName(host) == UriHostNameType.Unknown)
            return false;
        value = new HostPort(host, port);
        return true;
    }

    public override string ToString() =>
        Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
