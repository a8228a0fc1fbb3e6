using System;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Reactor.Load;

/// <summary>One load: who comes, how many, and for how long.</summary>
internal sealed record LoadOptions
{
    /// <summary>Connections of one source address: there are 28,000 ports to come from.</summary>
    public const int ConnectionsMax = 20_000;

    public required IPEndPoint Server { get; init; }

    public string App { get; init; } = "live";

    public int Streams { get; init; } = 1;

    /// <summary>Players that stay, over all streams.</summary>
    public int Players { get; init; } = 100;

    public int BitsPerSecond { get; init; } = 1_000_000;

    public int Seconds { get; init; } = 10;

    /// <summary>Not measured: the server's code gets warm, queues settle.</summary>
    public int WarmupSeconds { get; init; } = 5;

    /// <summary>Whose processor time and memory count; 0 for nobody's.</summary>
    public int ServerPid { get; init; }

    /// <summary>Players that take a quarter of the bitrate.</summary>
    public int Slow { get; init; }

    /// <summary>Players that stop reading once they see a picture.</summary>
    public int Stalled { get; init; }

    /// <summary>Players that join each second, and leave a second later.</summary>
    public int Churn { get; init; }

    /// <summary>Connections that shake hands and say nothing more.</summary>
    public int Idle { get; init; }

    public int ConnectRate { get; init; } = 200;

    /// <summary>How long to watch the server's memory after everybody has left.</summary>
    public int LingerSeconds { get; init; }

    /// <summary>Sleeps while nothing comes, at the server's cost.</summary>
    public bool MayRest { get; init; }

    /// <summary>What stands in the table beside the figures.</summary>
    public string Name { get; init; } = "server";

    /// <summary>Reads <c>rtmp://127.0.0.1:1935/live</c>.</summary>
    /// <returns>False for anything but a loopback address: this is no weapon.</returns>
    public static bool TryParseUrl(
        string text, [NotNullWhen(true)] out IPEndPoint? server, out string app)
    {
        const int defaultPort = 1935;
        server = null;
        app = "";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme != "rtmp"
            || !IPAddress.TryParse(url.Host.Trim('[', ']'), out var address)
            || !IPAddress.IsLoopback(address))
        {
            return false;
        }
        app = url.AbsolutePath.Trim('/');
        server = new IPEndPoint(address, url.Port < 0 ? defaultPort : url.Port);
        return app.Length > 0;
    }

    /// <summary>Reads <c>1m</c>, <c>500k</c> or a bare number of bits.</summary>
    public static int? ParseBits(string text)
    {
        var (digits, unit) = text switch
        {
            [.. var start, 'k' or 'K'] => (start, 1000),
            [.. var start, 'm' or 'M'] => (start, 1_000_000),
            _ => (text, 1),
        };
        const int bitsMin = 50_000;
        const int bitsMax = 100_000_000;
        return int.TryParse(digits, out var number)
            && (long)number * unit is >= bitsMin and <= bitsMax ? number * unit : null;
    }
}
