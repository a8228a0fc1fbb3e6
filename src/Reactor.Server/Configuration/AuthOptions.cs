using System.Collections.Generic;
using Reactor.Server.Configuration.Schema;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration;

/// <summary>A way to show that one may publish or play.</summary>
public enum AuthMethod
{
    /// <summary>Everybody may.</summary>
    None,

    /// <summary>One of the configured keys, as <c>?key=</c>.</summary>
    Key,

    /// <summary>The key of a room in the place of the name (publishing only).</summary>
    Room,

    /// <summary>A signed URL.</summary>
    Sign,

    /// <summary>A JSON Web Token.</summary>
    Jwt,

    /// <summary>The hook on_publish or on_play says yes.</summary>
    Hook,
}

/// <summary>Who may publish and play: section <c>auth</c> of a stream.</summary>
/// <remarks>
/// An empty list is what nothing was said of: then it is the room's key where rooms are on, the
/// keys where there are some, and else everybody.
/// </remarks>
public sealed record AuthOptions
{
    public IReadOnlyList<AuthMethod> Publish { get; init; } = [];
    public IReadOnlyList<AuthMethod> Play { get; init; } = [];
    public SignOptions Sign { get; init; } = new();
    public JwtOptions Jwt { get; init; } = new();
    public bool BindIp { get; init; }

    internal static readonly Section<AuthOptions> Keys = new(
        "What a publisher or player must show; one of the list is enough.")
    {
        { "publish", AnyChoices<AuthMethod>(), New,
            o => o.Publish, (o, v) => o with { Publish = v },
            "[] for the room's key where rooms are on, publish.key where it is set, else none." },
        { "play", AnyChoices<AuthMethod>(), New,
            o => o.Play, (o, v) => o with { Play = v },
            "[] for play.key where it is set, else none." },
        { "sign", SignOptions.Keys, o => o.Sign, (o, v) => o with { Sign = v } },
        { "jwt", JwtOptions.Keys, o => o.Jwt, (o, v) => o with { Jwt = v } },
        { "bind_ip", Flag, New,
            o => o.BindIp, (o, v) => o with { BindIp = v },
            "A signature or token holds for one address: part of the hash, or claim ip." },
    };
}
