using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Reactor.Server.Authorisation;

namespace Reactor.Server.Configuration.Schema;

/// <summary>A public key, in the form in which tools hand it out.</summary>
internal sealed class KeyUnit() : Unit<string>(
    "a public key in PEM (lines joined by \\n) of RSA from 2048 bits or P-256, or empty")
{
    private const int LengthMax = 8192;

    public override bool TryRead(ConfigNode node, [MaybeNullWhen(false)] out string value)
    {
        value = node is ScalarNode { Form: not Form.Plain } text ? text.Text : null;
        return value is { Length: <= LengthMax } && JwtVerifier.IsKey(value);
    }

    public override string Json(string value) => Quote(value);

    public override JsonObject Schema() => new() { ["type"] = "string", ["maxLength"] = LengthMax };
}
