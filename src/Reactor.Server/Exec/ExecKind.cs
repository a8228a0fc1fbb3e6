using System;
using System.Collections.Generic;
using System.Text.Json;
using Reactor.Server.Configuration;

namespace Reactor.Server.Exec;

/// <summary>What a program is started for; as a word it is the label by which it is counted.
/// </summary>
internal enum ExecKind
{
    Push,
    Pull,
    Static,
    Publish,
    PublishDone,
    Play,
    PlayDone,
    RecordDone,
}

internal static class ExecKinds
{
    private static readonly string[] Words = Array.ConvertAll(
        Enum.GetNames<ExecKind>(), JsonNamingPolicy.SnakeCaseLower.ConvertName);

    public static IReadOnlyList<ExecKind> All { get; } = Enum.GetValues<ExecKind>();

    public static string Word(this ExecKind kind) => Words[(int)kind];

    /// <summary>Whether it is to run as long as something lasts, and not once.</summary>
    public static bool IsKept(this ExecKind kind) => kind <= ExecKind.Static;

    /// <summary>Whether whoever plays, or asks for a name, has it started.</summary>
    public static bool IsByPlayers(this ExecKind kind) =>
        kind is ExecKind.Pull or ExecKind.Play or ExecKind.PlayDone;

    /// <summary>Which programs the options of a stream have for it.</summary>
    public static IReadOnlyList<ExecRule> RulesOf(this ExecKind kind, ExecOptions options) =>
        kind switch
        {
            ExecKind.Push => options.ExecPush,
            ExecKind.Pull => options.ExecPull,
            ExecKind.Publish => options.ExecPublish,
            ExecKind.PublishDone => options.ExecPublishDone,
            ExecKind.Play => options.ExecPlay,
            ExecKind.PlayDone => options.ExecPlayDone,
            ExecKind.RecordDone => options.ExecRecordDone,
            _ => [],
        };
}
