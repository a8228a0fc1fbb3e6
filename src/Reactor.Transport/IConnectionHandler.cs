using System;
using Reactor.Transport.Polling;

namespace Reactor.Transport;

/// <summary>Why a connection ended.</summary>
public enum CloseReason
{
    /// <summary>The peer said goodbye or closed.</summary>
    PeerClosed,

    /// <summary>The connection broke.</summary>
    PeerLost,

    /// <summary>The peer broke the protocol.</summary>
    Protocol,

    /// <summary>The peer did not do in time what it had to.</summary>
    Deadline,

    /// <summary>The peer took no byte for too long.</summary>
    SendTimeout,

    /// <summary>A limit, or a rule of the configuration.</summary>
    Refused,

    /// <summary>The server stops.</summary>
    Shutdown,

    /// <summary>A fault of ours.</summary>
    Fault,
}

/// <summary>What a connection is for: it hears of bytes, and of the end.</summary>
public interface IConnectionHandler : IFaultTarget
{
    /// <summary>Bytes have arrived.</summary>
    /// <param name="input">
    /// What is left in it has to wait: it is kept, and offered again in the next turn, or
    /// after reading was resumed.
    /// </param>
    void OnReceived(ref ReadOnlySpan<byte> input);

    /// <summary>Bytes have arrived, and are read soon; see <see cref="IPollable.FetchAhead"/>.
    /// </summary>
    void FetchAhead(int others)
    {
    }

    /// <summary>Everything that was waiting has been sent.</summary>
    void OnDrained();

    /// <summary>The end; called once, however it came. Nothing else is called afterwards.</summary>
    void OnClosed(CloseReason reason, string detail);
}
