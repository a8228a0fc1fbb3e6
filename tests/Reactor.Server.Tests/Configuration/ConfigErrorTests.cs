using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Configuration;

/// <summary>What a wrong configuration is told.</summary>
[TestFixture]
public sealed class ConfigErrorTests
{
    [Test]
    public void All_errors_of_a_file_are_reported_from_top_to_bottom()
    {
        var errors = Config.Errors("""
            {
              "rtmp": {
                "chunk_sise": 4096,
                "backlog": 0,
                "ping": [],
                "listen": ["1935", "127.0.0.1:1935"]
              },
              "log": { "level": "warning" },
              "apps": { "live": { "play": { "gop_cash": true } } }
            }
            """);

        Assert.That(errors, Is.EqualTo([
            "reactor.json:3:5: rtmp.chunk_sise: unknown key; did you mean \"chunk_size\"?",
            "reactor.json:4:16: rtmp.backlog: expected a whole number from 1 to 65535; found 0",
            "reactor.json:5:13: rtmp.ping: expected a duration like \"500ms\" or \"5s\", "
                + "from 100ms to 1d; found a list",
            "reactor.json:6:5: rtmp.listen: expected each port once; 127.0.0.1:1935 overlaps 1935",
            "reactor.json:8:21: log.level: expected one of trace, debug, info, warn, error; "
                + "found \"warning\", did you mean \"warn\"?",
            "reactor.json:9:33: apps.live.play.gop_cash: unknown key; did you mean \"gop_cache\"?",
        ]));
    }

    [TestCase("chunk_size", "rtmp.chunk_size")]
    [TestCase("gop_cache", "defaults.play.gop_cache")]
    [TestCase("auth", "defaults.auth")]
    [TestCase("play", "defaults.play")]
    [TestCase("record", "defaults.record")]
    [TestCase("static", "http.static")]
    [TestCase("limit", "limits")]
    [TestCase("RTMP", "rtmp")]
    [TestCase("serverId", "server_id")]
    [TestCase("lgo", "log")]
    public void An_unknown_key_is_told_the_nearest_wherever_it_lives(string key, string nearest)
        => Assert.That(Config.Errors($$"""{ "{{key}}": 1 }""").Single(),
            Does.EndWith($"unknown key; did you mean \"{nearest}\"?"));

    [Test]
    public void An_unknown_key_that_resembles_nothing_is_told_what_there_is()
        => Assert.That(Config.Errors("""{ "log": { "colours": 1 } }""").Single(), Does.EndWith(
            "log.colours: unknown key; expected one of level, format, file, max_size, "
                + "keep, max_lines"));

    [Test]
    public void A_static_pull_needs_a_name_and_an_app_that_is_named()
    {
        var errors = Config.Errors("""
            {
              "apps": {
                "live": { "pull": { "url": "rtmp://h/a", "static": true } },
                "cam?": { "streams": { "x": {
                  "pull": { "url": "rtmp://h/a", "name": "x", "static": true } } } },
                "*": { "pull": { "url": "rtmp://h/a", "name": "n", "static": true } }
              }
            }
            """);
        const string Wanted =
            "expected a static pull in an app that is named, not in defaults or a pattern";

        Assert.That(errors, Has.Count.EqualTo(3));
        Assert.That(errors[0], Does.StartWith("reactor.json:3:").And.Contain("apps.live.pull")
            .And.Contain("static (which needs a name)"));
        Assert.That(errors[1],
            Is.EqualTo($"reactor.json:5:7: apps.cam?.streams.x.pull: {Wanted}"));
        Assert.That(errors[2], Is.EqualTo($"reactor.json:6:12: apps.*.pull: {Wanted}"));
        Assert.That(
            Config.Errors("""
                { "defaults": { "pull": { "url": "rtmp://h/a", "name": "n", "static": true } },
                  "apps": { "live": {}, "*": {} } }
                """).Single(),
            Is.EqualTo($"reactor.json:1:17: defaults.pull: {Wanted}"));
    }

