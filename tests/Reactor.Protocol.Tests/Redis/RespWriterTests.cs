using System;
using System.Text;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Redis;

namespace Reactor.Protocol.Tests.Redis;

public class RespWriterTests
{
    [Test]
    public void A_command_is_an_array_of_bulks_with_lengths_in_bytes()
    {
        Assert.That(Write("SET", "grüße", ""), Is.EqualTo(
            "*3\r\n$3\r\nSET\r\n$7\r\ngrüße\r\n$0\r\n\r\n"));
    }

    [Test]
    public void Line_ends_in_an_argument_begin_no_second_command()
    {
        Assert.That(Write("GET", "a\r\nFLUSHALL\r\n"), Is.EqualTo(
            "*2\r\n$3\r\nGET\r\n$13\r\na\r\nFLUSHALL\r\n\r\n"));
    }

    [Test]
    public void A_command_over_the_limit_is_not_written()
    {
        var pool = new PacketPool();

        Assert.Throws<ArgumentException>(
            () => RespWriter.Write(pool, "SET", "a", new string('x', RespWriter.CommandBytesMax)));
        Assert.Throws<ArgumentException>(() => RespWriter.Write(pool));
        Assert.That(pool.Outstanding, Is.Zero);
    }

    private static string Write(params string[] words)
    {
        var packet = RespWriter.Write(new PacketPool(), words);
        var text = Encoding.UTF8.GetString(packet.Written);
        packet.Release();
        return text;
    }
}
