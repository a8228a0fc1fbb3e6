using System;
using System.Net;
using NUnit.Framework;
using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Configuration;

[TestFixture]
public sealed class ListenAddressTests
{
    [TestCase("1935", "::", 1935)]
    [TestCase(":1935", "::", 1935)]
    [TestCase("[::]:1935", "::", 1935)]
    [TestCase("0.0.0.0:1935", "0.0.0.0", 1935)]
    [TestCase("127.0.0.1:65535", "127.0.0.1", 65535)]
    [TestCase("localhost:1935", "127.0.0.1", 1935)]
    [TestCase("[fe80::1]:0", "fe80::1", 0)]
    public void Each_form_names_an_address_and_a_port(string text, string address, int port)
    {
        var listen = ListenAddress.Parse(text);

        Assert.That(listen.EndPoint, Is.EqualTo(new IPEndPoint(IPAddress.Parse(address), port)));
        Assert.That(listen.Text, Is.EqualTo(text));
    }

    [TestCase("")]
    [TestCase(":")]
    [TestCase("65536")]
    [TestCase("-1")]
    [TestCase("+1935")]
    [TestCase("127.0.0.1")]
    [TestCase("127.1:1935")]
    [TestCase("::1:1935")]
    [TestCase("[127.0.0.1]:1935")]
    [TestCase("[]:1935")]
    [TestCase("[::1:1935")]
    [TestCase("[[::1]]:1935")]
    [TestCase("example.org:1935")]
    public void Anything_else_is_no_address(string text)
        => Assert.That(() => ListenAddress.Parse(text), Throws.InstanceOf<FormatException>());
}
