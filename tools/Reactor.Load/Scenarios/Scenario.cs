using Reactor.Load.Comparing;
using Reactor.Load.Measures;

namespace Reactor.Load.Scenarios;

/// <summary>A question, and the load that answers it.</summary>
/// <param name="Name">What the command line and the results call it.</param>
/// <param name="Question">What is asked of the servers.</param>
/// <param name="Load">The load, but for server and crowd.</param>
/// <param name="Crowds">How many players, one crowd after another.</param>
internal sealed record Scenario(string Name, string Question, LoadOptions Load, int[] Crowds)
{
    /// <summary>Our server, in the configurations that are asked about.</summary>
    public required Variant[] Variants { get; init; }

    /// <summary>Whether nginx-rtmp can do it, too.</summary>
    public bool HasRival { get; init; } = true;

    /// <summary>Whether each player has a stream of its own.</summary>
    public bool StreamEach { get; init; }

    public required Column[] Columns { get; init; }

    /// <summary>What is compared with the rival.</summary>
    public Measure[] Ratios { get; init; } = [];

    public LoadOptions LoadOf(int players) =>
        Load with { Players = players, Streams = StreamEach ? players : Load.Streams };
}

/// <summary>One configuration of our server.</summary>
/// <param name="Name">In the tables.</param>
/// <param name="Settings">As for its option <c>--set</c>.</param>
internal sealed record Variant(string Name, params string[] Settings)
{
    public static Variant Default { get; } = new("reactor");

    /// <summary>Every message leaves in the turn in which it came, as nginx-rtmp does it.</summary>
    public static Variant Strict { get; } = new("reactor strict", "reactor.write_coalesce=0s");

    public static Variant Patient { get; } = new("reactor 100 ms", "reactor.write_coalesce=100ms");

    public OurServer ToServer(string program, string[] more) =>
        new(Name, program, [.. Settings, .. more]);
}
