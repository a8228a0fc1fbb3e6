using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Configuration;

[TestFixture]
public sealed class OptionsReaderTests
{
    [Test]
    public void No_file_and_an_empty_object_are_the_defaults()
    {
        var defaults = OptionsPrinter.Effective(new ServerOptions());

        Assert.That(OptionsPrinter.Effective(Config.Set()), Is.EqualTo(defaults));
        Assert.That(OptionsPrinter.Effective(Config.Good("{}")), Is.EqualTo(defaults));
    }

    [Test]
    public void Comments_trailing_commas_and_a_byte_order_mark_are_taken()
    {
        var options = Config.Good("\uFEFF{ /* a */ \"rtmp\": { \"backlog\": 7, }, // b\n }");

        Assert.That(options.Rtmp.Backlog, Is.EqualTo(7));
    }

    [Test]
    public void The_schema_that_an_editor_wants_named_is_no_unknown_key()
        => Assert.That(Config.Errors("""{ "$schema": "./reactor.schema.json" }"""), Is.Empty);

    [TestCase("500ms", 500)]
    [TestCase("5s", 5_000)]
    [TestCase("1.5s", 1_500)]
    [TestCase("2m", 120_000)]
    [TestCase("1h", 3_600_000)]
    [TestCase("1d", 86_400_000)]
    public void A_duration_bears_its_unit(string text, int milliseconds)
    {
        var options = Config.Good($$"""{ "rtmp": { "ping": "{{text}}" } }""");

        Assert.That(options.Rtmp.Ping, Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds)));
    }

    [TestCase("7", 7_000)]
    [TestCase("0.5", 500)]
    public void A_bare_duration_is_in_seconds(string number, int milliseconds)
    {
        var options = Config.Good($$"""{ "rtmp": { "ping": {{number}} } }""");

        Assert.That(options.Rtmp.Ping, Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds)));
    }

    [TestCase("4096", 4096)]
    [TestCase("\"4096\"", 4096)]
    [TestCase("\"4k\"", 4096)]
    [TestCase("\"2M\"", 2 * 1024 * 1024)]
    [TestCase("\"1g\"", 1024 * 1024 * 1024)]
    public void A_size_is_in_bytes_or_bears_its_unit(string json, int bytes)
    {
        var options = Config.Good($$"""{ "reactor": { "write_budget": {{json}} } }""");

        Assert.That(options.Reactor.WriteBudget, Is.EqualTo(bytes));
    }

    [TestCase("true", true)]
    [TestCase("\"on\"", true)]
    [TestCase("false", false)]
    [TestCase("\"off\"", false)]
    public void A_flag_is_true_or_on_false_or_off(string json, bool value)
    {
        var options = Config.Good($$"""{ "rtmp": { "enhanced": {{json}} } }""");

        Assert.That(options.Rtmp.Enhanced, Is.EqualTo(value));
    }

    [Test]
    public void One_listener_needs_no_list()
    {
        var one = Config.Good("""{ "rtmp": { "listen": "1936" } }""").Rtmp.Listen;
        var two = Config.Good("""{ "rtmp": { "listen": ["1936", 1937] } }""").Rtmp.Listen;

        Assert.That(one.Select(address => address.EndPoint.Port), Is.EqualTo([1936]));
        Assert.That(two.Select(address => address.EndPoint.Port), Is.EqualTo([1936, 1937]));
    }

    [Test]
    public void The_largest_chunk_is_clamped_to_the_24_bits_of_the_protocol()
    {
        var options = Config.Good("""{ "rtmp": { "max_chunk_size": "16m" } }""");

        Assert.That(options.Rtmp.MaxChunkSize, Is.EqualTo(0xFF_FFFF));
    }

    [Test]
    public void A_later_source_wins_environment_over_file_and_command_line_over_both()
    {
        var input = new ConfigInput
        {
            File = Config.File(
                """{ "rtmp": { "backlog": 1, "max_streams": 1, "chunk_size": 128 } }"""),
            Environment = new Dictionary<string, string>
            {
                ["REACTOR_RTMP__MAX_STREAMS"] = "2",
                ["REACTOR_RTMP__CHUNK_SIZE"] = "256",
            },
            Sets = ["rtmp.chunk_size=512", "rtmp.chunk_size=1k"],
        };

        var rtmp = Config.Good(input).Rtmp;

        Assert.That((rtmp.Backlog, rtmp.MaxStreams, rtmp.ChunkSize), Is.EqualTo((1, 2, 1024)));
    }

    [TestCase("rtmp.listen=[::]:1936", "[::]:1936")]
    [TestCase("rtmp.listen=1936,1937", "1936 1937")]
    [TestCase("""rtmp.listen=["1936", "1937"]""", "1936 1937")]
    public void An_assignment_may_hold_a_list(string set, string expected)
    {
        var listen = Config.Set(set).Rtmp.Listen.Select(address => address.Text);

        Assert.That(string.Join(' ', listen), Is.EqualTo(expected));
    }

    [Test]
    public void Only_our_own_variables_are_read()
    {
        var input = new ConfigInput
        {
            Environment = new Dictionary<string, string>
            {
                ["PATH"] = "/bin",
                // Kubernetes sets these where a service is called reactor.
                ["REACTOR_PORT"] = "tcp://10.0.0.1:1935",
                ["REACTOR_SERVICE_HOST"] = "10.0.0.1",
                ["REACTOR_SERVER_ID"] = "a",
            },
        };

        Assert.That(Config.Good(input).ServerId, Is.EqualTo("a"));
    }

    [Test]
    public void Included_files_go_over_the_main_file_one_after_the_other()
    {
        var input = new ConfigInput
        {
            File = Config.File(
                """{ "include": "conf.d/*", "rtmp": { "backlog": 1, "ping": "7s" } }"""),
            Include = glob => glob != "conf.d/*" ? [] :
            [
                Config.File("""{ "rtmp": { "backlog": 2 } }"""),
                Config.File("""{ "rtmp": { "backlog": 3 } }"""),
            ],
        };

        var rtmp = Config.Good(input).Rtmp;

        Assert.That((rtmp.Backlog, rtmp.Ping), Is.EqualTo((3, TimeSpan.FromSeconds(7))));
    }

    [Test]
    public void An_included_file_includes_no_other()
    {
        var result = OptionsReader.Read(new ConfigInput
        {
            File = Config.File("""{ "include": ["a"] }"""),
            Include = _ => [Config.File("""{ "include": ["a"] }""", "a.json")],
        });

        Assert.That(result.Errors.Select(error => error.ToString()),
            Is.EqualTo(["a.json:1:3: include: expected in the main file only"]));
    }

    [Test]
    public void Nothing_but_the_main_file_includes()
    {
        var result = OptionsReader.Read(new ConfigInput { Sets = ["include=a.json"] });

        Assert.That(result.Errors.Select(error => error.ToString()),
            Is.EqualTo(["command line: include: expected in the main file only"]));
    }
}
