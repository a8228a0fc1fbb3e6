using System;
using System.Text;
using Reactor.Server.Configuration;

namespace Reactor.Testing.Simulation;

/// <summary>What an operator does to the configuration while everything runs.</summary>
internal static class Reloads
{
    private static readonly string[] BadFiles =
    [
        "{ \"limits\": { \"max_players\": -1 } }", "{ \"limits\": { \"max_plyers\": 1 } }",
        "{ \"limits\": { ", "[]", "{ \"rtmp\": { \"drain_timeout\": \"soon\" } }", "\0",
        "{ \"defaults\": { \"play\": { \"queue_policy\": \"all\" } } }",
    ];

    /// <summary>Another file: some limits, and what holds for streams.</summary>
    public static ServerOptions Change(ServerOptions options, Random random)
    {
        var defaults = options.Defaults;
        return options with
        {
            Limits = options.Limits with
            {
                MaxPlayers = Plan.Pick(random, 0, 0, 1, 3),
                MaxPublishers = Plan.Pick(random, 0, 0, 1, 2),
                MaxConnections = Plan.Pick(random, 10_000, 10_000, 5),
            },
            Defaults = defaults with
            {
                Publish = defaults.Publish with
                {
                    OnDuplicate = Plan.Pick(
                        random, DuplicatePublish.Reject, DuplicatePublish.Replace),
                    Grace = TimeSpan.FromSeconds(Plan.Pick(random, 0, 5, 30)),
                    MaxDuration = TimeSpan.FromSeconds(Plan.Pick(random, 0, 0, 0, 20)),
                    MaxBitrate = Plan.Pick(random, 0, 0, 0, 200_000),
                    KickoffForIdle = TimeSpan.FromSeconds(Plan.Pick(random, 0, 0, 0, 5)),
                },
                Play = defaults.Play with
                {
                    GopNum = Plan.Pick(random, 1, 2),
                    GopCacheMaxFrames = Plan.Pick(random, 20, 2500),
                    QueuePolicy = Plan.Pick(random, Enum.GetValues<QueuePolicy>()),
                    QueueSize = Plan.Pick(random, 64 << 10, 8 << 20),
                    QueueLength = TimeSpan.FromSeconds(Plan.Pick(random, 1, 10)),
                },
                Record = random.Next(3) == 0 ? [] : defaults.Record,
                Hls = random.Next(2) == 0
                    ? defaults.Hls
                    : WithType(defaults.Hls, Plan.Pick(random, Enum.GetValues<HlsType>())),
                Exec = defaults.Exec.ExecPublish.Count > 0
                    ? WithPushes(defaults.Exec, random)
                    : defaults.Exec,
            },
        };
    }

    /// <summary>What runs for streams is there no more, or anew.</summary>
    private static ExecOptions WithPushes(ExecOptions exec, Random random) =>
        random.Next(2) == 0 ? exec : exec with
        {
            ExecPush = exec.ExecPush.Count > 0
                ? []
                : [new ExecRule([SimulatedProgram.Push, "{app}", "{stream}"])],
        };

    /// <summary>Segments of low latency are not aligned, which is refused where it is read.
    /// </summary>
    private static HlsOptions WithType(HlsOptions hls, HlsType type) => hls with
    {
        Type = type == HlsType.Ll && hls.HlsFragmentSlicing == HlsSlicing.Aligned
            ? HlsType.Fmp4
            : type,
    };

    /// <summary>Somebody has broken the file: then nothing is told to the server.</summary>
    public static void Refuse(World world, Random random)
    {
        var text = BadFiles[random.Next(BadFiles.Length)];
        var read = OptionsReader.Read(new ConfigInput
        {
            File = new ConfigText("reactor.json", Encoding.UTF8.GetBytes(text)),
        });
        if (read.Errors.Count == 0)
            world.Checks.Failed("a file with an error is not taken", text);
    }
}
