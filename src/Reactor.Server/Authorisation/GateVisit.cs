using System;

namespace Reactor.Server.Authorisation;

/// <summary>Somebody who waits at the gate for a verdict.</summary>
/// <remarks>The verdict is given once, and not at all to whoever has left.</remarks>
internal sealed class GateVisit(AccessRequest request, Action<Verdict> done)
{
    private Action<Verdict>? _done = done;

    public AccessRequest Request => request;

    /// <summary>Whether the verdict was given, or is not wanted any more.</summary>
    public bool IsOver => _done is null;

    /// <summary>Whoever asked is gone; what is still under way for it comes to nothing.</summary>
    public void Forget() => _done = null;

    internal void End(Verdict verdict)
    {
        var done = _done;
        _done = null;
        if (done is not null)
            request.Connection.Loop.Contain(request.Connection, () => done(verdict));
    }
}
