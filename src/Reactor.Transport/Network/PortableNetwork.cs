using System;
using System.Net;
using System.Net.Sockets;
using Reactor.Transport.Polling;

namespace Reactor.Transport.Network;

/// <summary>
/// Non-blocking System.Net.Sockets: for macOS, Windows, and whatever else .NET runs on.
/// </summary>
/// <remarks>One network serves one loop: its sockets share the buffer they send from.</remarks>
public sealed class PortableNetwork : INetwork
{
    /// <summary>Bytes handed to the system in one send.</summary>
    internal const int StagingBytes = 64 << 10;

    // TCP_NOTSENT_LOWAT, which .NET has no name for.
    private const int NotSentLowWaterOnLinux = 25;
    private const int NotSentLowWaterOnMac = 0x201;

    /// <summary>Where a gathered write is laid out in one piece.</summary>
    /// <remarks>Socket.Send takes a list of segments, but allocates for more than eight.</remarks>
    internal byte[] Staging { get; } =
        GC.AllocateUninitializedArray<byte>(StagingBytes, pinned: true);

    /// <summary>Unknown here: accepting tells when there are no more.</summary>
    public int SocketsMax => int.MaxValue;

    public IPoller CreatePoller(int eventsMax) => new SelectPoller(eventsMax);

    public IListenSocket Listen(IPEndPoint at, SocketSettings settings)
    {
        var socket = Open(at, out var bindTo);
        try
        {
            // SO_REUSEADDR is set by Bind itself on Unix; asked for by name it would be
            // SO_REUSEPORT too, and on Windows let a second server steal the port.
            if (bindTo.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = bindTo.Address.Equals(IPAddress.IPv6Any);
            SetSizes(socket, settings);
            socket.Bind(bindTo);
            socket.Listen(settings.Backlog);
            return new PortableListener(this, socket, settings);
        }
        catch (SocketException refused)
        {
            socket.Dispose();
            throw new NetworkException($"cannot listen on {at}: {refused.Message}", refused);
        }
    }

    public ISocket Connect(IPEndPoint to, SocketSettings settings)
    {
        var socket = Open(to, out var remote);
        try
        {
            SetSizes(socket, settings);
            Configure(socket, settings);
            Begin(socket, remote);
            return new PortableSocket(this, socket, local: null, to);
        }
        catch (SocketException refused)
        {
            socket.Dispose();
            throw new NetworkException($"cannot connect to {to}: {refused.Message}", refused);
        }
    }

    /// <summary>What every connected socket gets; a refused option is no reason to fail.</summary>
    internal static void Configure(Socket socket, SocketSettings settings)
    {
        try
        {
            socket.NoDelay = settings.NoDelay;
            var keepAlive = settings.KeepAlive ? 1 : 0;
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, keepAlive);
            if (settings.NotSentLowWater > 0)
                SetNotSentLowWater(socket, settings.NotSentLowWater);
        }
        catch (SocketException)
        {
            // macOS says "invalid argument" for a peer that is gone already; reading will tell.
        }
    }

    private static void SetNotSentLowWater(Socket socket, int bytes)
    {
        var name = OperatingSystem.IsLinux() ? NotSentLowWaterOnLinux
            : OperatingSystem.IsMacOS() ? NotSentLowWaterOnMac
            : 0;
        if (name != 0)
            socket.SetRawSocketOption((int)ProtocolType.Tcp, name, BitConverter.GetBytes(bytes));
    }

    private static Socket Open(IPEndPoint at, out IPEndPoint usable)
    {
        // Without IPv6 "all addresses" are the IPv4 ones.
        usable = !Socket.OSSupportsIPv6 && at.Address.Equals(IPAddress.IPv6Any)
            ? new IPEndPoint(IPAddress.Any, at.Port)
            : at;
        try
        {
            return new Socket(usable.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            {
                Blocking = false,
            };
        }
        catch (SocketException refused)
        {
            throw new NetworkException($"no socket for {at}: {refused.Message}", refused);
        }
    }

    private static void SetSizes(Socket socket, SocketSettings settings)
    {
        if (settings.SendBuffer > 0)
            socket.SendBufferSize = settings.SendBuffer;
        if (settings.ReceiveBuffer > 0)
            socket.ReceiveBufferSize = settings.ReceiveBuffer;
    }

    private static void Begin(Socket socket, IPEndPoint remote)
    {
        try
        {
            socket.Connect(remote);
        }
        catch (SocketException pending)
            when (pending.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // Under way: writability will tell.
        }
    }
}