    [TestCase("rtmp.backlog", "\"5\"")]
    [TestCase("rtmp.backlog", "5.5")]
    [TestCase("rtmp.backlog", "65536")]
    [TestCase("rtmp.backlog", "99999999999999999999")]
    [TestCase("rtmp.backlog", "null")]
    [TestCase("rtmp.chunk_size", "127")]
    [TestCase("rtmp.chunk_size", "16777216")]
    [TestCase("rtmp.chunk_size", "\"16m\"")]
    [TestCase("rtmp.chunk_size", "\"4kk\"")]
    [TestCase("rtmp.chunk_size", "\"k\"")]
    [TestCase("rtmp.chunk_size", "\"-4k\"")]
    [TestCase("rtmp.chunk_size", "\"9999999999g\"")]
    [TestCase("rtmp.ping", "\"99ms\"")]
    [TestCase("rtmp.ping", "\"25h\"")]
    [TestCase("rtmp.ping", "\"5 s\"")]
    [TestCase("rtmp.ping", "\"5x\"")]
    [TestCase("rtmp.ping", "\"s\"")]
    [TestCase("rtmp.ping", "-1")]
    [TestCase("rtmp.ping", "1e30")]
    [TestCase("rtmp.ping", "\"99999999999999999999999999999d\"")]
    [TestCase("rtmp.enhanced", "1")]
    [TestCase("rtmp.enhanced", "\"yes\"")]
    [TestCase("rtmp.listen", "[[\"1935\"]]")]
    [TestCase("rtmp.listen", "\"example.org:1935\"")]
    [TestCase("http.max_body", "\"33m\"")]
    [TestCase("log.file", "5")]
    [TestCase("log.file", "true")]
    [TestCase("log.format", "\"Text\"")]
    [TestCase("log.format", "{}")]
    public void A_value_of_the_wrong_type_or_range_is_refused_and_the_default_stays(
        string key, string json)
    {
        var (section, name) = (key.Split('.')[0], key.Split('.')[1]);
        var result = Config.Read($$"""{ "{{section}}": { "{{name}}": {{json}} } }""");

        Assert.That(result.Errors.Single().Key, Is.EqualTo(key));
        Assert.That(result.Errors.Single().Problem, Does.StartWith("expected "));
        Assert.That(OptionsPrinter.Effective(result.Options),
            Is.EqualTo(OptionsPrinter.Effective(new ServerOptions())));
    }

    [TestCase("rtmp", "5", "rtmp: expected an object; found 5")]
    [TestCase("apps", "[]", "apps: expected an object of at most 10000 names; found a list")]
    public void A_section_that_is_none_is_refused(string key, string json, string problem)
        => Assert.That(
            Config.Errors($$"""{ "{{key}}": {{json}} }""").Single(), Does.EndWith(problem));

    [Test]
    public void A_key_that_is_given_twice_is_an_error()
        => Assert.That(Config.Errors("{ \"log\": {},\n\"rtmp\": {},\n\"log\": {} }"),
            Is.EqualTo(["reactor.json:3:1: log: given twice; first in line 1"]));

    [Test]
    public void Of_a_list_the_item_is_named_that_is_wrong()
        => Assert.That(
            Config.Errors("""{ "http": { "listen": { "address": "1", "serve": ["flv", "hsl"] }}}""")
                .Single(),
            Does.StartWith("reactor.json:1:58: http.listen.serve: ")
                .And.EndWith("found \"hsl\", did you mean \"hls\"?"));

    [TestCase("sign", "auth.sign.secret")]
    [TestCase("jwt", "auth.jwt.secret")]
    [TestCase("key", "play.key")]
    [TestCase("hook", "hooks.on_play")]
    public void A_way_to_show_that_one_may_needs_what_it_is_checked_by(
        string method, string needed)
    {
        var json = $$"""{ "defaults": { "auth": { "play": "{{method}}" } } }""";

        Assert.That(Config.Errors(json), Is.EqualTo(
            [$"reactor.json:1:27: defaults.auth.play: \"{method}\" needs {needed}"]));
        Assert.That(
            OptionsReader.Read(new ConfigInput
            {
                File = Config.File(json),
                Sets = [$"defaults.{needed}=http://h/"],
            }).Errors,
            Is.Empty);
    }

