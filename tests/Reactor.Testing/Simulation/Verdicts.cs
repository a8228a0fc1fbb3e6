namespace Reactor.Testing.Simulation;

/// <summary>Who may publish and play, held against who does.</summary>
public sealed class Verdicts(World world)
{
    private const string NotAgainst = "nobody is let in against the verdict";

    private bool HasRooms => world.Server.Options.Rooms.Enabled;

    /// <summary>A publish or play was accepted.</summary>
    public void OnAdmitted(Part part)
    {
        if (part is not PublishPart publish || !HasRooms)
            return;
        if (publish.Key.Length == 0)
            world.Checks.Fail(NotAgainst, $"{part} without a key");
        if (world.Rooms.WasDeadBefore(publish.Key, part.AskedUs))
            world.Checks.Fail(NotAgainst, $"{part} with a key that was replaced");
    }

    /// <summary>A publish was refused by the gate.</summary>
    public void OnRefused(PublishPart part, string why)
    {
        var slash = part.Stream.LastIndexOf('/');
        var isSure = !HasRooms || (!world.HasStoreTrouble
            && world.Rooms.IsSureSince(part.Stream[(slash + 1)..], part.Key, part.AskedUs));
        if (isSure)
            world.Checks.Fail("who shows what is asked for is let in", $"{part}: {why}");
    }
}
