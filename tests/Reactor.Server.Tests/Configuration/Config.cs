using System.Collections.Generic;
using System.Linq;
using System.Text;
using NUnit.Framework;
using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Configuration;

/// <summary>Reads configurations out of a test's own text.</summary>
internal static class Config
{
    public static ConfigText File(string json, string name = "reactor.json")
        => new(name, Encoding.UTF8.GetBytes(json));

    public static ConfigResult Read(string json) => OptionsReader.Read(new() { File = File(json) });

    /// <summary>The options of a text in which nothing is wrong.</summary>
    public static ServerOptions Good(string json) => Good(new ConfigInput { File = File(json) });

    public static ServerOptions Good(ConfigInput input)
    {
        var (options, errors) = OptionsReader.Read(input);
        Assert.That(errors, Is.Empty);
        return options;
    }

    /// <summary>The options after assignments, as of the command line.</summary>
    public static ServerOptions Set(params string[] sets) => Good(new ConfigInput { Sets = sets });

    /// <summary>What a text is reproached with.</summary>
    public static List<string> Errors(string json)
        => [.. Read(json).Errors.Select(error => error.ToString())];
}
