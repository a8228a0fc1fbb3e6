namespace Reactor.Server.Rooms;

/// <summary>What a store of rooms has to say.</summary>
/// <param name="Value">The key of a room, or the room of a key; null when there is none.</param>
/// <param name="Trouble">Empty when all is well; else why it cannot tell.</param>
public readonly record struct RoomAnswer(string? Value, string Trouble)
{
    public static RoomAnswer None => new(null, "");

    public static RoomAnswer Of(string value) => new(value, "");

    public static RoomAnswer Failed(string trouble) => new(null, trouble);

    public bool IsGood => Trouble.Length == 0;
}
