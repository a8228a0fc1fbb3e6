using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Reactor.Server.Configuration.Schema;

/// <param name="defaultPort">Where none is given.</param>
internal sealed class HostPortUnit(int defaultPort) : Unit<HostPort>(
    $"a host and port like \"localhost:{defaultPort}\"")
{
    public override bool TryRead(ConfigNode node, [MaybeNullWhen(false)] out HostPort value)
    {
        value = null;
        return node is ScalarNode { Form: not Form.Plain } scalar
            && HostPort.TryParse(scalar.Text, defaultPort, out value);
    }

    public override string Json(HostPort value) => Quote(value.ToString());

    public override JsonObject Schema() => new() { ["type"] = "string" };
}
