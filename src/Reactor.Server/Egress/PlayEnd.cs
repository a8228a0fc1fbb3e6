namespace Reactor.Server.Egress;

/// <summary>Why a player is over, as far as we decide it.</summary>
internal enum PlayEnd
{
    /// <summary>The publisher left, and did not return within its grace.</summary>
    PublisherLeft,

    /// <summary>Nothing came for too long.</summary>
    NothingCame,

    /// <summary>What may not be dropped is more than its queue takes.</summary>
    TooSlow,
}
