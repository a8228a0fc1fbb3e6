using System;
using System.Net;
using System.Text.Json;
using Reactor.Protocol.Http;

namespace Reactor.Testing.Simulation;

/// <summary>Hands out the keys of rooms, and now and then another one.</summary>
/// <remarks>One a world, so that what it was told is in the order of what was done.</remarks>
public sealed class ClerkPeer(World world, int id, PeerPlan plan) : AskingPeer(world, id, plan)
{
    private const int Work = OwnPlans;
    private const int PauseMsMax = 8000;
    private const int Ok = 200;
    private const int NotFound = 404;
    private int _known;

    protected override IPAddress From => IPAddress.Loopback;

    protected override string Host => "127.0.0.1";

    protected override int Port => 8090;

    protected override void OnConnected() => GetKey(World.RoomNames[0]);

    protected override void OnPlanned(int what)
    {
        var room = World.RoomNames[Random.Next(World.RoomNames.Count)];
        switch (Random.Next(8))
        {
            case 0:
                World.Rooms.Doubt(room);
                Ask("GET", $"/control/reset?room={room}", answer => Hear(answer, room, true));
                break;
            case 1:
                World.Rooms.Doubt(room);
                Ask("GET", $"/control/delete?room={room}", answer => HearEnd(answer, room));
                break;
            default:
                GetKey(room);
                break;
        }
    }

    private void GetKey(string room) =>
        Ask("GET", $"/control/get?room={room}", answer => Hear(answer, room, isNew: false));

    private void Hear(HttpResponse answer, string room, bool isNew)
    {
        if (answer.Status == Ok)
            World.Rooms.Promise(room, DataOf(answer), isNew, Time.NowUs);
        Continue();
    }

    private void HearEnd(HttpResponse answer, string room)
    {
        if (answer.Status is Ok or NotFound)
            World.Rooms.Forget(room, Time.NowUs);
        Continue();
    }

    /// <summary>At first every room gets a key, for publishers wait for them.</summary>
    private void Continue()
    {
        if (++_known < World.RoomNames.Count)
            GetKey(World.RoomNames[_known]);
        else
            PlanIn(Random.Next(1, PauseMsMax), Work);
    }

    private static string DataOf(HttpResponse answer)
    {
        var reader = new Utf8JsonReader(answer.Body);
        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.GetProperty("data").GetString() ?? "";
    }
}
