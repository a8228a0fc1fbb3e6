using System.Collections.Generic;

namespace Reactor.Testing.Simulation;

/// <summary>What the server has promised of rooms and their keys, whoever was told.</summary>
/// <remarks>
/// A key that was handed out stays its room's, whatever befalls process and power, until somebody
/// asks for another one; and then, once that is answered, the old one opens nothing any more.
/// </remarks>
public sealed class RoomBook(Checks checks)
{
    private readonly Dictionary<string, Room> _rooms = [];
    private readonly Dictionary<string, long> _deadSince = [];

    /// <summary>The key that was handed out last; empty for none.</summary>
    public string KeyOf(string room) => Find(room).Key;

    /// <summary>Whether a key has been its room's since then, without a doubt.</summary>
    public bool IsSureSince(string room, string key, long us)
    {
        var found = Find(room);
        return found.Key == key && found.IsSure && found.SinceUs <= us;
    }

    /// <summary>Whether a key was another one's before then, without a doubt.</summary>
    public bool WasDeadBefore(string key, long us) =>
        _deadSince.TryGetValue(key, out var since) && since < us;

    /// <summary>Somebody asks for another key: until that is answered nothing is sure.</summary>
    public void Doubt(string room) => Find(room).IsSure = false;

    /// <summary>Somebody was told a room's key.</summary>
    /// <param name="room">The room.</param>
    /// <param name="key">Its key.</param>
    /// <param name="isNew">Whether he had asked for another one.</param>
    /// <param name="nowUs">The moment.</param>
    public void Promise(string room, string key, bool isNew, long nowUs)
    {
        var found = Find(room);
        if (found.IsSure && found.Key != key)
        {
            checks.Fail(
                "a key that was handed out stays its room's", $"{room}: {found.Key}, now {key}");
        }
        if (WasDeadBefore(key, nowUs) || (isNew && key == found.Key))
            checks.Fail("a key that was replaced opens nothing any more", $"{room}: {key}");
        if (isNew && found.Key.Length > 0)
            _deadSince.TryAdd(found.Key, nowUs);
        if (!found.IsSure)
            found.SinceUs = nowUs;
        found.Key = key;
        found.IsSure = true;
    }

    /// <summary>Somebody was told that a room is no more.</summary>
    public void Forget(string room, long nowUs)
    {
        var found = Find(room);
        if (found.Key.Length > 0)
            _deadSince.TryAdd(found.Key, nowUs);
        found.Key = "";
        found.IsSure = false;
    }

    private Room Find(string room)
    {
        if (!_rooms.TryGetValue(room, out var found))
            _rooms.Add(room, found = new Room());
        return found;
    }

    private sealed class Room
    {
        public string Key { get; set; } = "";

        public bool IsSure { get; set; }

        public long SinceUs { get; set; }
    }
}
