using System.Text.Json.Nodes;

namespace Reactor.Server.Configuration.Schema;

/// <summary>A server that we connect to, or none: an empty string.</summary>
/// <param name="defaultPort">Where none is given.</param>
internal sealed class OptionalHostPortUnit(int defaultPort) : Unit<HostPort?>(
    $"a host and port like \"localhost:{defaultPort}\", or \"\" for none")
{
    private readonly HostPortUnit _unit = new(defaultPort);

    public override bool TryRead(ConfigNode node, out HostPort? value)
    {
        value = null;
        if (node is ScalarNode { Form: not Form.Plain, Text.Length: 0 })
            return true;
        return _unit.TryRead(node, out value);
    }

    public override string Json(HostPort? value) => value is null ? Quote("") : _unit.Json(value);

    public override JsonObject Schema() => _unit.Schema();
}
