using System;
using Reactor.Server.Http;
using Reactor.Server.Rooms;

namespace Reactor.Server.Control;

/// <summary>livego's rooms: <c>/control/get|reset|delete?room=NAME</c> (S4.3, S4.5).</summary>
internal static class RoomRoutes
{
    public static void Get(HttpExchange exchange) => Ask(
        exchange, "get", static (rooms, room, done) => rooms.KeyOf(room, done),
        static answer => (200, answer.Value!));

    public static void Reset(HttpExchange exchange) => Ask(
        exchange, "reset", static (rooms, room, done) => rooms.Reset(room, done),
        static answer => (200, answer.Value!));

    public static void Delete(HttpExchange exchange) => Ask(
        exchange, "delete", static (rooms, room, done) => rooms.Delete(room, done),
        static answer => answer.Value is null ? (404, "room not found") : (200, "Ok"));

    private static void Ask(
        HttpExchange exchange,
        string word,
        Action<IRoomStore, string, Action<RoomAnswer>> ask,
        Func<RoomAnswer, (int Status, string Data)> say)
    {
        if (exchange.Server.Rooms is not { } rooms)
        {
            Envelope.Answer(exchange, 501, "rooms are not switched on: rooms.enabled");
            return;
        }
        if (exchange.Request.Query["room"] is not { Length: > 0 } room)
        {
            Envelope.Answer(exchange, 400, $"url: /control/{word}?room=<ROOM_NAME>");
            return;
        }
        if (RoomName.Check(room) is { Length: > 0 } wrong)
        {
            Envelope.Answer(exchange, 400, wrong);
            return;
        }
        ask(rooms, room, answer =>
        {
            if (exchange.IsOver)
                return;
            var (status, data) = answer.IsGood ? say(answer) : (503, answer.Trouble);
            var connection = exchange.Session.Connection;
            connection.Loop.Contain(connection, () => Envelope.Answer(exchange, status, data));
        });
    }
}
