using System.Collections.Generic;
using System.Linq;
using Reactor.Server.Configuration;

namespace Reactor.Server.Authorisation;

/// <summary>What publishers and players must show, where little or nothing is said of it.</summary>
public static class AuthMethods
{
    /// <summary>One of these is enough for a publisher; empty for everybody.</summary>
    public static IReadOnlyList<AuthMethod> OfPublish(StreamOptions options, bool hasRooms) =>
        Of(options.Auth.Publish, options.Publish.Key, hasRooms);

    /// <summary>One of these is enough for a player; empty for everybody.</summary>
    public static IReadOnlyList<AuthMethod> OfPlay(StreamOptions options) =>
        Of(options.Auth.Play, options.Play.Key, hasRooms: false);

    /// <summary>Whether there is an app in which everybody may publish.</summary>
    public static bool IsPublishOpen(ServerOptions options)
    {
        return options.Apps is null
            ? IsOpen(options.Defaults)
            : options.Apps.Rules.Any(rule => IsOpen(rule.Options));

        bool IsOpen(StreamOptions of) => of.Live
            && of.Hooks.OnPublish.Length == 0
            && of.Publish.Allow.Any(range => range.Network is null)
            && of.Publish.Deny.All(range => range.Network is not null)
            && OfPublish(of, options.Rooms.Enabled).Count == 0;
    }

    private static IReadOnlyList<AuthMethod> Of(
        IReadOnlyList<AuthMethod> said, IReadOnlyList<string> keys, bool hasRooms)
    {
        if (said.Contains(AuthMethod.None))
            return [];
        if (said.Count > 0)
            return said;
        if (hasRooms)
            return [AuthMethod.Room];
        return keys.Any(key => key.Length > 0) ? [AuthMethod.Key] : [];
    }
}
