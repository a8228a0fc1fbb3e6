namespace Reactor.Server.Relays;

/// <summary>How far a relay is.</summary>
public enum RelayState
{
    /// <summary>It has nothing to do: nobody publishes, or nobody watches.</summary>
    Idle,

    /// <summary>The host's address is being asked for.</summary>
    Resolving,

    /// <summary>From the first SYN until publish or play is accepted.</summary>
    Connecting,

    /// <summary>Accepted: media flows as it comes.</summary>
    Running,

    /// <summary>It failed, and tries again after a while.</summary>
    Waiting,
}
