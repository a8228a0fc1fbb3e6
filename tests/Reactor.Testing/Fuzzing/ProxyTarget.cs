using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Reactor.Primitives;
using Reactor.Protocol;
using Reactor.Protocol.Proxy;

namespace Reactor.Testing.Fuzzing;

/// <summary>What may stand at the beginning of a connection that a proxy made.</summary>
public sealed class ProxyTarget : FuzzTarget
{
    private static readonly string[] Words =
    [
        "TCP4", "TCP6", "UNKNOWN", "1.2.3.4", "255.255.255.255", "::1", "2001:db8::7", "1.2.3",
        "::ffff:1.2.3.4", "0x1.2.3.4", "0", "443", "65535", "65536", "01", "", "fe80::1%1",
    ];

    private static readonly byte[] Families = [0x11, 0x21, 0x00, 0x31, 0x12, 0x22, 0x41, 0x13];

    public override string Name => "proxy";

    public override byte[] Generate(Random random)
    {
        var follows = Encoding.Latin1.GetBytes("GET / HTTP/1.1\r\n");
        return random.Next(2) == 0
            ? [.. Encoding.Latin1.GetBytes(Line(random)), .. follows]
            : [.. Binary(random), .. follows];
    }

    protected override void Read(IEnumerable<byte[]> pieces, PacketPool pool, Features seen)
    {
        var reader = new ProxyHeaderReader();
        var state = ProxyHeaderState.Incomplete;
        var header = default(ProxyHeader);
        var wire = new List<byte>();
        var left = new List<byte>();
        try
        {
            foreach (var piece in pieces)
            {
                wire.AddRange(piece);
                ReadOnlySpan<byte> input = piece;
                if (state == ProxyHeaderState.Incomplete)
                    state = reader.TryRead(ref input, out header);
                left.AddRange(input);
            }
        }
        catch (ProtocolException refused)
        {
            seen.Add(refused.Detail[..10], refused.Detail);
        }
        Invariant.Holds(state != ProxyHeaderState.Incomplete || left.Count == 0);
        if (state == ProxyHeaderState.None)
            Invariant.Holds(reader.Rest.ToArray().Concat(left).SequenceEqual(wire));
        Invariant.Holds(header.Source is null == header.Destination is null);
        seen.Add($"{state} {header.Source?.Address.GetAddressBytes().Length}", $"{header}");
        seen.Add("left", left.ToArray());
    }

    private static string Line(Random random)
    {
        if (random.Next(2) > 0)
        {
            return random.Next(2) == 0
                ? "PROXY TCP4 1.2.3.4 5.6.7.8 65535 1\r\n"
                : "PROXY TCP6 ::1 2001:db8::7 1 2\r\n";
        }
        var text = new StringBuilder("PROXY ").Append(Words[random.Next(3)]);
        for (var i = random.Next(8); i > 0; i--)
            text.Append(' ').Append(Words[random.Next(Words.Length)]);
        return text.Append(random.Next(16) == 0 ? "\n" : "\r\n").ToString();
    }

    private static byte[] Binary(Random random)
    {
        var family = Families[random.Next(Families.Length)];
        var length = family switch { 0x11 => 12, 0x21 => 36, 0x31 => 216, _ => 0 };
        length += random.Next(3) switch { 0 => random.Next(20), 1 => 0, _ => random.Next(-2, 2) };
        length = Math.Max(0, length);
        var body = new byte[length];
        random.NextBytes(body);
        var command = (byte)(random.Next(4) == 0 ? 0x20 : 0x21);
        return
        [
            .. "\r\n\r\n\0\r\nQUIT\n"u8,
            command, family, (byte)(length >> 8), (byte)length, .. body,
        ];
    }
}
