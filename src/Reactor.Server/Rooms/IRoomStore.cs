using System;

namespace Reactor.Server.Rooms;

/// <summary>Where rooms and their keys are kept: in memory, in a file, in Redis.</summary>
/// <remarks>
/// Every question is answered once on the loop, before the call returns where the answer is at
/// hand. A name is a room's when <see cref="RoomName"/> says so: the caller has asked it.
/// </remarks>
public interface IRoomStore
{
    /// <summary>Why it cannot answer at the moment; empty when it can.</summary>
    string Trouble { get; }

    /// <summary>The key of a room, which gets one if it has none (S4.3).</summary>
    void KeyOf(string room, Action<RoomAnswer> done);

    /// <summary>The key of a room, if it has one.</summary>
    void FindKey(string room, Action<RoomAnswer> done);

    /// <summary>A new key for a room; the old one opens nothing any more (S4.5).</summary>
    void Reset(string room, Action<RoomAnswer> done);

    /// <summary>Forgets a room and its key; the answer is the key that it had.</summary>
    void Delete(string room, Action<RoomAnswer> done);

    /// <summary>The room that a key opens.</summary>
    void RoomOf(string key, Action<RoomAnswer> done);

    /// <summary>The server stops.</summary>
    void Stop();
}
