using Reactor.Server.Configuration;

namespace Reactor.Testing.Simulation;

/// <summary>Who may publish and play, held against who does.</summary>
public sealed class Verdicts(World world)
{
    private const string NotAgainst = "nobody is let in against the verdict";

    private bool HasRooms => world.Server.Options.Rooms.Enabled;

    private HooksOptions Hooks => world.Server.Options.Defaults.Hooks;

    /// <summary>A publish or play was accepted.</summary>
    public void OnAdmitted(Part part)
    {
        if (part is PublishPart publish && HasRooms)
            HasKey(publish);
        if (world.Hook is { } hook && (part is PublishPart || Hooks.OnPlay.Length > 0))
            HasWord(part, hook);
    }

    /// <summary>A viewer of HLS was given a playlist.</summary>
    public void OnAdmitted(HlsPeer viewer)
    {
        var mayBe = Hooks.OnError == HookErrorMode.Allow && !IsSureOf(viewer.StartedUs);
        if (world.Hook is { } hook && Hooks.OnPlay.Length > 0 && !hook.Allows(viewer) && !mayBe)
            world.Checks.Fail(NotAgainst, $"{viewer}: the hook says no");
    }

    /// <summary>An operator has moved somebody to another stream, who is asked for anew.</summary>
    public void OnMoved(Part part, string stream, long sinceUs)
    {
        var isAsked = part is PublishPart || Hooks.OnPlay.Length > 0;
        var mayBe = Hooks.OnError == HookErrorMode.Allow && !IsSureOf(sinceUs);
        if (world.Hook is { } hook && isAsked && !hook.Allows(part, stream) && !mayBe)
            world.Checks.Fail(NotAgainst, $"{part}, moved to {stream}: the hook says no");
    }

    /// <summary>A publish was refused by the gate.</summary>
    public void OnRefused(PublishPart part, string why)
    {
        var slash = part.Stream.LastIndexOf('/');
        var hasKey = !HasRooms || (!world.HasStoreTrouble
            && world.Rooms.IsSureSince(part.Stream[(slash + 1)..], part.Key, part.AskedUs));
        var hasWord = world.Hook is not { } hook || (hook.Allows(part) && IsSureOf(part.AskedUs));
        if (hasKey && hasWord)
            world.Checks.Fail("who shows what is asked for is let in", $"{part}: {why}");
    }

    /// <summary>Whether the hook was heard whenever it was asked since then.</summary>
    private bool IsSureOf(long us) =>
        world.Hook!.WellSinceUs < us && !world.IsDisturbedSince(us) && world.Kills == 0;

    private void HasKey(PublishPart publish)
    {
        if (publish.Key.Length == 0)
            world.Checks.Fail(NotAgainst, $"{publish} without a key");
        if (world.Rooms.WasDeadBefore(publish.Key, publish.AskedUs))
            world.Checks.Fail(NotAgainst, $"{publish} with a key that was replaced");
    }

    private void HasWord(Part part, HookElse hook)
    {
        var mayBe = Hooks.OnError == HookErrorMode.Allow && !IsSureOf(part.AskedUs);
        if (!hook.Allows(part) && !mayBe)
            world.Checks.Fail(NotAgainst, $"{part}: the hook says no");
        if (Hooks.OnError == HookErrorMode.Deny && !hook.HasAllowed(part))
            world.Checks.Fail(NotAgainst, $"{part}: the hook was not asked");
    }
}
