using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Linq;
using System.Net;
using Reactor.Load.Comparing;
using Reactor.Load.Measures;

namespace Reactor.Load;

/// <summary>Three verbs: <c>run</c> against any server, <c>ours</c>, and <c>compare</c>.</summary>
internal static class CommandLine
{
    /// <summary>Every message leaves in the turn in which it came, as nginx-rtmp does it.</summary>
    private const string Strict = "reactor.write_coalesce=0s";

    private static readonly Option<string> Url = new("--url")
    {
        Description = "a server on a loopback address: rtmp://127.0.0.1:1935/live",
        Required = true,
    };

    private static readonly Option<int> Pid = Count(
        "--server-pid", 0, 0, int.MaxValue, "whose processor time and memory to read");

    private static readonly Option<string> Name =
        new("--name")
        {
            Description = "what to call the server",
            DefaultValueFactory = _ => "server",
        };

    private static readonly Option<string?> JsonFile =
        new("--json") { Description = "keep the figures in this file" };

    private static readonly Option<int> Streams = Count(
        "--streams", 1, 1, 5000, "publishers, each with a stream of its own");

    private static readonly Option<int> Players = Count(
        "--players", 100, 0, LoadOptions.ConnectionsMax, "players that stay, over all streams");

    private static readonly Option<int[]> Crowds = new("--players")
    {
        Description = "crowds to measure, one after another",
        DefaultValueFactory = _ => [100, 500, 1000],
        CustomParser = ParseCrowds,
    };

    private static readonly Option<int> Bitrate = new("--bitrate")
    {
        Description = "bits a second of each stream: 500k, 1m",
        DefaultValueFactory = _ => 1_000_000,
        CustomParser = ParseBits,
    };

    private static readonly Option<int> Seconds = Count(
        "--seconds", 10, 1, 3600, "how long to measure");

    private static readonly Option<int> Warmup = Count(
        "--warmup", 5, 0, 600, "seconds that are not measured");

    private static readonly Option<int> Slow = Count(
        "--slow", 0, 0, 5000, "players that take a quarter of the bitrate");

    private static readonly Option<int> Churn = Count(
        "--churn", 0, 0, 1000, "players that join each second, and leave a second later");

    private static readonly Option<int> Idle = Count(
        "--idle", 0, 0, LoadOptions.ConnectionsMax, "connections that only shake hands");

    private static readonly Option<int> ConnectRate = Count(
        "--connect-rate", 200, 1, 10_000, "connections opened each second");

    private static readonly Option<bool> MayRest = new("--rest")
    {
        Description = "sleep while nothing comes; the server pays for each waking",
    };

    private static readonly Option<int> Rounds = Count(
        "--rounds", 3, 1, 20, "how often each crowd is measured; medians are shown");

    private static readonly Option<int> Noise = Count(
        "--noise", 5, 0, 10_000, "percent of a core that strangers may take; else it is repeated");

    private static readonly Option<string[]> Set = new("--set")
    {
        Description = "a setting of our server, repeatable: rtmp.chunk_size=4096",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<string?> Results =
        new("--results") { Description = "keep the tables in this file" };

    private static readonly Option[] Shared =
        [Streams, Bitrate, Seconds, Warmup, Slow, Churn, Idle, ConnectRate, MayRest];

    public static RootCommand Make()
    {
        var run = new Command("run", "puts one load on a server that runs already")
        {
            Url, Pid, Name, JsonFile, Players,
        };
        run.SetAction(Run);
        var ours = new Command("ours", "starts our server on one core, loads it from another")
        {
            Crowds, Rounds, Noise, Set, Results,
        };
        ours.SetAction(parsed => Compare(parsed, [Ours(parsed)]));
        var compare = new Command("compare", "ours, by default and strict, and nginx-rtmp in turns")
        {
            Crowds, Rounds, Noise, Set, Results,
        };
        compare.SetAction(parsed =>
            Compare(parsed, [Ours(parsed), Ours(parsed, Strict), new NginxServer()]));

        var root = new RootCommand("Publishers and players over real sockets, on this machine.");
        foreach (var command in new[] { run, ours, compare })
        {
            foreach (var option in Shared)
                command.Add(option);
            root.Add(command);
        }
        return root;
    }

    private static OurServer Ours(ParseResult parsed, params string[] more) => new(
        more.Length == 0 ? "reactor" : "reactor strict", [.. parsed.GetValue(Set)!, .. more]);

    private static int Run(ParseResult parsed)
    {
        if (!LoadOptions.TryParseUrl(parsed.GetValue(Url)!, out var server, out var app))
        {
            Console.Error.WriteLine("load: --url must be rtmp://127.0.0.1:PORT/APP (or [::1])");
            return 1;
        }
        var options = Read(parsed) with
        {
            Server = server,
            App = app,
            Name = parsed.GetValue(Name)!,
            ServerPid = parsed.GetValue(Pid),
            Players = parsed.GetValue(Players),
        };
        using var load = new LoadRun(options);
        var report = load.Run();
        if (parsed.GetValue(JsonFile) is { } file)
            report.Save(file);
        else
            Console.Write(ReportTable.Of([report]));
        return 0;
    }

    private static int Compare(ParseResult parsed, ServerUnderTest[] servers)
    {
        var comparison = new Comparison(servers, Read(parsed))
        {
            Crowds = parsed.GetValue(Crowds)!,
            Rounds = parsed.GetValue(Rounds),
            NoiseMax = parsed.GetValue(Noise) / 100.0,
        };
        return comparison.Run(parsed.GetValue(Results));
    }

    private static LoadOptions Read(ParseResult parsed) => new()
    {
        Server = new IPEndPoint(IPAddress.Loopback, 0),
        Streams = parsed.GetValue(Streams),
        BitsPerSecond = parsed.GetValue(Bitrate),
        Seconds = parsed.GetValue(Seconds),
        WarmupSeconds = parsed.GetValue(Warmup),
        Slow = parsed.GetValue(Slow),
        Churn = parsed.GetValue(Churn),
        Idle = parsed.GetValue(Idle),
        ConnectRate = parsed.GetValue(ConnectRate),
        MayRest = parsed.GetValue(MayRest),
    };

    private static Option<int> Count(string name, int usual, int min, int max, string description)
    {
        var option = new Option<int>(name)
        {
            Description = description,
            DefaultValueFactory = _ => usual,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var value && (value < min || value > max))
                result.AddError($"{name} is {min} to {max}");
        });
        return option;
    }

    private static int ParseBits(ArgumentResult result)
    {
        if (LoadOptions.ParseBits(result.Tokens[0].Value) is { } bits)
            return bits;
        result.AddError("--bitrate is 50k to 100m");
        return 0;
    }

    private static int[] ParseCrowds(ArgumentResult result)
    {
        var crowds = new List<int>();
        foreach (var text in result.Tokens.SelectMany(token => token.Value.Split(',')))
        {
            if (int.TryParse(text, CultureInfo.InvariantCulture, out var players)
                && players is > 0 and <= LoadOptions.ConnectionsMax)
            {
                crowds.Add(players);
                continue;
            }
            result.AddError("--players is a list as 100,500,1000");
        }
        return [.. crowds];
    }
}
