using System.Collections.Generic;
using Reactor.Protocol.Amf;

namespace Reactor.Protocol.Rtmp;

/// <summary>A remote call, or the answer to one (RTMP 1.0 §7.2).</summary>
public sealed class RtmpCommand
{
    /// <summary>The procedure, or _result, _error, onStatus.</summary>
    public required string Name { get; init; }

    /// <summary>Zero where no answer is wanted.</summary>
    public required double Transaction { get; init; }

    /// <summary>The message stream it came on; 0 is the connection.</summary>
    public required uint StreamId { get; init; }

    /// <summary>The command object: null but for connect and answers.</summary>
    public AmfValue Object { get; init; }

    /// <summary>What stands behind the command object.</summary>
    public required IReadOnlyList<AmfValue> Arguments { get; init; }

    /// <summary>
    /// Why it was not read whole: its values are over the bounds of AMF. What was read before
    /// stands in the other members; empty for a whole command.
    /// </summary>
    public string Excess { get; init; } = "";

    /// <summary>Whether the caller waits for _result.</summary>
    public bool WantsAnswer => Transaction != 0 && Name is not ("_result" or "_error");

    /// <summary>An argument; undefined where there is none.</summary>
    public AmfValue Argument(int index) => index < Arguments.Count ? Arguments[index] : default;

    /// <summary>Reads a command message, of AMF 0 or as clients send type 17 (Q30).</summary>
    /// <exception cref="ProtocolException">The body is not a command (S1.16).</exception>
    public static RtmpCommand Read(RtmpMessage message, AmfLimits? limits = null)
    {
        var body = message.Payload.Written;
        var reader = message.Type == MessageType.CommandAmf3
            ? Amf0Reader.OfAmf3Message(body, limits)
            : new Amf0Reader(body, limits);
        var values = new List<AmfValue>();
        while (!reader.AtEnd && reader.TryRead(out var value))
            values.Add(value);
        if (reader.Fault.Length > 0 && !reader.IsOverBounds)
            throw new ProtocolException(ProtocolError.Amf, reader.Fault);
        var name = values.Count > 0 ? values[0].AsString() : reader.IsOverBounds ? "" : null;
        if (name is null)
            throw new ProtocolException(ProtocolError.Amf, "a command begins with its name");
        var transaction = values.Count > 1 ? values[1].AsNumber() ?? 0 : 0;
        return new RtmpCommand
        {
            Name = name,
            Transaction = double.IsFinite(transaction) ? transaction : 0,
            StreamId = message.StreamId,
            Object = values.Count > 2 ? values[2] : default,
            Arguments = values.Count > 3 ? values[3..] : [],
            Excess = reader.Fault,
        };
    }

    public override string ToString() => $"{Name}({string.Join(", ", Arguments)})";
}
