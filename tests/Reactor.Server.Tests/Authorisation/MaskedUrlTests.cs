using NUnit.Framework;
using Reactor.Server.Authorisation;

namespace Reactor.Server.Tests.Authorisation;

public class MaskedUrlTests
{
    [TestCase("rtmp://h/live/a", ExpectedResult = "rtmp://h/live/a")]
    [TestCase("live/a?vhost=v&key=s3", ExpectedResult = "live/a?vhost=v&key=***")]
    [TestCase("/a.flv?TOKEN=x&b=1&sign=1-2", ExpectedResult = "/a.flv?TOKEN=***&b=1&sign=***")]
    [TestCase("/a?jwt=e.e.e?pwd=x", ExpectedResult = "/a?jwt=***&pwd=***")]
    [TestCase("/a?%6bey=x", ExpectedResult = "/a?%6bey=***", TestName = "An encoded name")]
    [TestCase("/a?key", ExpectedResult = "/a?key")]
    [TestCase("/a?key=", ExpectedResult = "/a?key=***")]
    [TestCase("/a?monkey=1", ExpectedResult = "/a?monkey=1")]
    [TestCase("rtmp://u:p@h/a", ExpectedResult = "rtmp://u:***@h/a")]
    [TestCase("rtmp://u:p:q@h:1935/a@b:c", ExpectedResult = "rtmp://u:***@h:1935/a@b:c")]
    [TestCase("a@b", ExpectedResult = "a@b")]
    [TestCase("", ExpectedResult = "")]
    public string Secrets_are_left_out(string url) => MaskedUrl.Of(url);
}
