using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Reactor.Server;
using Reactor.Server.Configuration;
using Reactor.Server.Logging;
using Reactor.Server.Storage;

namespace Reactor;

/// <summary>The options in force, and the file they came from.</summary>
/// <remarks>The file is null when there is none, and the defaults hold.</remarks>
internal sealed record Settings(
    string? File, ServerOptions Options, IReadOnlyList<ConfigError> Errors)
{
    /// <summary>A file that was named, and need not be there; null where it is.</summary>
    public string? Missing { get; init; }

    /// <summary>The file's name, or what stands in its place.</summary>
    public string Name => File ?? "(defaults)";

    /// <summary>Besides, whether the files that listeners need can be used.</summary>
    /// <remarks>
    /// Asked before a start and by <c>-t</c>; not by a reload, for a server that runs has a good
    /// certificate, and looks itself for a better one.
    /// </remarks>
    public Settings WithTlsErrors()
    {
        var (rtmps, https) = (Options.Rtmps, Options.Https);
        (string Section, bool IsUsed, TlsOptions Options)[] sections =
        [
            ("rtmps", rtmps.Listen.Count > 0, rtmps), ("https", https.Listen.Count > 0, https),
        ];
        var errors = new List<ConfigError>(Errors);
        foreach (var (section, isUsed, options) in sections)
        {
            if (isUsed && TlsFiles.TroubleOf(new Disk(), options) is { } trouble)
                errors.Add(new ConfigError(new Place(Name), section, trouble));
        }
        return this with { Errors = errors };
    }

    public static Settings Load(CommandLine line)
    {
        var named = line.ConfigPath ?? line.LivegoPath;
        var isMissing = line.ConfigPath is null && named is not null
            && !System.IO.File.Exists(named);
        var file = isMissing ? null : named ?? ConfigFiles.FindUsual();
        try
        {
            var (options, errors) = OptionsReader.Read(new ConfigInput
            {
                File = file is null ? null : ConfigFiles.Load(file),
                Include = glob => ConfigFiles.Include(file!, glob),
                HasFolder = Directory.Exists,
                Environment = Variables(),
                Sets = line.Sets,
            });
            return new Settings(file, options, [.. errors, .. ErrorsOfLog(options.Log)])
            {
                Missing = isMissing ? named : null,
            };
        }
        catch (IOException broken)
        {
            var error = new ConfigError(new Place(file!), "", broken.Message);
            return new Settings(file, new ServerOptions(), [error]);
        }
    }

    private static IEnumerable<ConfigError> ErrorsOfLog(LogOptions log)
    {
        try
        {
            LogSetup.Probe(log);
            return [];
        }
        catch (IOException broken)
        {
            return [new ConfigError(new Place(log.File), "log.file", broken.Message)];
        }
    }

    private static Dictionary<string, string> Variables()
        => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "");
}
