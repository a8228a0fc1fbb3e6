using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using Reactor.Server.Egress;
using Reactor.Server.Http;
using Reactor.Server.Sessions;
using Reactor.Streaming;

namespace Reactor.Server.Control;

/// <summary>Which streams or clients are asked for, and how many of them.</summary>
/// <remarks>
/// A page that is open all day shows some of thousands: to write out all of them every two seconds
/// would hold up the loop.
/// </remarks>
/// <param name="words">Each occurs in what is told of an item, capitals or not.</param>
/// <param name="offset">So many that fit are left out first.</param>
/// <param name="limit">Items in one answer.</param>
internal sealed class ListQuery(string[] words, int offset, int limit)
{
    /// <summary>In one answer, whatever was asked for: more would take the loop too long.</summary>
    public const int LimitMax = 10_000;

    private int _total;

    /// <summary>Reads <c>match</c>, <c>offset</c> and <c>limit</c>; refuses what it cannot read.
    /// </summary>
    public static bool TryRead(HttpExchange exchange, [NotNullWhen(true)] out ListQuery? query)
    {
        query = null;
        var asked = (exchange.Request.Query["match"] ?? "").Split(
            ' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (!TryRead(exchange, "offset", 0, 0, int.MaxValue, out var skipped)
            || !TryRead(exchange, "limit", LimitMax, 1, LimitMax, out var most))
        {
            return false;
        }
        query = new ListQuery(asked, skipped, most);
        return true;
    }

    /// <summary>Whether an item that fits is one of those in the answer; it is counted in any
    /// case.</summary>
    public bool Takes() => _total++ >= offset && _total - offset <= limit;

    /// <summary>How many there are, those that are not in the answer included.</summary>
    public void WriteTotal(Utf8JsonWriter json) => json.WriteNumber("total", _total);

    public bool Fits(LiveStream stream) => words.Length == 0 || Fits(
        $"{stream.Key} {stream.Codecs} {(stream.IsPublished ? "live" : "waiting")}");

    public bool Fits(Session session)
    {
        if (words.Length == 0)
            return true;
        var (role, stream) = session.Doing;
        return Fits(
            $"{session.Connection.Id} {role} {session.Speaks} {session.Peer} {stream?.Key} "
            + session.Agent);
    }

    public bool Fits(HlsViewer viewer) => words.Length == 0 || Fits(
        $"{viewer.Id} player hls {viewer.Address} {viewer.Output.Stream.Key} {viewer.Agent}");

    private bool Fits(string told) =>
        words.All(word => told.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static bool TryRead(
        HttpExchange exchange, string name, int usual, int min, int max, out int number)
    {
        number = usual;
        if (exchange.Request.Query[name] is not { } text
            || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
                && number >= min && number <= max))
        {
            return true;
        }
        Envelope.Answer(exchange, 400, $"{name}: a number from {min} to {max}");
        return false;
    }
}
