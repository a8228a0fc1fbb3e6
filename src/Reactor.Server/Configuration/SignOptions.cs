using System;
using Reactor.Server.Configuration.Schema;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration;

/// <summary>The hash of a signed URL.</summary>
public enum SignAlgorithm
{
    /// <summary>As Node-Media-Server does.</summary>
    Md5,

    Sha256,
}

/// <summary>Signed URLs: section <c>auth.sign</c>.</summary>
public sealed record SignOptions
{
    public string Secret { get; init; } = "";
    public SignAlgorithm Algorithm { get; init; } = SignAlgorithm.Md5;
    public string Param { get; init; } = "sign";
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(60);

    internal static readonly Section<SignOptions> Keys = new(
        "Signed URLs: ?sign=EXP-HASH, where HASH is of \"/APP/NAME-EXP-SECRET\" in hex digits and "
            + "EXP a time in Unix seconds.")
    {
        { "secret", Text, New,
            o => o.Secret, (o, v) => o with { Secret = v },
            "What only the server and the signer know; empty signs nothing." },
        { "algorithm", Choice<SignAlgorithm>(), New,
            o => o.Algorithm, (o, v) => o with { Algorithm = v },
            "The hash." },
        { "param", Text, New,
            o => o.Param, (o, v) => o with { Param = v },
            "The parameter's name." },
        { "clock_skew", Duration("0s", "1d"), New,
            o => o.ClockSkew, (o, v) => o with { ClockSkew = v },
            "How long after EXP it still holds, for the signer's clock may be ahead." },
    };
}
