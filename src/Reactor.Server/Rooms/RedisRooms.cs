using System;
using Reactor.Server.Storage;

namespace Reactor.Server.Rooms;

/// <summary>Rooms that are kept in Redis, in the form in which livego keeps them (S4.8).</summary>
/// <remarks>
/// Two strings a room, without an end: room → key, and key → room. So the keys of a livego
/// installation go on working. A key counts only while its room names it too, for livego leaves
/// the old one behind when a room gets another, or is deleted.
/// </remarks>
public sealed class RedisRooms(RedisClient redis, Action<byte[]> fill) : IRoomStore
{
    public string Trouble => redis.Trouble;

    public void KeyOf(string room, Action<RoomAnswer> done) => FindKey(room, found =>
    {
        if (!found.IsGood || found.Value is not null)
            done(found);
        else
            Create(room, done);
    });

    public void FindKey(string room, Action<RoomAnswer> done) => redis.Ask(
        answer => done(
            !answer.IsGood ? RoomAnswer.Failed(answer.Trouble)
            : RoomName.IsKey(answer.Value.Text) ? RoomAnswer.Of(answer.Value.Text)
            : RoomAnswer.None),
        "GET", room);

    public void Reset(string room, Action<RoomAnswer> done)
    {
        var key = RoomName.MakeKey(fill);
        FindKey(room, old =>
        {
            if (!old.IsGood)
            {
                done(old);
                return;
            }
            redis.Ask(static _ => { }, "SET", key, room);
            // Only from here on the new key counts, and the old one does not.
            redis.Ask(answer => done(Answer(answer, key)), "SET", room, key);
            if (old.Value is not null)
                redis.Ask(static _ => { }, "DEL", old.Value);
        });
    }

    public void Delete(string room, Action<RoomAnswer> done) => FindKey(room, found =>
    {
        if (!found.IsGood || found.Value is null)
            done(found);
        else
            redis.Ask(answer => done(Answer(answer, found.Value)), "DEL", room, found.Value);
    });

    public void RoomOf(string key, Action<RoomAnswer> done) => redis.Ask(
        answer =>
        {
            var room = answer.Value.Text;
            if (!answer.IsGood)
                done(RoomAnswer.Failed(answer.Trouble));
            else if (RoomName.Check(room).Length > 0)
                done(RoomAnswer.None);
            else
                FindKey(room, found => done(Matching(found, key, room)));
        },
        "GET", key);

    public void Stop() => redis.Stop();

    /// <summary>A key for a room that has none; whoever was quicker has won.</summary>
    private void Create(string room, Action<RoomAnswer> done)
    {
        var key = RoomName.MakeKey(fill);
        redis.Ask(static _ => { }, "SET", key, room);
        redis.Ask(
            answer =>
            {
                if (answer.IsGood && answer.Value.IsNull)
                {
                    redis.Ask(static _ => { }, "DEL", key);
                    FindKey(room, done);
                    return;
                }
                done(Answer(answer, key));
            },
            "SET", room, key, "NX");
    }

    private static RoomAnswer Matching(RoomAnswer found, string key, string room) =>
        !found.IsGood ? found
        : found.Value == key ? RoomAnswer.Of(room)
        : RoomAnswer.None;

    private static RoomAnswer Answer(RedisAnswer answer, string value) =>
        answer.IsGood ? RoomAnswer.Of(value) : RoomAnswer.Failed(answer.Trouble);
}