    [Test]
    public void What_apps_inherit_is_held_against_each_of_them_and_told_where_it_stands()
    {
        const string defaults = """ "defaults": { "auth": { "publish": ["room", "jwt"] } } """;

        Assert.That(
            Config.Errors($$"""
                { {{defaults}}, "rooms": { "enabled": true },
                  "apps": { "a": { "auth": { "jwt": { "secret": "S" } } }, "b": {}, "c.d": {} } }
                """),
            Is.EqualTo([
                "reactor.json:1:28: defaults.auth.publish: \"jwt\" needs auth.jwt.secret",
            ]));
        Assert.That(
            Config.Errors($$"""
                { {{defaults}}, "rooms": { "enabled": true },
                  "apps": { "a": { "auth": { "jwt": { "secret": "S" } } } } }
                """),
            Is.Empty, "nothing has the defaults alone");
    }

    [Test]
    public void Of_two_listeners_the_one_that_somebody_wrote_is_wrong()
    {
        Assert.That(Config.Errors("""{ "rtmp": { "listen": "8090" } }"""), Is.EqualTo([
            "reactor.json:1:13: rtmp.listen: expected each port once; 8090 overlaps "
                + "127.0.0.1:8090 of http.listen",
        ]));
        Assert.That(Config.Errors("""{ "http": { "listen": "1935" } }"""), Is.EqualTo([
            "reactor.json:1:13: http.listen: expected each port once; 1935 overlaps "
                + "[::]:1935 of rtmp.listen",
        ]));
    }

    [TestCase("", false)]
    [TestCase(", \"address\": \"10.0.0.1\"", true)]
    public void A_cluster_needs_an_address_that_others_reach(string address, bool isRight)
    {
        var errors = Config.Errors(
            $$"""{ "cluster": { "redis": "127.0.0.1"{{address}} } }""");

        Assert.That(errors, isRight ? Is.Empty : Is.EqualTo([
            "reactor.json:1:16: cluster.redis: expected cluster.address with it: "
                + "how others reach this server",
        ]));
        Assert.That(
            Config.Errors("""
                { "cluster": { "redis": "127.0.0.1" }, "rtmp": { "listen": "10.0.0.1:1935" } }
                """),
            Is.Empty, "rtmp.listen tells");
    }

    [TestCase("", "the file is empty: {} is the least that it holds")]
    [TestCase("{ \"log\": {", "the file ends before all { and [ are closed")]
    public void A_file_that_ends_too_early_is_told_so(string text, string sentence)
        => Assert.That(Config.Read(text).Errors.Single().Problem, Is.EqualTo(sentence));

    [TestCase("{", 1, 2)]
    [TestCase("", 1, 1)]
    [TestCase("{\n  \"log\": nonsense }", 2, 11)]
    [TestCase("{} {}", 1, 4)]
    public void Text_that_is_no_JSON_is_told_where_it_ceases_to_be(
        string text, int line, int column)
    {
        var error = Config.Read(text).Errors.Single();

        Assert.That(error.Place, Is.EqualTo(new Place("reactor.json", line, column)));
        Assert.That(error.Problem, Does.Not.Contain("LineNumber"));
    }

    [Test]
    public void Nesting_without_end_is_refused()
        => Assert.That(Config.Errors(string.Concat(Enumerable.Repeat("{\"a\":", 100_000))),
            Has.Exactly(1).Items);

    [Test]
    public void Bytes_that_are_no_text_are_refused()
    {
        var latin = new ConfigText("reactor.json", new byte[] { (byte)'{', 0xE9, (byte)'}' });
        var half = Config.Errors("""{ "log": { "file": "\ud800" } }""");

        Assert.That(OptionsReader.Read(new ConfigInput { File = latin }).Errors.Single().Problem,
            Is.EqualTo("the file is not UTF-8"));
        Assert.That(half, Is.EqualTo(["reactor.json:1:20: the string holds half a character"]));
    }

