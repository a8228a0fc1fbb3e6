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
    public static bool IsPublishOpen(ServerOptions options) => options.Apps is null
        ? OfPublish(options.Defaults, options.Rooms.Enabled).Count == 0
        : options.Apps.Rules.Any(rule => OfPublish(rule.Options, options.Rooms.Enabled).Count == 0);

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
