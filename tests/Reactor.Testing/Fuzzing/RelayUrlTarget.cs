using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Reactor.Primitives;
using Reactor.Protocol;
using Reactor.Server.Relays;

namespace Reactor.Testing.Fuzzing;

/// <summary>URLs of relays as operators and the API write them: template, stream, query.</summary>
public sealed class RelayUrlTarget : FuzzTarget
{
    private static readonly string[] Words =
    [
        "rtmp://", "RTMPS://", "http://", "h", "[::1]", "[", "]", ":", ":1936", ":0", "@", "/",
        "//", "live", "?", "&", "=", "#", "%", "%2F", " ", "\\", "\r", "{app}", "{stream}",
        "{query.t}", "{query.}", "{x}", "{", "}", "é", "\n", "\n", "\n", "\n",
    ];

    public override string Name => "relay-url";

    protected override bool IsResumable => false;

    public override IEnumerable<byte[]> Seeds() =>
        ["rtmp://h:1936/{app}/{stream}?t={query.t}\na/b?c#d\nt=1%262"u8.ToArray()];

    public override byte[] Generate(Random random) =>
        Encoding.UTF8.GetBytes("rtmp://h/" + Draw(random, Words, 12));

    protected override void Read(IEnumerable<byte[]> pieces, PacketPool pool, Features seen)
    {
        var lines = Encoding.UTF8.GetString(pieces.Single()).Split('\n', 3);
        var stream = lines.ElementAtOrDefault(1) ?? "s";
        var query = new QueryParameters();
        query.Add(lines.ElementAtOrDefault(2) ?? "");
        Follow(lines[0], stream, query, seen);
        Fill(stream, query, seen);
    }

    private static void Follow(
        string template, string stream, QueryParameters query, Features seen)
    {
        var text = RelayTemplate.Fill(template, "live", stream, query);
        if (!RelayUrl.TryParse(text, stream, out var url, out var why))
        {
            Invariant.Holds(why.Length > 0);
            seen.Add(why);
            return;
        }
        Invariant.Holds(why.Length == 0 && url.Port is > 0 and <= ushort.MaxValue);
        Invariant.Holds(url.Host.Length > 0 && url.App.Length > 0 && !url.Host.Contains('@'));
        Invariant.Holds(!$"{url.Host}{url.TcUrl}".Any(c => char.IsControl(c) || c == '\\'));
        Invariant.Holds(url.TcUrl.EndsWith('/' + url.App, StringComparison.Ordinal));
        Invariant.Holds(!url.Shown(stream)[url.TcUrl.Length..].Contains('?'));
        var again = $"{url.TcUrl}/{url.Name}";
        if (RelayUrl.TryParse(again, "", out var same, out _))
            Invariant.Holds(same == url);
        seen.Add($"{url.IsSecure} {url.Name.Contains('?')} {url.App.Contains('/')}", again);
    }

    /// <summary>What somebody on the network said stays within its part of the URL.</summary>
    private static void Fill(string stream, QueryParameters query, Features seen)
    {
        var text = RelayTemplate.Fill("rtmp://h/a/{stream}?t={query.t}&end", "a", stream, query);
        if (stream.Length == 0 || !RelayUrl.TryParse(text, "other", out var url, out _))
            return;                             // a blank, or longer than a URL may be
        Invariant.Holds(url is { Host: "h", Port: 1935, App: "a" });
        Invariant.Holds(url.Name.Count(c => c == '?') == 1 && url.Name.Count(c => c == '&') == 1);
        seen.Add("filled");
    }
}
