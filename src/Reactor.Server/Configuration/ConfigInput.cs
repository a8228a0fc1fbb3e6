using System;
using System.Collections.Generic;

namespace Reactor.Server.Configuration;

/// <summary>The text of a configuration file, and the name to call it by in errors.</summary>
public sealed record ConfigText(string Name, ReadOnlyMemory<byte> Utf8);

/// <summary>Everything that settings may come from; what stands later here wins.</summary>
public sealed record ConfigInput
{
    /// <summary>The main file; null for the defaults.</summary>
    public ConfigText? File { get; init; }

    /// <summary>The files that a glob of the main file's <c>include</c> stands for.</summary>
    public Func<string, IReadOnlyList<ConfigText>> Include { get; init; } = _ => [];

    /// <summary>Whether a folder that a setting names is there.</summary>
    public Func<string, bool> HasFolder { get; init; } = _ => true;

    /// <summary>Variables; <c>REACTOR_RTMP__LISTEN</c> is <c>rtmp.listen</c>.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } =
        new Dictionary<string, string>();

    /// <summary>Assignments <c>key=value</c>, in the order of the command line.</summary>
    public IReadOnlyList<string> Sets { get; init; } = [];
}

/// <param name="Options">Complete, but for what the errors are about.</param>
/// <param name="Errors">All that is wrong, each with its place; empty when all is well.</param>
public sealed record ConfigResult(ServerOptions Options, IReadOnlyList<ConfigError> Errors);
