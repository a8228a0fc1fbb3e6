using NUnit.Framework;
using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Configuration;

public class HostPortTests
{
    [TestCase("localhost", ExpectedResult = "localhost:6379")]
    [TestCase("redis.example.com:7000", ExpectedResult = "redis.example.com:7000")]
    [TestCase("192.0.2.1:1", ExpectedResult = "192.0.2.1:1")]
    [TestCase("::1", ExpectedResult = "[::1]:6379")]
    [TestCase("[::1]", ExpectedResult = "[::1]:6379")]
    [TestCase("[2001:db8::1]:65535", ExpectedResult = "[2001:db8::1]:65535")]
    [TestCase("", ExpectedResult = null)]
    [TestCase(":6379", ExpectedResult = null)]
    [TestCase("host:", ExpectedResult = null)]
    [TestCase("host:0", ExpectedResult = null)]
    [TestCase("host:65536", ExpectedResult = null)]
    [TestCase("host:-1", ExpectedResult = null)]
    [TestCase("a b:1", ExpectedResult = null)]
    [TestCase("redis://host", ExpectedResult = null)]
    public string? A_server_is_named_by_host_and_port(string text) =>
        HostPort.TryParse(text, 6379, out var value) ? value.ToString() : null;
}
