using System;
using System.Collections;
using System.IO;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Threading;

#pragma warning disable CA1050 // The runtime looks for a type of this name in no namespace.

/// <summary>
/// Breaks a server that a test started: its loop, by closing the epoll descriptor under it, or what
/// one connection does, by a bug that is planted in a command.
/// </summary>
/// <remarks>
/// The runtime runs it before Main in a process whose environment names this assembly in
/// DOTNET_STARTUP_HOOKS; the program itself is the one that ships, and knows nothing of it.
/// </remarks>
internal static partial class StartupHook
{
    /// <summary>Names a file; once it is there, the loop is broken.</summary>
    public const string SignalFile = "REACTOR_TEST_BREAKS_AT";

    /// <summary>Names an RTMP command that fails whoever calls it.</summary>
    public const string FailingCommand = "REACTOR_TEST_FAILING_COMMAND";

    public const string Bug = "a bug that a test has planted";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(SignalFile) is { Length: > 0 } file)
            new Thread(() => BreakAt(file)) { IsBackground = true }.Start();
        if (Environment.GetEnvironmentVariable(FailingCommand) is { Length: > 0 } command)
            PlantIn(command);
    }

    /// <summary>The command's row in the table of commands gets another answer.</summary>
    private static void PlantIn(string command)
    {
        const BindingFlags hidden = BindingFlags.NonPublic | BindingFlags.Static
            | BindingFlags.Instance;
        var conversation = Type.GetType(
            "Reactor.Protocol.Rtmp.RtmpServerConversation, Reactor.Protocol", throwOnError: true)!;
        var rows = (IDictionary)conversation.GetField("Commands", hidden)!.GetValue(null)!;
        var row = rows[command]!;
        var answer = row.GetType().GetField("<Answer>k__BackingField", hidden)!;
        var fail = typeof(StartupHook).GetMethod(nameof(Fail), hidden)!
            .MakeGenericMethod(answer.FieldType.GetGenericArguments());
        answer.SetValue(row, fail.CreateDelegate(answer.FieldType));
    }

    private static void Fail<TConversation, TCommand>(TConversation self, TCommand command) =>
        throw new InvalidOperationException(Bug);

    private static void BreakAt(string file)
    {
        while (!File.Exists(file))
            Thread.Sleep(20);
        foreach (var path in Directory.GetFiles("/proc/self/fd"))
        {
            if (new FileInfo(path).LinkTarget == "anon_inode:[eventpoll]")
                _ = Close(int.Parse(Path.GetFileName(path)));
        }
    }

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
