using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO;
using System.Linq;
using System.Text;

namespace Reactor;

/// <summary>What the process is asked to do.</summary>
internal enum Request
{
    Serve,
    Help,
    Version,
    LongVersion,
    PrintDefault,
    PrintSchema,
    HashPassword,
    Dump,
    Test,
    Signal,
}

/// <summary>The command line, understood.</summary>
/// <param name="Request">When several are asked for, the one that stands first in the type.</param>
/// <param name="ConfigPath">The file that was named; null for the usual places.</param>
/// <param name="Sets">Assignments that go over file and environment.</param>
/// <param name="Errors">What is wrong with the arguments; empty when nothing is.</param>
internal sealed record CommandLine(
    Request Request,
    string? ConfigPath,
    IReadOnlyList<string> Sets,
    IReadOnlyList<string> Errors)
{
    /// <summary>The file as livego names it, who starts without one that is missing (S4.37).
    /// </summary>
    public string? LivegoPath { get; init; }

    /// <summary>What a running server is told; empty when nothing is.</summary>
    public string Signal { get; init; } = "";

    private const string Examples = """

        Start, publish and play:
          reactor
          ffmpeg -re -stream_loop -1 -i any.mp4 -c copy -f flv rtmp://127.0.0.1/live/a
          ffplay rtmp://127.0.0.1/live/a
          and open http://127.0.0.1:7001/ in a browser

        Without -c the file is ./reactor.json, then /etc/reactor/reactor.json, then none.
        REACTOR_RTMP__LISTEN=1936 goes over the file, and --set goes over both.
        livego's flags are understood too, each as the keys that stand behind it.
        Exit codes: 0 ok, 1 configuration, 2 cannot bind, 3 already running, 70 internal.

        """;

    private static readonly Option<string?> Config = new("--config", "-c")
    {
        Description = "read this file",
        HelpName = "FILE",
    };

    private static readonly Option<string[]> Set = new("--set")
    {
        Description = "override one key, repeatable: rtmp.chunk_size=4096",
        HelpName = "KEY=VALUE",
    };

    private static readonly Option<string?> Listen = new("--listen")
    {
        Description = "rtmp.listen: 1935, 127.0.0.1:1935",
        HelpName = "ADDRESS",
    };

    private static readonly Option<string?> Http = new("--http")
    {
        Description = "http.listen: one address that serves everything, 8080",
        HelpName = "ADDRESS",
    };

    private static readonly Option<string?> Record = new("--record")
    {
        Description = "defaults.record: every stream, as DIR/APP/STREAM_TIME.flv",
        HelpName = "DIR",
    };

    private static readonly Option<string?> Level = new("--level")
    {
        Description = "log.level: trace debug info warn error",
        HelpName = "LEVEL",
    };

    private static readonly Option<string?> Send = new("-s")
    {
        Description =
            "tell the server of process.pid_file: reload, reopen its log, stop, quit in peace",
        HelpName = "WORD",
    };

    private static readonly (Request Request, Option<bool> Option)[] Requests =
    [
        (Request.Help, Word("show this", "--help", "-h")),
        (Request.Version, Word("show the version", "--version", "-v")),
        (Request.LongVersion, Word("show version, runtime and commit", "-V")),
        (Request.PrintDefault, Word("print every key and its default", "--print-default")),
        (Request.PrintSchema, Word("print the JSON Schema of reactor.json", "--print-schema")),
        (Request.HashPassword, Word(
            "read a password, print what api.users can hold in its place", "--hash-password")),
        (Request.Dump, Word("test the configuration and print it with all defaults", "-T")),
        (Request.Test, Word("test the configuration and leave", "-t")),
    ];

    private static readonly Command Grammar = MakeGrammar();

    public static string Help
    {
        get
        {
            var text = new StringBuilder(
                "Reactor, a live-streaming server for RTMP, HTTP-FLV and HLS.\n\n");
            foreach (var option in Grammar.Options)
            {
                var names = string.Join(", ", option.Aliases.Append(option.Name));
                text.Append($"  {$"{names} {option.HelpName}",-24} {option.Description}\n");
            }
            return text.Append(Examples).ToString();
        }
    }

    public static CommandLine Parse(string[] arguments)
    {
        // A leading @ names no response file here: stream and file names may begin with it.
        var configuration = new ParserConfiguration { ResponseFileTokenReplacer = null };
        var parsed = Grammar.Parse(arguments, configuration);
        var errors = parsed.Errors.Select(error => error.Message).ToList();
        if (errors.Count > 0)
        {
            var hint = arguments.LastOrDefault(File.Exists) is { } named && !parsed.Tokens
                .Any(token => token.Type == TokenType.Option && token.Value is "-c" or "--config")
                ? $"a file of settings is read by -c {named}"
                : "reactor -h shows what can be said";
            return new CommandLine(Request.Serve, null, [], [.. errors, hint]);
        }

        var sets = LivegoFlags.SetsOf(parsed).ToList();
        if (parsed.GetValue(Listen) is { } listen)
            sets.Add($"rtmp.listen={listen}");
        if (parsed.GetValue(Http) is { } http)
            sets.Add($"http.listen={http}");
        if (parsed.GetValue(Record) is { } folder)
            sets.Add($"defaults.record={LivegoFlags.Recorder(folder)}");
        if (parsed.GetValue(Level) is { } level)
            sets.Add($"log.level={level}");
        sets.AddRange(parsed.GetValue(Set) ?? []);  // last, for it says more than --record does
        var asked = Requests.FirstOrDefault(each => parsed.GetValue(each.Option)).Request;
        var file = parsed.GetValue(Config);
        var signal = parsed.GetValue(Send) ?? "";
        if (signal.Length > 0 && !Signals.Words.Contains(signal))
            errors.Add($"-s: expected one of {string.Join(", ", Signals.Words)}; found {signal}");
        if (signal.Length > 0 && asked == Request.Serve)
            asked = Request.Signal;
        return new CommandLine(asked, file, sets, errors)
        {
            LivegoPath = parsed.GetValue(LivegoFlags.ConfigFile),
            Signal = signal,
        };
    }

    private static Option<bool> Word(string description, string name, params string[] aliases)
        => new(name, aliases) { Description = description, Arity = ArgumentArity.Zero };

    // A plain Command: RootCommand would bring its own help and version.
    private static Command MakeGrammar()
    {
        var grammar = new Command("reactor");
        grammar.Add(Config);
        foreach (var (_, option) in Requests)
            grammar.Add(option);
        grammar.Add(Set);
        grammar.Add(Listen);
        grammar.Add(Http);
        grammar.Add(Record);
        grammar.Add(Level);
        grammar.Add(Send);
        foreach (var flag in LivegoFlags.All)
            grammar.Add(flag);
        return grammar;
    }
}
