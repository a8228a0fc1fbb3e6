using System;
using System.Collections.Generic;
using System.Linq;

namespace Reactor.Testing.Simulation;

/// <summary>Lives a plan of two servers with one Redis.</summary>
/// <remarks>
/// Players and publishers come to either server. Once faults have stopped, what is published at one
/// is played at both within <see cref="MendSeconds"/>: Redis is tried anew after 15 s at the
/// latest, a dead server's lease lasts up to 10 s, a third of it passes until the name is taken
/// anew, and what players wait for is looked up once a second.
/// </remarks>
internal sealed class Cluster(TwoServers two, Plan plan)
{
    private const double MendSeconds = 30;
    private const double WatchSeconds = 18;
    private const string Prefix = "reactor:stream:";

    private SimulatedTime Time => two.Origin.Time;

    private RedisElse Redis => two.Origin.Redis!;

    private IEnumerable<string> Names => plan.Peers.Select(peer => peer.Stream).Distinct();

    public void Live()
    {
        foreach (var name in Names)
            two.Origin.Ledger.Relay(name, name);
        foreach (var peer in plan.Peers)
            WorldOf(peer.IsAtSecond).Add(peer);
        foreach (var trouble in plan.Troubles)
            Time.Plan(Time.NowUs + (trouble.AtMs * 1000L), () => Befall(trouble));
        two.Edge.Network.Faults = two.Origin.Network.Faults = plan.Faults;
        two.Run(plan.Seconds);

        two.Edge.Network.Faults = two.Origin.Network.Faults = NetworkFaults.None;
        Redis.Turn(Mood.Well);
        two.Run(MendSeconds);
        foreach (var name in Names)
        {
            two.Origin.Play(name);
            two.Edge.Play(name);
        }
        two.HoldToDelay();
        two.Run(WatchSeconds);
        two.Origin.Checks.EverybodyIsServed();
        two.Edge.Checks.EverybodyIsServed();
        foreach (var name in Names)
            OneServerHolds(name);
        two.Stop();
        if (Redis.Names.FirstOrDefault() is { } left)
            two.Origin.Checks.Fail("a server that stops gives its names back", left);
    }

    /// <summary>A name is held by the one server that has its publisher, or by none.</summary>
    private void OneServerHolds(string name)
    {
        var holder = Redis.Find(Prefix + name);
        var publishers = new[] { two.Origin, two.Edge }
            .Where(world => world.Parts.OfType<PublishPart>().Any(
                part => part.Stream == name && part.Publication?.IsLive == true))
            .Select(world => world.Wanted.Cluster.Address!.ToString())
            .ToList();
        var isRight = publishers.Count == 0 ? holder is null : publishers.Contains(holder!);
        if (!isRight)
        {
            two.Origin.Checks.Fail(
                "a name is held by the server that has its publisher, and by no other",
                $"{name}: {holder ?? "nobody"}, published at {string.Join(", ", publishers)}");
        }
    }

    private World WorldOf(bool isSecond) => isSecond ? two.Edge : two.Origin;

    private void Befall(Trouble trouble)
    {
        var endUs = Time.NowUs;
        switch (trouble.What)
        {
            case Calamity.Kill:
                endUs += trouble.LastsMs * 1000L;
                WorldOf(trouble.IsAtSecond).Kill(trouble.LastsMs / 1000.0);
                two.Forgive(MendSeconds + (trouble.LastsMs / 1000.0));
                break;
            case Calamity.Redis:
                endUs += trouble.LastsMs * 1000L;
                if (!plan.Troubles.Any(other => other.What is Calamity.Kill or Calamity.Cut))
                    two.HoldToDelay();          // what runs needs no Redis
                Run.Upset(two.Origin, Redis, trouble);
                break;
            case Calamity.Forgetting:
                Redis.Empty();
                break;
            case Calamity.Cut:
                two.Cut();
                two.Forgive(MendSeconds);
                break;
        }
        foreach (var world in new[] { two.Origin, two.Edge })
        {
            world.MendsUntilUs = Math.Max(
                world.MendsUntilUs, endUs + (long)(MendSeconds * 1e6));
        }
    }
}
