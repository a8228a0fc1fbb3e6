namespace Reactor.Transport;

/// <summary>How often a budget of a turn was spent, and somebody waited for the next.</summary>
/// <remarks>Nothing is lost by it: others waited too.</remarks>
public sealed class TurnCuts
{
    /// <summary>A peer had sent more than <see cref="LoopSettings.ReadBudget"/>.</summary>
    public long Read { get; internal set; }

    /// <summary>A peer was owed more than <see cref="LoopSettings.WriteBudget"/>.</summary>
    public long Write { get; internal set; }

    /// <summary>More visitors came than <see cref="LoopSettings.AcceptMax"/>.</summary>
    public long Accept { get; internal set; }

    /// <summary>More peers had to be sent to than <see cref="LoopSettings.FlushMax"/>.</summary>
    public long Flush { get; internal set; }
}
