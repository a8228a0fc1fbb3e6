namespace Reactor.Server.Exec;

/// <summary>What became of all programs of one kind since the server began.</summary>
internal sealed class ExecCounts
{
    /// <summary>Those that were asked for, and are not over: the bound is of them.</summary>
    public int Running { get; set; }

    public long Started { get; set; }

    /// <summary>Those that could not begin, or ended by themselves with a code that is not 0.
    /// </summary>
    public long Failed { get; set; }

    /// <summary>Starts in place of one that had ended by itself.</summary>
    public long Respawned { get; set; }
}
