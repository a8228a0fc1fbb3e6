using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Simulation;

/// <summary>The defaults with one thing changed.</summary>
internal static class Options
{
    public static ServerOptions With(PublishOptions publish)
    {
        var options = new ServerOptions();
        return options with { Defaults = options.Defaults with { Publish = publish } };
    }

    public static ServerOptions With(PlayOptions play)
    {
        var options = new ServerOptions();
        return options with { Defaults = options.Defaults with { Play = play } };
    }

    public static ServerOptions With(LimitsOptions limits) =>
        new ServerOptions() with { Limits = limits };
}
