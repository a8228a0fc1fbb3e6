using System.Collections.Generic;
using Reactor.Server.Configuration.Schema;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration;

/// <summary>Who may operate the server, and by which interface: section <c>api</c>.</summary>
public sealed record ApiOptions
{
    public bool Enabled { get; init; } = true;

    public IReadOnlyList<AddressRange> Allow { get; init; } =
        [AddressRange.Parse("127.0.0.1"), AddressRange.Parse("::1")];

    public IReadOnlyList<string> Hosts { get; init; } = [];
    public IReadOnlyList<ApiUser> Users { get; init; } = [];
    public JwtOptions Jwt { get; init; } = new();
    public bool Livego { get; init; } = true;
    public bool Nginx { get; init; } = true;

    internal static readonly Section<ApiOptions> Keys = new(
        "Who may operate the server, on listeners that serve control, and read its metrics.")
    {
        { "enabled", Flag, Live,
            o => o.Enabled, (o, v) => o with { Enabled = v },
            "Answers at all." },
        { "allow", Ranges, Live,
            o => o.Allow, (o, v) => o with { Allow = v },
            "From which addresses." },
        { "hosts", Texts, Live,
            o => o.Hosts, (o, v) => o with { Hosts = v },
            "Names by which it is reached, beside addresses and localhost; others are refused, "
                + "so that a page cannot rebind its own name to it. A token makes this needless." },
        { "users", new ListUnit<ApiUser>(new ApiUserUnit(), 0, "those"), Live,
            o => o.Users, (o, v) => o with { Users = v },
            "Who may, by name and password (HTTP Basic); [] for nobody in particular. Beside jwt, "
                + "either is enough." },
        { "jwt", JwtOptions.Keys, o => o.Jwt, (o, v) => o with { Jwt = v } },
        { "livego", Flag, Live,
            o => o.Livego, (o, v) => o with { Livego = v },
            "livego's /control/get, reset, delete, push, pull and /stat/livestat." },
        { "nginx", Flag, Live,
            o => o.Nginx, (o, v) => o with { Nginx = v },
            "nginx-rtmp's /stat, /control/drop, redirect and record." },
    };
}
