using System;
using System.IO;
using System.Linq;
using NUnit.Framework;
using Reactor.Server.Authorisation;
using Reactor.Testing;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>The program as a shell meets it: what it prints, and its exit code.</summary>
[TestFixture]
public sealed class CommandLineTests
{
    private static readonly TimeSpan Soon = Patience.Long;

    [Test]
    public void A_good_file_tests_as_ok()
    {
        var (code, lines) = RunWith("""{ "rtmp": { "listen": "1936" } }""", "-t", "-c", "a.json");

        Assert.That(lines, Is.EqualTo([
            "reactor: the configuration a.json syntax is ok",
            "reactor: configuration a.json test is successful",
        ]));
        Assert.That(code, Is.Zero);
    }

    [Test]
    public void A_bad_file_is_told_all_that_is_wrong_with_it()
    {
        var (code, lines) = RunWith("""
            {
              "rtmp": { "chunk_sise": 1 },
              "log": { "level": "loud" }
            }
            """, "-t", "-c", "a.json");

        Assert.That(lines, Is.EqualTo([
            "reactor: a.json:2:13: rtmp.chunk_sise: unknown key; did you mean \"chunk_size\"?",
            "reactor: a.json:3:21: log.level: expected one of trace, debug, info, warn, error; "
                + "found \"loud\"",
            "reactor: configuration a.json test failed",
        ]));
        Assert.That(code, Is.EqualTo(1));
    }

    [Test]
    public void A_start_with_a_bad_file_ends_with_1()
        => Assert.That(RunWith("{", "-c", "a.json").Code, Is.EqualTo(1));

    [Test]
    public void A_file_that_is_named_has_to_be_there()
    {
        var (code, lines) = RunWith("{}", "-t", "-c", "b.json");

        Assert.That(lines[0], Does.Contain("b.json"));
        Assert.That(code, Is.EqualTo(1));
    }

