using Reactor.Transport.Network;
using Reactor.Transport.Polling;

namespace Reactor.Load.Peers;

/// <summary>When a player's kernel acknowledges what came, and at whose expense.</summary>
/// <remarks>
/// Over loopback the receiving kernel works within the sender's call. One that takes a connection
/// for a dialogue (pingpong mode; a player that has just asked to play is in one) delays its
/// acknowledgement, and with pictures every 33 ms finds at each second one that the 40 ms are
/// nearly over: then it acknowledges at once, and the server pays, at a hundred players with an
/// eighth of its time. A player on another machine acknowledges at its own expense, and so do
/// players here that had to wait for a picture first: as of a server without a GOP cache.
/// </remarks>
internal static class Acknowledgements
{
    private const int QuickAcknowledge = 12;    // TCP_QUICKACK of tcp(7)

    /// <summary>
    /// From now on what was read is acknowledged by whoever read it; to be said again now and
    /// then, for each word of the player begins a dialogue anew. Nothing where Linux is not.
    /// </summary>
    public static void OnReading(ISocket socket)
    {
        if (socket is IDescriptor of)
            LinuxNetwork.SetOption(of.Descriptor, Libc.LevelTcp, QuickAcknowledge, 1);
    }
}
