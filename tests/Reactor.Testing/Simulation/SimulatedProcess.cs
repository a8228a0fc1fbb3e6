namespace Reactor.Testing.Simulation;

/// <summary>The server's process as its doors see it: it may be killed between two calls.</summary>
/// <remarks>
/// No turn can be left in its middle without an exception that the server does not know. So a
/// turn in which the process dies goes on, and its calls come to nothing: what was done before is
/// on the wire and on the disk, what would have come after is not, and the next process finds it.
/// </remarks>
public sealed class SimulatedProcess
{
    private int? _callsLeft;

    /// <summary>Whether its calls come to nothing.</summary>
    public bool IsDead => _callsLeft == 0;

    /// <summary>Whether its last calls are counted.</summary>
    public bool IsDying => _callsLeft is not null;

    /// <summary>So many more calls are done, and none after them.</summary>
    public void KillAfter(int calls) => _callsLeft = calls;

    /// <summary>There is another process, or this one lives on.</summary>
    public void Begin() => _callsLeft = null;

    /// <summary>One call that is seen outside.</summary>
    /// <returns>False when there is nobody who could have made it.</returns>
    public bool TryCall()
    {
        if (IsDead)
            return false;
        _callsLeft--;
        return true;
    }
}
