using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using NUnit.Framework;
using Reactor.Protocol.Redis;
using Reactor.Testing;

namespace Reactor.Protocol.Tests.Redis;

/// <summary>Answers as the specification of RESP2 and RESP3 shows them.</summary>
public class RespReaderTests
{
    private static readonly RespLimits Small = new()
    {
        TextBytesMax = 64,
        ElementsMax = 8,
        DepthMax = 3,
    };

    [Test]
    public void Answers_do_not_depend_on_where_the_network_cut_them()
    {
        const string wire = "+OK\r\n-ERR no such key\r\n:42\r\n$5\r\na\r\nbc\r\n$0\r\n\r\n$-1\r\n"
            + "*3\r\n:1\r\n*2\r\n+x\r\n*0\r\n$-1\r\n*-1\r\n";
        const string expected = "Simple OK; Error ERR no such key; Integer 42; Bulk a\r\nbc; "
            + "Bulk ; Null ; Array[Integer 1, Array[Simple x, Array[]], Null ]; Null ";

        foreach (var cut in Wire.EveryCutOf(Encoding.UTF8.GetBytes(wire)))
            Assert.That(Show(ReadAll(cut)), Is.EqualTo(expected));
    }

    [Test]
    public void Answers_of_version_3_do_not_depend_on_cuts_either()
    {
        const string wire = "_\r\n#t\r\n#f\r\n,3.25\r\n(99999999999999999999\r\n=8\r\ntxt:some\r\n"
            + "!5\r\nERR x\r\n%1\r\n+k\r\n:1\r\n~1\r\n+s\r\n>2\r\n+invalidate\r\n_\r\n";
        const string expected = "Null ; Boolean 1; Boolean 0; Double 3.25; "
            + "BigNumber 99999999999999999999; Bulk some; Error ERR x; Map[Simple k, Integer 1]; "
            + "Set[Simple s]; Push[Simple invalidate, Null ]";

        foreach (var cut in Wire.EveryCutOf(Encoding.UTF8.GetBytes(wire)))
            Assert.That(Show(ReadAll(cut)), Is.EqualTo(expected));
    }

    [Test]
    public void An_attribute_is_no_value_and_no_item()
    {
        Assert.That(
            Show(Read("|1\r\n+ttl\r\n:5\r\n*2\r\n:1\r\n|0\r\n:2\r\n+next\r\n")),
            Is.EqualTo("Array[Integer 1, Integer 2]; Simple next"));
    }

    [Test]
    public void Each_answer_has_the_limits_for_itself()
    {
        var wire = string.Concat(Enumerable.Repeat("*2\r\n$40\r\n" + new string('a', 40)
            + "\r\n:1\r\n", 50));

        Assert.That(Read(wire, Small), Has.Count.EqualTo(50));
    }

    [TestCase("$65\r\n", TestName = "A bulk over the limit, before a byte of it has come")]
    [TestCase("$2147483648\r\n", TestName = "A bulk of more than an array holds")]
    [TestCase("*9\r\n", TestName = "More items than values are allowed")]
    [TestCase("%5\r\n", TestName = "A map counts twice")]
    [TestCase("*7\r\n*1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n",
        TestName = "Values in all")]
    [TestCase("*1\r\n*1\r\n*1\r\n*1\r\n", TestName = "Nested too deep")]
    [TestCase("*3\r\n$40\r\n0123456789012345678901234567890123456789\r\n$40\r\n",
        TestName = "Texts in all")]
    [TestCase("+0123456789012345678901234567890123456789012345678901234567890123456789\r\n",
        TestName = "A line over the limit")]
    [TestCase("$-2\r\n", TestName = "A negative length")]
    [TestCase("*-2\r\n", TestName = "A negative count")]
    [TestCase("%-1\r\n", TestName = "A map that is null")]
    [TestCase("$?\r\n", TestName = "A bulk of unknown length")]
    [TestCase(":1a\r\n", TestName = "Digits and more")]
    [TestCase(":\r\n", TestName = "No digits")]
    [TestCase(":9223372036854775808\r\n", TestName = "An integer of more than 64 bits")]
    [TestCase("$1\r\nab\r\n", TestName = "A bulk without its end")]
    [TestCase("#x\r\n", TestName = "A boolean that is neither")]
    [TestCase("+OK\n", TestName = "A bare line feed")]
    [TestCase("\r\n", TestName = "An empty line")]
    [TestCase("HTTP/1.1 400 Bad Request\r\n", TestName = "Another protocol")]
    public void What_is_no_answer_ends_the_connection(string wire)
    {
        var broken = Assert.Throws<ProtocolException>(() => Read(wire, Small))!;

        Assert.That(broken.Error, Is.EqualTo(ProtocolError.Resp));
    }

    [Test]
    public void An_endless_line_is_refused_long_before_it_is_kept()
    {
        var reader = new RespReader(Small);
        var piece = new byte[100];
        Array.Fill(piece, (byte)'+');

        Assert.Throws<ProtocolException>(() =>
        {
            for (var i = 0; i < 10; i++)
            {
                ReadOnlySpan<byte> input = piece;
                reader.TryRead(ref input, out _);
            }
        });
    }

    private static List<RespValue> Read(string wire, RespLimits? limits = null) =>
        ReadAll([Encoding.UTF8.GetBytes(wire)], limits);

    private static List<RespValue> ReadAll(byte[][] pieces, RespLimits? limits = null)
    {
        var reader = new RespReader(limits ?? new RespLimits());
        var answers = new List<RespValue>();
        foreach (var piece in pieces)
        {
            ReadOnlySpan<byte> input = piece;
            while (reader.TryRead(ref input, out var answer))
                answers.Add(answer);
            Assert.That(input.IsEmpty);
            Array.Fill(piece, (byte)0xEE);      // the reader may keep no reference
        }
        return answers;
    }

    private static string Show(IEnumerable<RespValue> values) =>
        string.Join("; ", values.Select(Show));

    private static string Show(RespValue value) =>
        value.Kind is RespKind.Array or RespKind.Map or RespKind.Set or RespKind.Push
            ? $"{value.Kind}[{string.Join(", ", value.Items.Select(Show))}]"
            : value.ToString();
}
