using System;
using System.Collections.Generic;
using System.Linq;
using Reactor.Primitives;
using Reactor.Protocol.Amf;

namespace Reactor.Testing.Fuzzing;

/// <summary>AMF bodies; what was read is written again, and read once more.</summary>
/// <param name="version">3 begins in AMF3 at once.</param>
public sealed class AmfTarget(int version) : FuzzTarget
{
    private const byte SwitchToAmf3 = 0x11;

    public override string Name => $"amf{version}";

    protected override bool IsResumable => false;

    public override byte[] Generate(Random random) =>
        version == 3 ? Grammar.Amf3(random) : Grammar.Amf0(random);

    protected override void Read(IEnumerable<byte[]> pieces, PacketPool pool, Features seen)
    {
        var body = pieces.Single();
        var reader = new Amf0Reader(version == 3 ? [SwitchToAmf3, .. body] : body);
        while (!reader.AtEnd)
        {
            var value = reader.Read();
            Walk(value, 0, seen);
            var length = Amf0Writer.LengthOf(value);
            var room = new byte[length];
            var writer = new Amf0Writer(room);
            writer.Value(value);
            Invariant.Holds(writer.Length == length);
            var again = new Amf0Reader(room);
            Invariant.Holds(again.TryRead(out var same) && again.AtEnd);
            Invariant.Holds(same.Kind == value.Kind || value.Kind == AmfKind.ByteArray);
        }
    }

    private static void Walk(AmfValue value, int depth, Features seen)
    {
        Invariant.Holds(depth <= 1024);
        seen.Add($"{value.Kind} {Math.Min(depth, 3)}", value.ToString());
        foreach (var (_, member) in value.Members)
            Walk(member, depth + 1, seen);
        foreach (var item in value.Items)
            Walk(item, depth + 1, seen);
    }
}
