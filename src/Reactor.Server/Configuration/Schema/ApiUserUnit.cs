using System;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Reactor.Server.Authorisation;

namespace Reactor.Server.Configuration.Schema;

internal sealed class ApiUserUnit() : Unit<ApiUser>(
    "an object with user and password, or \"USER:PASSWORD\"; a password may be "
        + "\"sha256:\" and 64 hexadecimal digits, or what --hash-password prints")
{
    private const int LengthMax = 256;

    public override bool TryRead(ConfigNode node, [MaybeNullWhen(false)] out ApiUser value)
    {
        value = node switch
        {
            ScalarNode { Form: not Form.Plain } pair => Split(pair.Text),
            ObjectNode { Members.Count: 2 } members =>
                new ApiUser(TextOf(members, "user"), TextOf(members, "password")),
            _ => null,
        };
        return value is { User.Length: > 0 and <= LengthMax, Password.Length: > 0 and <= LengthMax }
            && !value.User.Contains(':')
            && StoredPassword.IsUsable(value.Password);
    }

    public override string Json(ApiUser value) =>
        $"{{ \"user\": {Quote(value.User)}, \"password\": {Quote(value.Password)} }}";

    public override JsonObject Schema() => new()
    {
        ["anyOf"] = new JsonArray(Text(), new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { ["user"] = Text(), ["password"] = Text() },
            ["required"] = new JsonArray("user", "password"),
            ["additionalProperties"] = false,
        }),
    };

    private static JsonObject Text() => new()
    {
        ["type"] = "string",
        ["minLength"] = 1,
        ["maxLength"] = LengthMax,
    };

    private static ApiUser? Split(string pair) =>
        pair.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
            ? new ApiUser(pair[..colon], pair[(colon + 1)..])
            : null;

    private static string TextOf(ObjectNode node, string name) =>
        node.Find(name)?.Value is ScalarNode { Form: not Form.Plain } text ? text.Text : "";
}
