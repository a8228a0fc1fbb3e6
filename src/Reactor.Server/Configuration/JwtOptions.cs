using Reactor.Server.Configuration.Schema;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration;

/// <summary>How a token is signed (RFC 7518 §3.1): fixed here, never by the token.</summary>
public enum JwtAlgorithm
{
    Hs256,
    Hs384,
    Hs512,
    Rs256,
    Es256,
}

/// <summary>JSON Web Tokens: section <c>jwt</c> of <c>auth</c> and of <c>api</c>.</summary>
public sealed record JwtOptions
{
    public string Secret { get; init; } = "";
    public string PublicKey { get; init; } = "";
    public JwtAlgorithm Algorithm { get; init; } = JwtAlgorithm.Hs256;
    public string Param { get; init; } = "jwt";
    public string PathClaim { get; init; } = "path";
    public int MaxToken { get; init; } = 4 * Kilo;

    internal static readonly Section<JwtOptions> Keys = new(
        "JSON Web Tokens: exp is required, nbf is kept to.")
    {
        { "secret", Text, New,
            o => o.Secret, (o, v) => o with { Secret = v },
            "For HS256, HS384 and HS512." },
        { "public_key", new KeyUnit(), New,
            o => o.PublicKey, (o, v) => o with { PublicKey = v },
            "For RS256 and ES256." },
        { "algorithm", Algorithms, New,
            o => o.Algorithm, (o, v) => o with { Algorithm = v },
            "How tokens are signed; any other is refused." },
        { "param", Text, New,
            o => o.Param, (o, v) => o with { Param = v },
            "The parameter that holds the token; Authorization: Bearer is understood too." },
        { "path_claim", Text, New,
            o => o.PathClaim, (o, v) => o with { PathClaim = v },
            "The claim that names what may be published or played: APP/NAME, a glob, or a list; "
                + "empty where a token is good for everything." },
        { "max_token", Size(256, 64 * Kilo), New,
            o => o.MaxToken, (o, v) => o with { MaxToken = v },
            "Bytes of a token; in a URL http.max_url holds besides, in a header max_header." },
    };

    private static ChoiceUnit<JwtAlgorithm> Algorithms =>
        new(["HS256", "HS384", "HS512", "RS256", "ES256"]);
}
