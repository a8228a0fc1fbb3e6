using System.Collections.Generic;
using System.Net;
using Reactor.Server.Configuration;
using Reactor.Streaming;

namespace Reactor.Server.Relays;

/// <summary>What became of an order for a relay.</summary>
/// <param name="IsDone">Whether it was carried out.</param>
/// <param name="Text">What to tell whoever gave it, in livego's words (S4.10 to S4.14).</param>
public readonly record struct RelayAnswer(bool IsDone, string Text);

/// <summary>Relays on the word of an operator: started, stopped, listed, at run time.</summary>
/// <remarks>
/// A relay is known by its direction and our stream: <c>push:app/name</c>, <c>pull:app/name</c>.
/// It lasts until it is stopped, whether or not its stream or the other server are there.
/// </remarks>
public sealed class RelayApi
{
    private readonly ReactorServer _server;

    internal RelayApi(ReactorServer server) => _server = server;

    /// <summary>How many relays there are.</summary>
    public int Count => _server.Relays.Count;

    /// <summary>All relays there are, those of the configuration included.</summary>
    public IEnumerable<RelayStatus> List() => _server.Relays.List();

    /// <summary>Starts a relay; one that runs to the same place already is left as it is.</summary>
    /// <param name="isPush">Push, else pull.</param>
    /// <param name="app">Of our stream.</param>
    /// <param name="name">Of our stream.</param>
    /// <param name="url">The other server's stream.</param>
    public RelayAnswer Start(bool isPush, string app, string name, string url)
    {
        var word = isPush ? "push" : "pull";
        if (!_server.TryName(app, name, out var key) || url.Length == 0)
            return Incomplete(word);
        if (Refusal(key, url, isPush, out var target, out var options) is { } why)
            return new RelayAnswer(false, $"{word} error={why}");
        if (_server.Relays.TargetOf(key, isPush) is { } old)
        {
            if (old.Url != target!.Url)
                return new RelayAnswer(false, $"{word} error={word}:{key} runs already: stop it");
        }
        else if (isPush)
        {
            _server.Relays.BeginPush(key, target!, options!);
        }
        else
        {
            _server.Relays.BeginPull(key, target!, options!);
        }
        return Done(word, "start", url);
    }

    /// <summary>Stops a relay that <see cref="Start"/> began.</summary>
    public RelayAnswer Stop(bool isPush, string app, string name, string url)
    {
        var word = isPush ? "push" : "pull";
        if (!_server.TryName(app, name, out var key))
            return Incomplete(word);
        return _server.Relays.End(key, isPush)
            ? Done(word, "stop", url)
            : new RelayAnswer(
                false, $"session key[{word}:{key}] not exist, please check it again.");
    }

    private static RelayAnswer Incomplete(string word) =>
        new(false, $"control {word} parameter error, please check them.");

    private static RelayAnswer Done(string word, string what, string url) =>
        new(true, $"<h1>{word} url {what} {WebUtility.HtmlEncode(url)} ok</h1></br>");

    private string? Refusal(
        StreamKey key, string url, bool isPush, out RelayTarget? target, out StreamOptions? options)
    {
        target = null;
        options = _server.Options.Resolve(key);
        if (options is not { Live: true })
            return Sessions.Refusal.NotConfigured(key);
        if (!RelayUrl.TryParse(url, key.Name, out var parsed, out var why))
            return why;
        target = new RelayTarget(parsed, key, IsByApi: true);
        // A host by its address can be judged at once; a name, when it is connected to.
        if (IPAddress.TryParse(parsed.Host, out var address)
            && RelayGuard.AddressRefusal(_server, target, address) is { } refusal)
        {
            return refusal;
        }
        var limit = _server.Options.Limits.MaxRelays;
        if (_server.Relays.TargetOf(key, isPush) is not null || _server.Relays.ApiCount < limit)
            return null;
        _server.Struck.Add(Limit.MaxRelays);
        return $"{limit} relays run already";
    }
}