    [Test]
    public void The_usual_file_is_read_from_the_folder_it_starts_in()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "reactor.json"), "{}");

        var (code, lines) = Run(folder.Path, "-t");

        Assert.That(lines[0], Is.EqualTo("reactor: the configuration reactor.json syntax is ok"));
        Assert.That(code, Is.Zero);
    }

    [TestCase("a.json", "reactor: a file of settings is read by -c a.json")]
    [TestCase("b.json", "reactor: reactor -h shows what can be said")]
    public void A_file_without_its_flag_is_told_which(string word, string hint)
    {
        var (code, lines) = RunWith("{}", word);

        Assert.That(lines.Last(), Is.EqualTo(hint));
        Assert.That(code, Is.EqualTo(1));
    }

    [Test]
    public void What_record_means_may_be_set_beside_it()
    {
        var (code, lines) = RunWith(
            "{}", "-T", "--record", "films", "--set", "defaults.record.min_free=0");

        Assert.That(code, Is.Zero);
        Assert.That(lines, Has.One.Contains("films/{app}").And.One.Contains("\"min_free\": 0"));
    }

    [Test]
    public void Why_it_does_not_start_is_said_where_it_was_started_though_the_log_is_a_file()
    {
        using var first = ReactorProcess.Start();
        var (code, lines) = RunWith(
            $$"""{ "rtmp": { "listen": "127.0.0.1:{{first.Port}}" }, "http": { "listen": [] } }""",
            "-c", "a.json", "--set", "log.file=a.log");

        Assert.That(code, Is.EqualTo(2));
        Assert.That(lines.Single(), Does.StartWith("reactor: cannot use 127.0.0.1:"));
        Assert.That(lines.Single(), Does.EndWith("--listen"));
    }

    [TestCase("-v")]
    [TestCase("--version")]
    public void The_version_is_one_line(string flag)
    {
        var (code, lines) = RunWith("{}", flag);

        Assert.That(lines, Has.Length.EqualTo(1));
        Assert.That(lines[0], Does.Match(@"^reactor \d+\.\d+\.\d+$"));
        Assert.That(code, Is.Zero);
    }

    [Test]
    public void The_long_version_adds_runtime_and_commit()
        => Assert.That(string.Join('\n', RunWith("{}", "-V").Lines),
            Does.StartWith("reactor ").And.Contain("\nruntime .NET ").And.Contain("\ncommit "));

    [TestCase("-h")]
    [TestCase("--help")]
    public void Help_shows_the_options_and_how_to_publish_and_play(string flag)
    {
        var (code, lines) = RunWith("{}", flag);

        Assert.That(lines, Has.Some.Contains("-c, --config FILE"));
        Assert.That(lines, Has.Some.Contains("ffmpeg").And.Some.Contains("ffplay"));
        Assert.That(code, Is.Zero);
    }

    [Test]
    public void The_printed_default_tests_as_ok()
    {
        var (code, lines) = RunWith("{}", "--print-default");
        Assert.That(code, Is.Zero);

        Assert.That(RunWith(string.Join('\n', lines), "-t", "-c", "a.json").Code, Is.Zero);
    }

    [Test]
    public void The_schema_is_printed()
        => Assert.That(RunWith("{}", "--print-schema").Lines[1], Does.Contain("2020-12/schema"));

    [Test]
    public void The_dump_holds_what_file_and_flags_decided()
    {
        var (code, lines) = RunWith("""{ "rtmp": { "backlog": 7, "max_streams": 7 } }""",
            "-T", "-c", "a.json", "--set", "rtmp.max_streams=8", "--set", "rtmp.chunk_size=4k",
            "--listen", "127.0.0.1:1936", "--http", "8080", "--level", "debug");

        Assert.That(code, Is.Zero);
        Assert.That(lines, Has.Some.EqualTo("    \"backlog\": 7,"));
        Assert.That(lines, Has.Some.EqualTo("    \"max_streams\": 8,"));
        Assert.That(lines, Has.Some.EqualTo("    \"chunk_size\": \"4k\","));
        Assert.That(lines, Has.Some.EqualTo("    \"listen\": [\"127.0.0.1:1936\"],"));
        Assert.That(lines, Has.Some.EqualTo("    \"level\": \"debug\","));
        Assert.That(
            lines,
            Has.Some.EqualTo("      { \"address\": \"8080\", \"serve\": [\"all\"] }"));
    }

    [TestCase("--config_file", 0)]
    [TestCase("--config", 1)]
    public void A_file_that_is_not_there_ends_all_unless_it_is_named_as_livego_does(
        string flag, int expected)
    {
        var (code, lines) = RunWith("""{ "rtmp": { "backlog": 7 } }""", "-T", flag, "none.json");

        Assert.That(code, Is.EqualTo(expected));
        Assert.That(lines, Has.None.EqualTo("    \"backlog\": 7,"));
    }

    [Test]
    public void Livegos_flags_are_understood()
    {
        var (code, lines) = RunWith("{}",
            "-T", "--config_file", "a.json", "--rtmp_addr=127.0.0.1:1936",
            "--httpflv_addr", ":7101", "--api_addr=", "--level=debug", "--flv_dir=./data",
            "--flv_archive", "--read_timeout=11", "--write_timeout", "12", "--gop_num=2",
            "--hls_keep_after_end", "--enable_tls_verify=false", "--rtmp_noauth=false");

        Assert.That(code, Is.Zero, string.Join('\n', lines));
        foreach (var line in new[]
        {
            "    \"listen\": [\"127.0.0.1:1936\"],",
            "      { \"address\": \":7101\", \"serve\": [\"flv\", \"player\"] },",
            "      { \"address\": \":7002\", \"serve\": [\"hls\"] }",
            "    \"level\": \"debug\",",
            "      \"drop_idle_publisher\": \"11s\",",
            "      \"send_timeout\": \"12s\",",
            "      \"gop_num\": 2,",
            "      \"hls_keep_after_end\": true,",
            "      \"verify_tls\": false,",
        })
        {
            Assert.That(lines, Has.Some.EqualTo(line));
        }
        Assert.That(lines, Has.Some.Contains("./data/{app}/{stream}_{unix}.{ext}"));
        Assert.That(lines, Has.None.Contains("8090"), "an empty api_addr is none");
    }

    [Test]
    public void Livegos_rtmps_takes_the_port_of_rtmp()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "a.crt"), TestCertificate.Shared.Certificate);
        File.WriteAllText(Path.Combine(folder.Path, "a.key"), TestCertificate.Shared.Key);
        var (code, lines) = Run(
            folder.Path, "-T", "--rtmp_addr=:1936", "--enable_rtmps", "--rtmps_cert=a.crt",
            "--rtmps_key=a.key");

        Assert.That(code, Is.Zero, string.Join('\n', lines));
        Assert.That(lines, Has.Some.EqualTo("    \"listen\": [],"));
        Assert.That(lines, Has.Some.EqualTo("    \"listen\": [\":1936\"],"));
        Assert.That(lines, Has.Some.EqualTo("    \"cert\": \"a.crt\","));
    }

    [Test]
    public void The_file_at_the_top_of_the_repository_says_nothing_but_the_defaults()
    {
        var file = Path.Combine(SourceTree.Root, "reactor.json");
        var shipped = RunWith(File.ReadAllText(file), "-T", "-c", "a.json");

        Assert.That(shipped, Is.EqualTo(RunWith("{}", "-T", "-c", "a.json")));
    }

    [Test]
    public void A_password_becomes_what_the_configuration_can_hold_in_its_place()
    {
        var ask = $"printf %s 'a b' | {ServerProgram.Command} --hash-password";
        using var process = new ChildProcess("sh", ["-c", ask]);
        Assert.That(process.WaitForExit(Soon), Is.Zero);
        var stored = process.Lines.Single();

        Assert.That(StoredPassword.Derives("a b", stored));
        var (code, lines) = RunWith("{}", "-T", "-c", "a.json", "--set", $"api.users=me:{stored}");
        Assert.That(code, Is.Zero, string.Join('\n', lines));
        Assert.That(lines, Has.Some.Contains(stored));
    }

    [TestCase("--nonsense")]
    [TestCase("nonsense")]
    [TestCase("-c")]
    [TestCase("--set")]
    [TestCase("--set", "rtmp.backlog")]
    [TestCase("--level", "loud")]
    [TestCase("--listen", "example.org:1935")]
    public void A_command_line_that_is_wrong_ends_with_1(params string[] arguments)
    {
        var (code, lines) = RunWith("{}", arguments);

        Assert.That(code, Is.EqualTo(1));
        Assert.That(lines, Has.All.StartsWith("reactor: "));
        Assert.That(lines, Is.Not.Empty);
    }

    [Test]
    public void Who_says_a_word_that_is_none_is_told_where_the_words_are()
        => Assert.That(RunWith("{}", "--lisen", "1935").Lines[^1],
            Is.EqualTo("reactor: reactor -h shows what can be said"));

    [TestCase("-t")]
    [TestCase("-T")]
    [TestCase("--level=info")]
    public void A_certificate_that_is_missing_is_found_by_a_test_and_before_a_start(string flag)
    {
        var (code, lines) = RunWith(
            """{ "rtmps": { "listen": "127.0.0.1:0" } }""", flag, "-c", "a.json");

        Assert.That(lines[0],
            Is.EqualTo("reactor: a.json: rtmps: TLS cannot be offered: server.crt: not found"));
        Assert.That(code, Is.EqualTo(1));
    }

    [Test]
    public void Recording_needs_no_file()
        => Assert.That(
            RunWith("{}", "-T", "--record", "films/").Lines,
            Has.Some.Contains("\"record_path\": \"films/{app}/{stream}_{unix}.{ext}\""));

    [Test]
    public void A_log_file_that_cannot_be_opened_ends_with_1()
    {
        var (code, lines) = RunWith("{}", "-c", "a.json", "--set", "log.file=absent/a.log");

        Assert.That(lines, Has.Exactly(1).Items);
        Assert.That(lines[0], Does.StartWith("reactor: absent/a.log: log.file: "));
        Assert.That(code, Is.EqualTo(1));
    }

    [Test]
    public void The_log_may_be_a_file_with_an_object_a_line()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "a.log");
        using var server = ReactorProcess.Start($"log.file={file}", "log.format=json");
        server.Stop();

        var lines = File.ReadAllLines(file);
        Assert.That(lines[0], Does.Contain("\"level\":\"info\",\"message\":\"reactor "));
        Assert.That(lines, Has.All.StartsWith("{").And.All.EndsWith("}"));
        Assert.That(server.Process.Lines, Is.Empty);
    }

    /// <summary>Runs it in a folder whose file <c>a.json</c> holds the text.</summary>
    private static (int Code, string[] Lines) RunWith(string json, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "a.json"), json);
        return Run(folder.Path, arguments);
    }

    private static (int Code, string[] Lines) Run(string folder, params string[] arguments)
    {
        using var process = ServerProgram.Start(arguments, folder);
        return (process.WaitForExit(Soon), process.Lines);
    }
}
