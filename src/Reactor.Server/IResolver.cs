using System;
using System.Net;

namespace Reactor.Server;

/// <summary>The door to name servers; <see cref="HostLookup"/> stands before it.</summary>
/// <remarks>Disposing it forgets what was asked.</remarks>
public interface IResolver : IDisposable
{
    /// <summary>Asks for the addresses of a host.</summary>
    /// <param name="host">Its name.</param>
    /// <param name="done">
    /// Runs on the loop, as mail, when the answer is there, however late: the addresses, or none
    /// and why.
    /// </param>
    /// <returns>False when too much is asked already; nothing was taken then.</returns>
    bool TryResolve(string host, Action<IPAddress[], string> done);
}
