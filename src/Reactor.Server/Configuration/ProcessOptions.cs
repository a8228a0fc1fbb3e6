using System;
using Reactor.Server.Configuration.Schema;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration;

/// <summary>The process: section <c>process</c>.</summary>
public sealed record ProcessOptions
{
    public string PidFile { get; init; } = "";
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromSeconds(30);

    internal static readonly Section<ProcessOptions> Keys = new(
        "The process.")
    {
        { "pid_file", Text, Restart,
            o => o.PidFile, (o, v) => o with { PidFile = v },
            "A file with its number while it runs, for reactor -s and service managers; "
                + "empty for none." },
        { "grace_period", Duration("0s", "1d"), Live,
            o => o.GracePeriod, (o, v) => o with { GracePeriod = v },
            "How long reactor -s quit, or SIGQUIT, waits for publishers and players to end." },
    };
}
