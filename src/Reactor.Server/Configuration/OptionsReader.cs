using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Reactor.Server.Configuration.Schema;

namespace Reactor.Server.Configuration;

/// <summary>Makes options of files, environment and command line.</summary>
public static class OptionsReader
{
    private const string VariablePrefix = "REACTOR_";

    public static ConfigResult Read(ConfigInput input)
    {
        var errors = new ConfigErrors();
        var tree = ReadFiles(input, errors);
        foreach (var (name, value) in input.Environment.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            if (KeyOf(name) is { } key)
                tree = tree.With(Assignment(new Place($"environment {name}"), key, value));
        }
        foreach (var set in input.Sets)
        {
            var place = new Place("command line");
            if (set.IndexOf('=') is var equals && equals > 0)
                tree = tree.With(Assignment(place, set[..equals], set[(equals + 1)..]));
            else
                errors.Add(place, "", $"expected key=value (log.level=debug); found {set}");
        }
        RefuseInclude(tree, errors);
        var options = ServerOptions.Keys.Read(tree, new ServerOptions(), "", errors);
        new OptionsChecks(options, tree, errors).Run(input.HasFolder);
        return new ConfigResult(options, errors.InOrder);
    }

    private static ObjectNode ReadFiles(ConfigInput input, ConfigErrors errors)
    {
        if (input.File is null || ReadFile(input.File, errors) is not { } main)
            return new ObjectNode(default, []);
        var tree = main.Without("include");
        foreach (var file in Includes(main, errors).SelectMany(input.Include))
        {
            if (ReadFile(file, errors) is not { } part)
                continue;
            // One level only: an included file that includes cannot make a circle.
            RefuseInclude(part, errors);
            tree = tree.With(part.Without("include"));
        }
        return tree;
    }

    private static ObjectNode? ReadFile(ConfigText file, ConfigErrors errors)
    {
        var root = ConfigParser.Parse(file, errors);
        if (root is not null and not ObjectNode)
            errors.Unexpected(root, "", "an object: { ... }");
        return (root as ObjectNode)?.Without("$schema");    // a word to the editor, not to us
    }

    private static void RefuseInclude(ObjectNode tree, ConfigErrors errors)
    {
        if (tree.Find("include") is { } stray)
            errors.Add(stray.Place, "include", "expected in the main file only");
    }

    private static IReadOnlyList<string> Includes(ObjectNode main, ConfigErrors errors)
    {
        var only = main with { Members = [.. main.Members.Where(m => m.Name == "include")] };
        return ServerOptions.Keys.Read(only, new ServerOptions(), "", errors).Include;
    }

    // Of names without a double underscore only the keys of the root are ours: in a cluster with
    // a service called reactor, Kubernetes sets REACTOR_PORT and REACTOR_SERVICE_HOST.
    private static string? KeyOf(string variable)
    {
        if (!variable.StartsWith(VariablePrefix, StringComparison.Ordinal))
            return null;
        var key = variable[VariablePrefix.Length..].ToLowerInvariant().Replace("__", ".");
        return key.Contains('.') || ServerOptions.Keys.Any(known => known.Name == key) ? key : null;
    }

    private static ObjectNode Assignment(Place place, string key, string value)
    {
        var node = ValueOf(place, value);
        foreach (var name in key.Split('.').Reverse())
            node = new ObjectNode(place, [new Member(place, name, node)]);
        return (ObjectNode)node;
    }

    // A list or an object is JSON here too; "[::]:1935" only looks like it.
    private static ConfigNode ValueOf(Place place, string value)
    {
        var json = value is ['[' or '{', ..]
            ? ConfigParser.Parse(new ConfigText(place.Source, Encoding.UTF8.GetBytes(value)), new())
            : null;
        return json ?? new ScalarNode(place, Form.Bare, value);
    }
}
