using System;
using Reactor.Server.Authorisation;
using Reactor.Server.Configuration;

namespace Reactor;

/// <summary>Reads the configuration, opens the log, and hands over to the server.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        try
        {
            return Run(CommandLine.Parse(arguments));
        }
        catch (Exception broken)
        {
            Say(broken.ToString());
            return ExitCode.Internal;
        }
    }

    private static int Run(CommandLine line)
    {
        foreach (var error in line.Errors)
            Say(error);
        if (line.Errors.Count > 0)
            return ExitCode.Configuration;

        return line.Request switch
        {
            Request.Help => Print(CommandLine.Help),
            Request.Version => Print(Versions.Short),
            Request.LongVersion => Print(Versions.Long),
            Request.PrintDefault => Print(OptionsPrinter.Default()),
            Request.PrintSchema => Print(OptionsPrinter.Schema()),
            Request.HashPassword => HashPassword(),
            Request.Signal => RunWith(Settings.Load(line), line),
            _ => RunWith(Settings.Load(line).WithTlsErrors(), line),
        };
    }

    private static int RunWith(Settings settings, CommandLine line)
    {
        var request = line.Request;
        foreach (var error in settings.Errors)
            Say(error.ToString());
        var isRight = settings.Errors.Count == 0;
        if (!isRight && request is (Request.Serve or Request.Signal))
            return ExitCode.Configuration;
        if (request == Request.Serve)
            return ServerHost.Run(settings, () => Settings.Load(line));
        if (request == Request.Signal)
            return Signals.Send(line.Signal, settings.Options.Process, Say);

        if (isRight)
            Say($"the configuration {settings.Name} syntax is ok");
        Say($"configuration {settings.Name} test {(isRight ? "is successful" : "failed")}");
        if (isRight && request == Request.Dump)
            Print(OptionsPrinter.Effective(settings.Options));
        return isRight ? ExitCode.Ok : ExitCode.Configuration;
    }

    private static int HashPassword()
    {
        if (Console.In.ReadLine() is { Length: > 0 } password)
            return Print(StoredPassword.Make(password) + "\n");
        Say("--hash-password reads a line, and there was none");
        return ExitCode.Configuration;
    }

    private static void Say(string line) => Console.Error.WriteLine($"reactor: {line}");

    private static int Print(string text)
    {
        Console.Out.Write(text);
        return ExitCode.Ok;
    }
}
