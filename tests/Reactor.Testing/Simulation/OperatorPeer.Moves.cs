using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Reactor.Protocol.Http;

namespace Reactor.Testing.Simulation;

/// <summary>Moves players to other streams, and publishers to another name.</summary>
public sealed partial class OperatorPeer
{
    /// <summary>What publishers are moved to; nobody publishes by it.</summary>
    public const string NewName = "m";

    private static readonly string[] Names = ["a", "b"];

    private void MovePlayer(HttpResponse answer)
    {
        var candidates = ClientsIn(answer)
            .Select(client => (client.Number, Part: PartOf(client.Victim)))
            .Where(client => client.Part is
            {
                IsRunning: true, IsInDoubt: false, AwaitsMove: false,
                Stream: "live/a" or "live/b",
            })
            .ToList();
        if (candidates.Count == 0)
        {
            Continue();
            return;
        }
        var (number, part) = candidates[Random.Next(candidates.Count)];
        var name = Names.First(name => part!.Stream != $"live/{name}");
        part!.MayMoveTo($"live/{name}");
        Move(part, "subscriber", number, name, part.EndMove);
    }

    /// <summary>Each once: who goes back to its first name is told from nobody else.</summary>
    private void MovePublisher(HttpResponse answer)
    {
        var candidates = new List<(string Number, PublishPart Part)>();
        foreach (var (number, victim) in ClientsIn(answer))
        {
            if (victim is PublisherPeer { Part: PublishPart { IsRunning: true } part }
                && part.Publication is { WasMoved: false })
            {
                candidates.Add((number, part));
            }
        }
        if (candidates.Count == 0)
        {
            Continue();
            return;
        }
        var (id, moved) = candidates[Random.Next(candidates.Count)];
        var publication = moved.Publication!;
        var stream = $"{AppOf(moved.Stream)}/{NewName}";
        publication.MayMoveTo(stream);
        Move(moved, "publisher", id, NewName, isMoved =>
        {
            if (isMoved)
                publication.EndMove(Time.NowUs);
            else
                publication.StaysFrom(stream);
        });
    }

    private void Move(Part part, string role, string number, string name, Action<bool> done)
    {
        var app = AppOf(part.Stream);
        var sinceUs = Time.NowUs;
        var target = World.Plants.Is(Plant.ForgetsMove)
            ? "/api/v1/server"
            : $"/control/redirect/{role}?app={app}&clientid={number}&newname={name}";
        Ask("GET", target, answer =>
        {
            var count = World.Plants.Is(Plant.ForgetsMove)
                ? "1"
                : Encoding.ASCII.GetString(answer.Body);
            var isStopping = World.IsStopping && answer.Status == Unavailable;
            if (!isStopping && (answer.Status != Ok || count is not ("0" or "1")))
            {
                World.Checks.Fail(
                    "whom an operator moves is moved, or stays", $"{target}: {count}");
            }
            if (count == "1")
                World.Verdicts.OnMoved(part, $"{app}/{name}", sinceUs);
            done(count == "1");
            Continue();
        });
    }

    /// <summary>Of those who play one stream, and do not change it themselves.</summary>
    private static PlayPart? PartOf(Peer peer) => peer switch
    {
        PlayerPeer { Plan.Playing.SwitchMs: 0 } player => (PlayPart)player.Part,
        FlvPeer flv => (PlayPart)flv.Part,
        _ => null,
    };

    private static string AppOf(string stream) => stream[..stream.LastIndexOf('/')];
}
