using System;
using System.Collections.Generic;
using NLog;
using Reactor.Protocol;
using Reactor.Server.Configuration;
using Reactor.Streaming;

namespace Reactor.Server.Relays;

/// <summary>From which servers a stream may come, and to which it goes, by the options.</summary>
internal static class RelaySources
{
    private static readonly Logger Log = LogManager.GetLogger("relay");

    /// <summary>Whether a stream that nobody publishes here may be somewhere else.</summary>
    public static bool HasAny(StreamOptions options, StreamKey key)
    {
        if (options.Origin.Count > 0)
            return true;
        foreach (var rule in options.Pull)
        {
            if (IsFor(rule, key))
                return true;
        }
        return false;
    }

    /// <summary>Where to pull from, in order: the rules, then the origins.</summary>
    public static List<RelayTarget> OfPull(
        StreamOptions options, StreamKey key, QueryParameters? parameters)
    {
        var targets = new List<RelayTarget>();
        foreach (var rule in options.Pull)
        {
            if (IsFor(rule, key))
                Add(targets, rule with { Name = "" }, key, parameters);
        }
        AddOrigins(targets, options, key, parameters);
        return targets;
    }

    /// <summary>Streams that are pulled from the start and for ever, and what holds for each.
    /// </summary>
    /// <remarks>They are those of apps with plain names; others are errors of the configuration.
    /// </remarks>
    public static Dictionary<StreamKey, StreamOptions> StaticPulls(ServerOptions options)
    {
        var pulls = new Dictionary<StreamKey, StreamOptions>();
        foreach (var app in options.Apps?.Rules ?? [])
        {
            if (Glob.IsPattern(app.Pattern))
                continue;
            Take(app.Pattern, app.Options);
            foreach (var stream in app.Streams)
                Take(app.Pattern, stream.Options);
        }
        return pulls;

        void Take(string app, StreamOptions options)
        {
            foreach (var pull in options.Pull)
            {
                if (pull.IsStatic)
                    pulls.TryAdd(new StreamKey(app, pull.Name), options);
            }
        }
    }

    /// <summary>Where one rule pushes to; none when its URL is none for this stream.</summary>
    public static List<RelayTarget> OfPush(
        RelayRule rule, StreamKey key, QueryParameters? parameters)
    {
        var targets = new List<RelayTarget>();
        Add(targets, rule, key, parameters);
        return targets;
    }

    /// <summary>The origins that an edge publishes to: the first that takes the stream.</summary>
    public static List<RelayTarget> OfOrigins(
        StreamOptions options, StreamKey key, QueryParameters? parameters)
    {
        var targets = new List<RelayTarget>();
        AddOrigins(targets, options, key, parameters);
        return targets;
    }

    private static bool IsFor(RelayRule rule, StreamKey key) =>
        rule.Name.Length == 0 || rule.Name == key.Name;

    private static void AddOrigins(
        List<RelayTarget> targets, StreamOptions options, StreamKey key,
        QueryParameters? parameters)
    {
        var query = options.Relay.PassQuery ? QueryOf(parameters) : "";
        foreach (var origin in options.Origin)
        {
            var scheme = origin.Contains("://", StringComparison.Ordinal) ? "" : "rtmp://";
            var url = $"{scheme}{origin}/{{app}}/{{stream}}{query}";
            Add(targets, new RelayRule(url), key, parameters);
        }
    }

    private static void Add(
        List<RelayTarget> targets, RelayRule rule, StreamKey key, QueryParameters? parameters)
    {
        var text = RelayTemplate.Fill(rule.Url, key.App, key.Name, parameters);
        if (!RelayUrl.TryParse(text, key.Name, out var url, out var why))
        {
            Log.Warn("{Stream:l}: {Url:l} is no target: {Why:l}", key.ToString(), rule.Url, why);
            return;
        }
        if (rule.App.Length > 0)
            url = url.WithApp(RelayTemplate.Fill(rule.App, key.App, key.Name, parameters));
        if (rule.Name.Length > 0)
            url = url with { Name = RelayTemplate.Fill(rule.Name, key.App, key.Name, parameters) };
        if (rule.TcUrl.Length > 0)
            url = url with { TcUrl = rule.TcUrl };
        targets.Add(new RelayTarget(url, key, IsByApi: false));
    }

    /// <summary>Braces in what a player said must not be taken for ours.</summary>
    private static string QueryOf(QueryParameters? parameters)
    {
        if (parameters is null || parameters.Pairs.Count == 0)
            return "";
        var pairs = new List<string>();
        foreach (var (name, value) in parameters.Pairs)
            pairs.Add($"{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value)}");
        return "?" + string.Join('&', pairs);
    }
}
