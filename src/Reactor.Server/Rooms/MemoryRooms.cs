using System;
using System.Collections.Generic;
using Reactor.Primitives;

namespace Reactor.Server.Rooms;

/// <summary>Rooms that are forgotten when the process ends.</summary>
/// <remarks>Invariant: each room has one key, and each key one room: both tables agree.</remarks>
/// <param name="fill">Fills with random bytes, fit for secrets.</param>
public sealed class MemoryRooms(Action<byte[]> fill) : IRoomStore
{
    public const int RoomsMax = 100_000;

    private readonly SortedDictionary<string, string> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _rooms = [];

    public string Trouble => "";

    /// <summary>Rooms and their keys, in the order of their names.</summary>
    public IReadOnlyDictionary<string, string> Keys => _keys;

    public void KeyOf(string room, Action<RoomAnswer> done)
    {
        if (_keys.TryGetValue(room, out var key))
            done(RoomAnswer.Of(key));
        else if (_keys.Count >= RoomsMax)
            done(RoomAnswer.Failed($"there are {RoomsMax} rooms already"));
        else
            done(RoomAnswer.Of(Add(room, RoomName.MakeKey(fill))));
    }

    public void FindKey(string room, Action<RoomAnswer> done) =>
        done(new RoomAnswer(_keys.GetValueOrDefault(room), ""));

    public void Reset(string room, Action<RoomAnswer> done)
    {
        Remove(room);
        KeyOf(room, done);
    }

    public void Delete(string room, Action<RoomAnswer> done) =>
        done(new RoomAnswer(Remove(room), ""));

    public void RoomOf(string key, Action<RoomAnswer> done) =>
        done(new RoomAnswer(_rooms.GetValueOrDefault(key), ""));

    public void Stop()
    {
    }

    /// <summary>Adds a room that has none yet.</summary>
    public string Add(string room, string key)
    {
        _keys.Add(room, key);
        _rooms.Add(key, room);
        Invariant.Holds(_keys.Count == _rooms.Count);
        return key;
    }

    private string? Remove(string room)
    {
        if (_keys.Remove(room, out var key))
            _rooms.Remove(key);
        return key;
    }
}
