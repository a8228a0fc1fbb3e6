using System;
using System.Net;
using System.Runtime.InteropServices;
using Reactor.Transport.Polling;

namespace Reactor.Transport.Network;

/// <summary>A source that is a descriptor of the kernel.</summary>
internal interface IDescriptor
{
    int Descriptor { get; }
}

/// <summary>Raw non-blocking descriptors: one call into the kernel for one of ours.</summary>
public sealed unsafe class LinuxNetwork : INetwork
{
    private const int AddressBytesMax = 128;                // struct sockaddr_storage

    public int SocketsMax
    {
        get
        {
            Libc.ResourceLimit limit;
            return Libc.GetResourceLimit(Libc.DescriptorsLimit, &limit) < 0
                ? int.MaxValue
                : (int)Math.Min(int.MaxValue, limit.Current);
        }
    }

    public IPoller CreatePoller(int eventsMax) => new EpollPoller(eventsMax);

    public IListenSocket Listen(IPEndPoint at, SocketSettings settings)
    {
        var descriptor = Open(at, out var bindTo);
        try
        {
            SetOption(descriptor, Libc.LevelSocket, Libc.ReuseAddress, 1);
            if (bindTo.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6)
            {
                var only = bindTo.Address.Equals(IPAddress.IPv6Any) ? 0 : 1;
                SetOption(descriptor, Libc.LevelIPv6, Libc.IPv6Only, only);
            }
            // Buffer sizes are inherited by accepted sockets, and must be set before listen.
            SetSizes(descriptor, settings);
            WithAddress(bindTo, (address, length) => Libc.Bind(descriptor, address, length), at);
            if (Libc.Listen(descriptor, settings.Backlog) < 0)
                throw Failure(Marshal.GetLastPInvokeError(), $"cannot listen on {at}");
            return new LinuxListener(descriptor, LocalOf(descriptor), settings);
        }
        catch (NetworkException)
        {
            Libc.Close(descriptor);
            throw;
        }
    }

    public ISocket Connect(IPEndPoint to, SocketSettings settings)
    {
        var descriptor = Open(to, out var remote);
        try
        {
            SetSizes(descriptor, settings);
            Configure(descriptor, settings);
            WithAddress(remote, (address, length) => Begin(descriptor, address, length), to);
            return new LinuxSocket(descriptor, LocalOf(descriptor), to);
        }
        catch (NetworkException)
        {
            Libc.Close(descriptor);
            throw;
        }

        static int Begin(int descriptor, byte* address, int length) =>
            Libc.Connect(descriptor, address, length) < 0
                && Marshal.GetLastPInvokeError() != Libc.InProgress ? -1 : 0;
    }

    /// <summary>What every connected socket gets; a refused option is no reason to fail.</summary>
    internal static void Configure(int descriptor, SocketSettings settings)
    {
        if (settings.NoDelay)
            SetOption(descriptor, Libc.LevelTcp, Libc.TcpNoDelay, 1);
        if (settings.KeepAlive)
            SetOption(descriptor, Libc.LevelSocket, Libc.KeepAlive, 1);
        if (settings.NotSentLowWater > 0)
        {
            var bytes = settings.NotSentLowWater;
            SetOption(descriptor, Libc.LevelTcp, Libc.TcpNotSentLowWater, bytes);
        }
    }

    internal static void SetOption(int descriptor, int level, int name, int value) =>
        Libc.SetOption(descriptor, level, name, &value, sizeof(int));

    /// <summary>Reads a socket address that the kernel wrote.</summary>
    internal static IPEndPoint Parse(byte* raw, int length)
    {
        var family = *(ushort*)raw;
        var port = (raw[2] << 8) | raw[3];
        if (family == Libc.AddressFamilyInet && length >= 8)
            return new IPEndPoint(new IPAddress(new ReadOnlySpan<byte>(raw + 4, 4)), port);
        var address = new IPAddress(new ReadOnlySpan<byte>(raw + 8, 16), *(uint*)(raw + 24));
        return new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, port);
    }

    private static int Open(IPEndPoint at, out IPEndPoint usable)
    {
        usable = at;
        var isV6 = at.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        var descriptor = Socket(isV6 ? Libc.AddressFamilyInet6 : Libc.AddressFamilyInet);
        if (descriptor < 0 && Marshal.GetLastPInvokeError() == Libc.AddressFamilyUnsupported
            && at.Address.Equals(IPAddress.IPv6Any))
        {
            // A kernel without IPv6: "all addresses" are then the IPv4 ones.
            usable = new IPEndPoint(IPAddress.Any, at.Port);
            descriptor = Socket(Libc.AddressFamilyInet);
        }
        return descriptor >= 0
            ? descriptor
            : throw Failure(Marshal.GetLastPInvokeError(), $"no socket for {at}");
    }

    private static int Socket(int family)
    {
        const int type = Libc.SocketStream | Libc.SocketNonBlock | Libc.SocketCloseOnExec;
        return Libc.Socket(family, type, 0);
    }

    private static void SetSizes(int descriptor, SocketSettings settings)
    {
        if (settings.SendBuffer > 0)
            SetOption(descriptor, Libc.LevelSocket, Libc.SendBuffer, settings.SendBuffer);
        if (settings.ReceiveBuffer > 0)
            SetOption(descriptor, Libc.LevelSocket, Libc.ReceiveBuffer, settings.ReceiveBuffer);
    }

    private static IPEndPoint LocalOf(int descriptor)
    {
        var raw = stackalloc byte[AddressBytesMax];
        var length = AddressBytesMax;
        return Libc.GetSocketName(descriptor, raw, &length) < 0
            ? new IPEndPoint(IPAddress.Any, 0)
            : Parse(raw, length);
    }

    private delegate int AddressCall(byte* address, int length);

    private static void WithAddress(IPEndPoint endPoint, AddressCall call, IPEndPoint named)
    {
        var address = endPoint.Serialize();
        fixed (byte* raw = address.Buffer.Span)
        {
            if (call(raw, address.Size) < 0)
                throw Failure(Marshal.GetLastPInvokeError(), $"cannot use {named}");
        }
    }

    /// <remarks>
    /// The number is taken before any text is made: the first string that a process puts together
    /// reads the environment, which leaves an error number of its own.
    /// </remarks>
    private static NetworkException Failure(int error, string what) =>
        new($"{what}: {Marshal.GetPInvokeErrorMessage(error)}");
}
