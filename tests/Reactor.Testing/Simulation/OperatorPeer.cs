using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text.Json;
using Reactor.Protocol.Http;

namespace Reactor.Testing.Simulation;

/// <summary>Looks at what the server says of itself, ends whom he likes, and moves others.
/// </summary>
public sealed partial class OperatorPeer(World world, int id, PeerPlan plan)
    : AskingPeer(world, id, plan)
{
    private const int Work = OwnPlans;
    private const int PauseMsMin = 500;
    private const int PauseMsMax = 9000;
    private const int GoneWithinMs = 4000;      // a farewell of 2 s, and the farthest way
    private const int Ok = 200;
    private const int Done = 204;
    private const int NotFound = 404;
    private const int Unavailable = 503;

    private static readonly string[] Shows =
    [
        "/api/v1/server", "/api/v1/streams", "/api/v1/recordings", "/api/v1/relays", "/metrics",
        "/stat", "/stat/livestat",
    ];

    protected override IPAddress From => IPAddress.Loopback;

    protected override string Host => "127.0.0.1";

    protected override int Port => 8090;

    protected override void OnConnected() => Look();

    protected override void OnPlanned(int what)
    {
        switch (Random.Next(5))
        {
            case 0:
                Ask("GET", "/api/v1/clients", KickOne);
                break;
            case 1:
                DropStream();
                break;
            case 2:
                Ask("GET", "/api/v1/clients", MovePlayer);
                break;
            case 3:
                Ask("GET", "/api/v1/clients", MovePublisher);
                break;
            default:
                Look();
                break;
        }
    }

    private void Look() => Ask("GET", Shows[Random.Next(Shows.Length)], answer =>
    {
        if (answer.Status != Ok)
            World.Checks.Fail("an operator is shown what there is", $"{Asked}: {answer.Status}");
        Continue();
    });

    private void Continue() => PlanIn(Random.Next(PauseMsMin, PauseMsMax), Work);

    /// <summary>Anybody but those who sit beside the server.</summary>
    private void KickOne(HttpResponse answer)
    {
        var clients = ClientsIn(answer);
        if (clients.Count == 0)
        {
            Continue();
            return;
        }
        var (number, victim) = clients[Random.Next(clients.Count)];
        victim.Excused("an operator ended it");
        var viewer = number.StartsWith("hls-") ? (HlsPeer)victim : null;
        Ask("DELETE", $"/api/v1/clients/{number}", kicked =>
        {
            if (viewer is not null && kicked.Status == Done)
                viewer.OnKicked();
            Told(kicked, viewer is null ? [victim] : []);
        });
    }

    private void DropStream()
    {
        var parts = World.Parts.OfType<PublishPart>().Where(part => part.IsRunning).ToList();
        if (parts.Count == 0)
        {
            Look();
            return;
        }
        var stream = parts[Random.Next(parts.Count)].Stream;
        var victims = World.Parts.OfType<PublishPart>()
            .Where(part => part.Stream == stream && part.Owner.IsConnected)
            .Select(part => part.Owner).Distinct().ToList();
        foreach (var victim in victims)
            victim.Excused("an operator ended its stream");
        // Whose publish is under way to it may be ended too, or not: that is not looked at.
        var shown = World.Ledger.ShownAs(stream);
        Ask("DELETE", $"/api/v1/streams/{shown}", dropped => Told(dropped, []));
        World.Ledger.Doubt(stream);
        foreach (var victim in victims)
            Time.Plan(Time.NowUs + (GoneWithinMs * 1000L), () => Again(victim));
    }

    private void Told(HttpResponse answer, List<Peer> victims)
    {
        if (answer.Status is not (Done or NotFound))
            World.Checks.Fail("whom an operator ends is ended", $"{Asked}: {answer.Status}");
        foreach (var victim in victims.Where(victim => answer.Status == Done))
        {
            Time.Plan(Time.NowUs + (GoneWithinMs * 1000L), () =>
            {
                if (victim.IsHeard && !World.IsDisturbedSince(Time.NowUs - (GoneWithinMs * 1000L)))
                    World.Checks.Failed("whom an operator ends is ended", $"{victim}");
                Again(victim);
            });
        }
        Continue();
    }

    /// <summary>Encoders and players connect again when they were ended.</summary>
    private void Again(Peer victim)
    {
        if (victim.HasEnded)
            World.ComeBack(victim, Random);
    }

    private List<(string Number, Peer Victim)> ClientsIn(HttpResponse answer)
    {
        var reader = new Utf8JsonReader(answer.Body);
        using var document = JsonDocument.ParseValue(ref reader);
        var found = new List<(string, Peer)>();
        foreach (var client in document.RootElement.GetProperty("clients").EnumerateArray())
        {
            var address = IPEndPoint.Parse(client.GetProperty("address").GetString()!);
            var victim = World.Peers.FirstOrDefault(peer =>
                peer.IsConnected && World.AddressOf(peer.Id).Equals(address.Address));
            if (victim is not null)
                found.Add((client.GetProperty("id").GetString()!, victim));
        }
        return found;
    }
}
