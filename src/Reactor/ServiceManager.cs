using System;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Reactor;

/// <summary>Tells systemd, or who else started us so, how far we are (sd_notify(3)).</summary>
/// <remarks>
/// Datagrams to the socket that NOTIFY_SOCKET names, for units of Type=notify or notify-reload.
/// A unit is not the server's affair: what cannot be told is not told.
/// </remarks>
internal static class ServiceManager
{
    /// <summary>It listens, or has read the configuration again.</summary>
    public const string Ready = "READY=1";

    public const string Stopping = "STOPPING=1";

    /// <summary>Followed by <see cref="Ready"/>, and told from older ones by its time.</summary>
    public static string Reloading =>
        $"RELOADING=1\nMONOTONIC_USEC={Stopwatch.GetTimestamp() / TicksOfMicrosecond}";

    private static long TicksOfMicrosecond => Stopwatch.Frequency / 1_000_000;

    /// <summary>Does nothing where nobody wants to hear it.</summary>
    public static void Tell(string state)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { Length: > 1 } name)
            return;
        try
        {
            // A name that begins with @ is in no folder (unix(7), abstract).
            var path = name[0] == '@' ? '\0' + name[1..] : name;
            using var socket = new Socket(
                AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(path));
        }
        catch (Exception deaf) when (deaf is SocketException or ArgumentException
            or PlatformNotSupportedException)
        {
        }
    }
}
