using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Reactor.Primitives;
using Reactor.Server.Rooms;

namespace Reactor.Testing.Fuzzing;

/// <summary>The file of rooms, which people edit: JSON of one form.</summary>
public sealed class RoomsTarget : FuzzTarget
{
    private static readonly string Key = new('k', RoomName.KeyLength);

    private static readonly string[] Words =
    [
        "{", "}", "[", "]", ":", ",", "\"rooms\"", "\"a\"", "\"b\"", $"\"{Key}\"", "\"short\"", "1",
        "null", "// x\n", "/* x */", "\"\\ud800\"", "\"\\u0000\"", "\"é\"", " ", "\"../a\"",
    ];

    public override string Name => "rooms";

    protected override bool IsResumable => false;

    public override IEnumerable<byte[]> Seeds() =>
        [Encoding.UTF8.GetBytes($$$"""{"rooms":{"a":"{{{Key}}}"}}""")];

    public override byte[] Generate(Random random) =>
        Encoding.UTF8.GetBytes("{\"rooms\":{" + Draw(random, Words, 12) + "}}");

    protected override void Read(IEnumerable<byte[]> pieces, PacketPool pool, Features seen)
    {
        var rooms = new MemoryRooms(_ => { });
        var isRead = RoomFile.TryRead(pieces.Single(), rooms, out var why);
        seen.Add($"{isRead} {Math.Min(rooms.Keys.Count, 4)} {Math.Min((why ?? "").Length / 8, 8)}");
        if (!isRead)
            return;

        // What was read is written again, and read, as what it was.
        var again = new MemoryRooms(_ => { });
        Invariant.Holds(RoomFile.TryRead(RoomFile.Write(rooms.Keys), again, out _));
        Invariant.Holds(rooms.Keys.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .SequenceEqual(again.Keys.OrderBy(pair => pair.Key, StringComparer.Ordinal)));
    }
}
