using System;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text.Json;
using NUnit.Framework;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>
/// What <c>make publish</c> makes: one file of native code that serves as the build does.
/// </summary>
[TestFixture]
[Platform("Linux")]
[Order(1)]              // the longest to be ready: the others run meanwhile
public sealed class PublishedTests
{
    private const int BytesMax = 18_000_000;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);
    private static readonly string Folder =
        Path.Combine(SourceTree.Root, "artifacts/publish/linux-x64");

    private readonly int _port = RtmpServerProcess.FreePort();
    private static string[] _said = [];

    private static string Program => Path.Combine(Folder, "Reactor");

    [OneTimeSetUp]
    public static void Publish()
    {
        var script = Path.Combine(SourceTree.Root, "tools/publish.sh");
        // The others go first: their films run at the pace of a clock.
        string[] arguments = ["-n", "5", "bash", script, "linux-x64", "1"];
        using var publish = new ChildProcess("nice", arguments);
        Assert.That(publish.WaitForExit(Deadline), Is.Zero, "exit code");
        _said = publish.Lines;
    }

    [Test]
    public void It_is_one_small_file_made_without_a_warning()
    {
        var files = Directory.GetFiles(Folder).Select(Path.GetFileName);

        Assert.That(files, Is.EqualTo(new[] { "Reactor" }));
        Assert.That(new FileInfo(Program).Length, Is.LessThan(BytesMax));
        Assert.That(_said, Has.None.Contains("warning"), "of the trimmer or the compiler");
        Assert.That(_said, Has.Some.Contains("accepts after"), "the first start");
    }

    [Test]
    public void A_film_arrives_over_RTMP_and_HTTP_FLV_packet_for_packet()
    {
        using var server = Serve();
        using var player = Player.Start(server.Url("live/a"));
        using var flvPlayer = Player.Start(Url("live/a.flv"));
        using var publisher = Publisher.Start(Film.Usual, server.Url("live/a"));

        publisher.Finish();
        player.Finish().ShouldEqual(Film.Usual.Recording);
        flvPlayer.Finish().ShouldEqual(Film.Usual.Recording);
    }

    [Test]
    public void A_film_arrives_over_HLS()
    {
        using var server = Serve("defaults.hls.on_demand=false");
        using var publisher = Publisher.Start(Film.Usual, server.Url("live/a"));
        publisher.Finish();
        HlsPlayer.WaitForEnd(Url("live/a.m3u8"));

        var played = HlsPlayer.Play(Url("live/a.m3u8"), hasAac: true);

        Assert.That(played.Pictures.Count, Is.EqualTo(Film.Usual.Recording.Pictures.Count));
        Assert.That(played.Audio.Count, Is.EqualTo(Film.Usual.Recording.Audio.Count));
    }

    [TestCase("api/v1/openapi.json")]
    [TestCase("api/v1/streams")]
    [TestCase("stat?format=json")]
    [TestCase("control/get?room=a")]
    public void Its_interfaces_answer_in_JSON(string path)
    {
        using var server = Serve("rooms.enabled=true", "rooms.store=memory");
        using var client = new HttpClient();

        var answer = client.GetStringAsync(Url(path)).GetAwaiter().GetResult();

        using var parsed = JsonDocument.Parse(answer);
        Assert.That(parsed.RootElement.ValueKind, Is.EqualTo(JsonValueKind.Object));
    }

    [TestCase("player", "text/html")]
    [TestCase("console", "text/html")]
    [TestCase("metrics", "text/plain")]
    public void Its_pages_and_metrics_are_in_the_file(string path, string type)
    {
        using var server = Serve();
        using var client = new HttpClient();

        using var answer = client.GetAsync(Url(path)).GetAwaiter().GetResult();

        Assert.That(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
        Assert.That(answer.Content.Headers.ContentType?.MediaType, Is.EqualTo(type));
    }

    [Test]
    public void Its_own_defaults_are_a_configuration_that_it_takes()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "reactor.json");
        using var print = new ChildProcess(Program, ["--print-default"]);
        Assert.That(print.WaitForExit(Deadline), Is.Zero, "exit code of --print-default");
        File.WriteAllLines(file, print.Lines);

        using var test = new ChildProcess(Program, ["-t", "-c", file]);

        Assert.That(test.WaitForExit(Deadline), Is.Zero, "exit code of -t");
    }

    private ReactorProcess Serve(params string[] settings)
    {
        var all = $$"""http.listen=[{"address":"127.0.0.1:{{_port}}","serve":["all"]}]""";
        return ReactorProcess.StartFile(
            Program, [all, "defaults.publish.grace=1s", .. settings]);
    }

    private string Url(string path) => $"http://127.0.0.1:{_port}/{path}";
}
