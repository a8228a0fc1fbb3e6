using System;
using System.Collections.Generic;
using System.Text;
using Reactor.Primitives;
using Reactor.Protocol.Redis;

namespace Reactor.Testing.Fuzzing;

/// <summary>Answers of a Redis server, with limits small enough to be met.</summary>
public sealed class RespTarget : FuzzTarget
{
    private static readonly RespLimits Limits = new()
    {
        TextBytesMax = 200,
        ElementsMax = 40,
        DepthMax = 5,
    };

    private static readonly string[] Leaves =
    [
        "+OK", "-ERR no", ":1", ":-9223372036854775808", "_", "#t", "#f", ",1.5e3", ",inf",
        "(123456789012345678901234567890", "$-1", "*-1", "$0\r\n", "$3\r\na\r\n", "=5\r\ntxt:a",
        "!3\r\nERR", "*0", "%0", "|0",
    ];

    private static readonly string[] Odd =
    [
        "$9999999", "*1000000", "%20", "$-2", "*-5", ":1x", ":", "$?", "*?", "@", "\r", "$2\r\nabc",
        "#x", "+\r+", ":99999999999999999999",
    ];

    public override string Name => "resp";

    public override IEnumerable<byte[]> Seeds() =>
    [
        Encoding.UTF8.GetBytes("*2\r\n$3\r\nfoo\r\n:5\r\n%1\r\n+a\r\n~1\r\n_\r\n>1\r\n+p\r\n"),
    ];

    public override byte[] Generate(Random random)
    {
        var text = new StringBuilder();
        for (var i = random.Next(1, 6); i > 0; i--)
            Write(text, random, 0);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    protected override void Read(IEnumerable<byte[]> pieces, PacketPool pool, Features seen)
    {
        var reader = new RespReader(Limits);
        foreach (var piece in pieces)
        {
            ReadOnlySpan<byte> input = piece;
            while (reader.TryRead(ref input, out var answer))
            {
                var (elements, textBytes) = Walk(answer, 1, seen);
                Invariant.Holds(elements <= Limits.ElementsMax);
                Invariant.Holds(textBytes <= Limits.TextBytesMax);
            }
            Invariant.Holds(input.IsEmpty);
        }
    }

    private static (int Elements, int TextBytes) Walk(RespValue value, int depth, Features seen)
    {
        Invariant.Holds(depth <= Limits.DepthMax + 1);
        seen.Add($"{value.Kind} {depth}", value.ToString());
        var (elements, textBytes) = (1, 0);
        if (!value.Text.Contains('\uFFFD', StringComparison.Ordinal))
            textBytes = Encoding.UTF8.GetByteCount(value.Text);
        foreach (var item in value.Items)
        {
            var (inner, innerBytes) = Walk(item, depth + 1, seen);
            elements += inner;
            textBytes += innerBytes;
        }
        return (elements, textBytes);
    }

    private static void Write(StringBuilder text, Random random, int depth)
    {
        var draw = random.Next(20);
        if (draw < 6 && depth < 4)
        {
            var count = random.Next(4);
            var mark = "*~>%|"[random.Next(5)];
            text.Append($"{mark}{count}\r\n");
            for (var i = mark is '%' or '|' ? count * 2 : count; i > 0; i--)
                Write(text, random, depth + 1);
            return;
        }
        var words = draw == 19 ? Odd : Leaves;
        text.Append(words[random.Next(words.Length)]).Append("\r\n");
    }
}
