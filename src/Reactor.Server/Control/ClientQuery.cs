using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq;
using Reactor.Server.Egress;
using Reactor.Server.Http;
using Reactor.Server.Sessions;

namespace Reactor.Server.Control;

/// <summary>Which clients are asked for, and how many of them.</summary>
/// <remarks>
/// A page that is open all day shows some of thousands: to write out all of them every two seconds
/// would hold up the loop.
/// </remarks>
/// <param name="Words">Each occurs in what is told of a client, capitals or not.</param>
/// <param name="Limit">Clients in one answer.</param>
internal sealed record ClientQuery(string[] Words, int Limit)
{
    /// <summary>In one answer, whatever was asked for: more would take the loop too long.</summary>
    public const int LimitMax = 10_000;

    /// <summary>Reads <c>match</c> and <c>limit</c>; refuses what it cannot read.</summary>
    public static bool TryRead(HttpExchange exchange, [NotNullWhen(true)] out ClientQuery? query)
    {
        var asked = exchange.Request.Query;
        var words = (asked["match"] ?? "").Split(
            ' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var limit = LimitMax;
        if (asked["limit"] is { } text
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit)
                || limit is 0 or > LimitMax))
        {
            Envelope.Answer(exchange, 400, $"limit: a number from 1 to {LimitMax}");
            query = null;
            return false;
        }
        query = new ClientQuery(words, limit);
        return true;
    }

    public bool Fits(Session session)
    {
        if (Words.Length == 0)
            return true;
        var (role, stream) = session.Doing;
        return Fits(
            $"{session.Connection.Id} {role} {session.Speaks} {session.Peer} {stream?.Key} "
            + session.Agent);
    }

    public bool Fits(HlsViewer viewer) => Words.Length == 0 || Fits(
        $"{viewer.Id} player hls {viewer.Address} {viewer.Output.Stream.Key} {viewer.Agent}");

    private bool Fits(string told) =>
        Words.All(word => told.Contains(word, StringComparison.OrdinalIgnoreCase));
}
