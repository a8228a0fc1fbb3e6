using System;
using System.Collections.Generic;

namespace Reactor.Server.Rooms;

/// <summary>A store that may be away, and what it last said (<c>on_error: cache</c>).</summary>
/// <remarks>
/// Only keys that have opened a room since the start are known, so that an encoder that lost its
/// connection may return while the store is away. A store that answers is always believed.
/// </remarks>
public sealed class RememberedRooms(IRoomStore store) : IRoomStore
{
    public const int KeysMax = 4096;

    private readonly Dictionary<string, string> _rooms = [];

    public string Trouble => store.Trouble;

    public void KeyOf(string room, Action<RoomAnswer> done) => store.KeyOf(room, done);

    public void FindKey(string room, Action<RoomAnswer> done) => store.FindKey(room, done);

    public void Reset(string room, Action<RoomAnswer> done)
    {
        ForgetRoom(room);
        store.Reset(room, done);
    }

    public void Delete(string room, Action<RoomAnswer> done)
    {
        ForgetRoom(room);
        store.Delete(room, done);
    }

    public void RoomOf(string key, Action<RoomAnswer> done) => store.RoomOf(key, answer =>
    {
        if (!answer.IsGood && _rooms.TryGetValue(key, out var known))
            answer = RoomAnswer.Of(known);
        else if (answer is { IsGood: true, Value: { } room })
            Remember(key, room);
        else if (answer.IsGood)
            _rooms.Remove(key);
        done(answer);
    });

    public void Stop() => store.Stop();

    private void Remember(string key, string room)
    {
        if (_rooms.Count >= KeysMax)
            _rooms.Clear();                     // and learnt again
        _rooms[key] = room;
    }

    private void ForgetRoom(string room)
    {
        foreach (var (key, known) in _rooms)
        {
            if (known == room)
                _rooms.Remove(key);
        }
    }
}
