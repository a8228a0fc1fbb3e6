using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Text.Json.Nodes;

namespace Reactor.Server.Configuration.Schema;

/// <summary>A program and its arguments: a list, or a line.</summary>
internal sealed class ExecRuleUnit() : Unit<ExecRule>(
    "a program and its arguments, like [\"ffmpeg\", \"-i\", \"film.flv\"] within the list, or a "
        + "line like \"ffmpeg -i film.flv\"")
{
    public override bool TryRead(ConfigNode node, [MaybeNullWhen(false)] out ExecRule value)
    {
        value = node switch
        {
            ScalarNode { Form: not Form.Plain } line => Split(line.Text),
            ListNode list when list.Items.All(IsText) => new ExecRule(
                [.. list.Items.Select(item => ((ScalarNode)item).Text)]),
            _ => null,
        };
        return value?.IsOne() == true;
    }

    public override string Json(ExecRule value) =>
        $"[{string.Join(", ", value.Words.Select(Quote))}]";

    public override JsonObject Schema() => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "string", ["minLength"] = 1 },
            new JsonObject
            {
                ["type"] = "array",
                ["items"] = new JsonObject
                {
                    ["type"] = "string",
                    ["maxLength"] = ExecRule.CharactersMax,
                },
                ["minItems"] = 1,
                ["maxItems"] = ExecRule.WordsMax,
            }),
    };

    private static ExecRule? Split(string line) =>
        ExecRule.TrySplit(line, out var words) ? new ExecRule(words) : null;

    private static bool IsText(ConfigNode node) => node is ScalarNode { Form: not Form.Plain };
}
