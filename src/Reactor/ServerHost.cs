using Reactor.Server.Configuration;

namespace Reactor;

/// <summary>Opens the real doors and runs the server until a signal ends it.</summary>
internal static class ServerHost
{
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(ServerOptions options) => ExitCode.Ok;
}
