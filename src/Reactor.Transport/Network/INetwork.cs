using System;
using System.Net;
using Reactor.Transport.Polling;

namespace Reactor.Transport.Network;

/// <summary>The door to the network: everything that is sent or received goes through it.</summary>
/// <remarks>
/// Raw descriptors on Linux, <c>System.Net.Sockets</c> elsewhere, a seeded world in simulation;
/// the same contract tests run over all of them. Nothing behind it ever blocks.
/// </remarks>
public interface INetwork
{
    /// <summary>Sockets that the system lets us have.</summary>
    int SocketsMax { get; }

    /// <summary>A poller for sockets of this network; the loop owns it.</summary>
    IPoller CreatePoller(int eventsMax);

    /// <summary>Starts to listen; <c>[::]</c> takes IPv4 as well (dual stack).</summary>
    /// <exception cref="NetworkException">The address is in use, forbidden or not ours.</exception>
    IListenSocket Listen(IPEndPoint at, SocketSettings settings);

    /// <summary>Starts to connect; writability tells that it is decided.</summary>
    /// <exception cref="NetworkException">No descriptor, or no route at once.</exception>
    ISocket Connect(IPEndPoint to, SocketSettings settings);
}

/// <summary>Something that a poller can watch.</summary>
public interface IPollSource : IDisposable
{
    /// <summary>The local address.</summary>
    IPEndPoint Local { get; }
}

/// <summary>A listening socket.</summary>
public interface IListenSocket : IPollSource
{
    /// <summary>Takes one waiting connection.</summary>
    /// <returns>
    /// Done with a socket; WouldBlock when nobody waits; Exhausted when descriptors ran out (the
    /// visitor was turned away where that was possible); Failed for a visitor that left already.
    /// </returns>
    IoResult Accept(out ISocket? socket);
}

/// <summary>A connected socket, or one that is about to be.</summary>
public interface ISocket : IPollSource
{
    /// <summary>The peer's address; IPv4 in IPv6 is shown as IPv4.</summary>
    IPEndPoint Remote { get; }

    /// <summary>Reads what has arrived. Ended tells that the peer sends no more.</summary>
    IoResult Receive(Span<byte> into);

    /// <summary>Writes as much of the segments as the socket takes.</summary>
    IoResult Send(Primitives.GatherList list);

    /// <summary>Sends FIN after what was written; reading goes on.</summary>
    void EndSending();

    /// <summary>
    /// Readable only once so many bytes wait, or the peer has ended. A wish: where the system
    /// has no such thing, the first byte is told.
    /// </summary>
    /// <param name="bytes">1 and more (SO_RCVLOWAT).</param>
    void ReadableFrom(int bytes)
    {
    }
}

/// <summary>How sockets are set up. Zero leaves a size to the system.</summary>
public sealed record SocketSettings
{
    /// <summary>Connections that may wait to be accepted.</summary>
    public int Backlog { get; init; } = 511;

    public bool NoDelay { get; init; } = true;

    public bool KeepAlive { get; init; } = true;

    /// <summary>SO_SNDBUF in bytes.</summary>
    public int SendBuffer { get; init; }

    /// <summary>SO_RCVBUF in bytes.</summary>
    public int ReceiveBuffer { get; init; }

    /// <summary>
    /// TCP_NOTSENT_LOWAT in bytes: how much the kernel takes beyond what is on the wire, so that
    /// a slow viewer's backlog stays in our ring, where it can be dropped.
    /// </summary>
    public int NotSentLowWater { get; init; }
}
