using Reactor.Server.Configuration.Schema;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration;

/// <summary>Where rooms and their keys are kept.</summary>
public enum RoomStore
{
    Memory,
    File,
    Redis,
}

/// <summary>What a publisher gets while the store of rooms does not answer.</summary>
public enum RoomTrouble
{
    Deny,

    /// <summary>A key that has opened its room before opens it again.</summary>
    Cache,
}

/// <summary>Rooms with keys, as livego has them: section <c>rooms</c>.</summary>
public sealed record RoomsOptions : RedisOptions
{
    public bool Enabled { get; init; }
    public RoomStore Store { get; init; } = RoomStore.Memory;
    public string File { get; init; } = "rooms.json";
    public HostPort RedisAddr { get; init; } = new("127.0.0.1", 6379);
    public RoomTrouble OnError { get; init; } = RoomTrouble.Deny;
    public bool Symmetric { get; init; }

    internal static readonly Section<RoomsOptions> Keys = new(
        "Rooms, as livego has them: one publishes with the room's key in the place of the name, "
            + "and plays the room's name.")
    {
        { "enabled", Flag, Restart,
            o => o.Enabled, (o, v) => o with { Enabled = v },
            "Publishers need a room's key, and /control/get?room=NAME hands it out." },
        { "store", Choice<RoomStore>(), Restart,
            o => o.Store, (o, v) => o with { Store = v },
            "Where keys are kept." },
        { "file", Text, Restart,
            o => o.File, (o, v) => o with { File = v },
            "The file, for the store file." },
        { "redis_addr", new HostPortUnit(6379), Restart,
            o => o.RedisAddr, (o, v) => o with { RedisAddr = v },
            "The server, for the store redis." },
        Rows<RoomsOptions>(),
        { "on_error", Choice<RoomTrouble>(), Restart,
            o => o.OnError, (o, v) => o with { OnError = v },
            "While the store does not answer: nobody may publish, or who has done so before." },
        { "symmetric", Flag, New,
            o => o.Symmetric, (o, v) => o with { Symmetric = v },
            "The room's name publishes too, and its key is then the stream's public name, as in "
                + "livego; no protection at all." },
    };
}