    [Test]
    public void A_column_counts_characters_and_not_bytes()
        => Assert.That(Config.Errors("{ /* é€ */ \"lag\": {} }").Single(),
            Does.StartWith("reactor.json:1:12: lag: "));

    [Test]
    public void Environment_and_command_line_are_named_as_the_place()
    {
        var result = OptionsReader.Read(new ConfigInput
        {
            Environment = new Dictionary<string, string> { ["REACTOR_LOG__LEVL"] = "info" },
            Sets = ["rtmp.backlog=x", "rtmp"],
        });

        Assert.That(result.Errors.Select(error => error.ToString()), Is.EquivalentTo([
            "environment REACTOR_LOG__LEVL: log.levl: unknown key; did you mean \"level\"?",
            "command line: rtmp.backlog: expected a whole number from 1 to 65535; found x",
            "command line: expected key=value (log.level=debug); found rtmp",
        ]));
    }

    [Test]
    public void Segments_of_low_latency_are_not_aligned()
    {
        Assert.That(
            Config.Errors("""
                { "defaults": { "hls": { "hls_fragment_slicing": "aligned" } },
                  "apps": { "a": {}, "b": { "hls": { "type": "ll" } },
                    "c": { "hls": { "type": "ll", "hls_fragment_slicing": "plain" } } } }
                """),
            Is.EqualTo([
                "reactor.json:1:26: defaults.hls.hls_fragment_slicing: expected \"aligned\" with "
                    + "hls.type \"ts\" or \"fmp4\"",
            ]));
    }

    [Test]
    public void Only_FLV_is_written_on_behind_its_end()
    {
        Assert.That(
            Config.Errors("""
                { "defaults": { "record": { "format": "fmp4", "record_append": true } },
                  "apps": { "a": {}, "b": { "record": { "record_append": true } } } }
                """),
            Is.EqualTo([
                "reactor.json:1:17: defaults.record: expected record_append with format \"flv\" "
                    + "alone",
            ]));
    }

    [TestCase("""{ "http": { "static": { "root": "www" } } }""", "http.static.root")]
    [TestCase("""{ "http": { "static": { "root": "html" } } }""")]
    [TestCase("""{ "http": { "static": { "root": "www", "enabled": false } } }""")]
    [TestCase("""{ "http": { "static": { "index": "a.html" } } }""")]
    [TestCase(
        """{ "rooms": { "enabled": true, "store": "file", "file": "no/a.json" } }""",
        "rooms.file")]
    [TestCase("""{ "rooms": { "enabled": true, "file": "no/a.json" } }""")]
    [TestCase("""{ "rooms": { "store": "file", "file": "no/a.json" } }""")]
    [TestCase("""{ "rooms": { "enabled": true, "store": "file", "file": "a.json" } }""")]
    [TestCase("""{ "process": { "pid_file": "/no/a.pid" } }""", "process.pid_file")]
    [TestCase("""{ "process": { "pid_file": "a.pid" } }""")]
    public void A_folder_that_is_named_has_to_be_there(string json, params string[] wrong)
    {
        var errors = OptionsReader.Read(new ConfigInput
        {
            File = Config.File(json),
            HasFolder = folder => folder == ".",
        }).Errors;

        Assert.That(errors.Select(error => error.Key), Is.EqualTo(wrong));
        Assert.That(errors.Select(error => error.Place.Line), Is.All.EqualTo(1));
    }

    [TestCase("1935", "0.0.0.0:1935", true)]
    [TestCase("[::1]:1935", "[::]:1935", true)]
    [TestCase("127.0.0.1:1935", "localhost:1935", true)]
    [TestCase("0.0.0.0:1935", "127.0.0.1:1935", true)]
    [TestCase("0.0.0.0:1935", "[::1]:1935", false)]
    [TestCase("127.0.0.1:1935", "127.0.0.2:1935", false)]
    [TestCase("1935", "1936", false)]
    [TestCase("0", "0", false)]
    public void A_port_is_taken_once(string one, string other, bool isError)
        => Assert.That(
            Config.Errors($$"""{ "rtmp": { "listen": ["{{one}}", "{{other}}"] } }"""),
            Has.Exactly(isError ? 1 : 0).Items);
}
