using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Reactor.Primitives;
using Reactor.Protocol;
using Reactor.Server.Authorisation;
using Reactor.Server.Configuration;

namespace Reactor.Testing.Fuzzing;

/// <summary>What stands behind a question mark: parameters, signatures, and what logs show.
/// </summary>
public sealed class QueryTarget : FuzzTarget
{
    private const string Password = "fuzzed-password";

    private static readonly string[] Words =
    [
        "?", "&", "=", "key", "sign", "jwt", "%6bey", "KEY", "%", "%2", "%3d", "%26", "%00", "%C3",
        "%E2%80%AE", "+", "2000-", "-", "0", "9223372036854775807", "99999999999999999999", "a",
        "é", "://", "@", ":", "/", "#", "\u0000", "vhost", "token", "pass",
    ];

    private static readonly SignOptions Options = new() { Secret = "secret" };

    public override string Name => "query";

    protected override bool IsResumable => false;

    public override IEnumerable<byte[]> Seeds() =>
    [
        Encoding.UTF8.GetBytes("key=a&sign=" + SignedUrl.Sign("live/a", 2000, Options, "")),
    ];

    public override byte[] Generate(Random random) =>
        Encoding.UTF8.GetBytes(Draw(random, Words, 30));

    protected override void Read(IEnumerable<byte[]> pieces, PacketPool pool, Features seen)
    {
        var query = Encoding.UTF8.GetString(pieces.Single());
        var parameters = new QueryParameters();
        parameters.Add(query);
        parameters.Add(query);
        Invariant.Holds(parameters.Pairs.Count <= QueryParameters.ParametersMax);
        Invariant.Holds(parameters.Pairs.Distinct().Count() == parameters.Pairs.Count);
        seen.Add($"{Math.Min(parameters.Pairs.Count, 8)} pairs");

        var now = DateTimeOffset.FromUnixTimeSeconds(1000);
        seen.Add(SignedUrl.Check(parameters["sign"] ?? query, "live/a", Options, "", now));

        // Whatever stands around it: a secret never gets into a line of the log.
        var masked = MaskedUrl.Of($"rtmp://h/live/a?{query}&key={Password}&x=1");
        Invariant.Holds(!masked.Contains(Password, StringComparison.Ordinal));
        seen.Add(MaskedUrl.Of(query).Length == query.Length ? "plain" : "masked");
    }
}
