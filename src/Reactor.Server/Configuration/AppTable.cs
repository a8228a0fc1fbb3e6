using System;
using System.Collections.Generic;
using System.Linq;

namespace Reactor.Server.Configuration;

/// <summary>Which options hold for a stream, by application and stream name.</summary>
/// <remarks>
/// The exact name wins, then for applications the longest path prefix (<c>a/b</c> covers
/// <c>a/b/c</c>), then the glob with most literal characters; what stands first wins a tie.
/// Loop thread only, for answers are remembered.
/// </remarks>
public sealed class AppTable(IReadOnlyList<AppRule> rules)
{
    // Names come from the network; at the bound all is forgotten, and learnt again.
    private const int AnswersMax = 4096;
    private readonly Dictionary<(string App, string Stream), StreamOptions?> _answers = [];

    public IReadOnlyList<AppRule> Rules { get; } = rules;

    /// <summary>Answers held at the moment.</summary>
    public int Remembered => _answers.Count;

    /// <returns>Null when no rule covers the application: it is to be refused (S4.9).</returns>
    public StreamOptions? Resolve(string app, string stream)
    {
        if (_answers.TryGetValue((app, stream), out var known))
            return known;
        if (_answers.Count == AnswersMax)
            _answers.Clear();
        return _answers[(app, stream)] = Find(app, stream);
    }

    private StreamOptions? Find(string app, string stream)
    {
        if ((Exact(Rules, app) ?? Prefix(app) ?? Wildcard(Rules, app)) is not { } rule)
            return null;
        return (Exact(rule.Streams, stream) ?? Wildcard(rule.Streams, stream) ?? rule).Options;
    }

    private static AppRule? Exact(IReadOnlyList<AppRule> rules, string name)
        => rules.FirstOrDefault(rule => rule.Pattern == name);

    private AppRule? Prefix(string app)
        => Rules.Where(rule => Covers(rule.Pattern, app)).MaxBy(rule => rule.Pattern.Length);

    private static bool Covers(string folder, string path)
        => path.Length > folder.Length
        && path[folder.Length] == '/'
        && path.StartsWith(folder, StringComparison.Ordinal);

    private static AppRule? Wildcard(IReadOnlyList<AppRule> rules, string name)
        => rules.Where(rule => Glob.Matches(rule.Pattern, name))
            .MaxBy(rule => rule.Pattern.Count(c => c is not ('*' or '?')));
}
