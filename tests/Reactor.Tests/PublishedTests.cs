using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text.Json;
using NUnit.Framework;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>
/// What <c>make publish</c> makes, one file of native code, which nearly all tests here start; and
/// what <c>make run</c> starts, which serves as it does.
/// </summary>
[TestFixture]
[Platform("Linux")]
public sealed class PublishedTests
{
    private const int BytesMax = 18_000_000;

    private readonly int _port = RtmpServerProcess.FreePort();

    [Test]
    public void It_is_one_small_file_made_without_a_warning()
    {
        var said = ServerProgram.Make();
        var file = new DirectoryInfo(ServerProgram.Folder).GetFileSystemInfos().Single();

        Assert.That(file.Name, Is.EqualTo("Reactor"));
        Assert.That(((FileInfo)file).Length, Is.LessThan(BytesMax));
        Assert.That(said, Has.None.Contains("warning"), "of the trimmer or the compiler");
        Assert.That(said, Has.Some.Contains("accepts after"), "the first start");
    }

    [Test]
    public void A_film_arrives_from_what_was_built_as_from_what_is_published()
    {
        using var server = ReactorProcess.StartBuild(All, "defaults.publish.grace=1s");
        using var player = Player.Start(server.Url("live/a"));
        using var flvPlayer = Player.Start(Url("live/a.flv"));
        using var publisher = Publisher.Start(Film.Usual, server.Url("live/a"));

        publisher.Finish();
        player.Finish().ShouldEqual(Film.Usual.Recording);
        flvPlayer.Finish().ShouldEqual(Film.Usual.Recording);
    }

    [TestCase("api/v1/openapi.json")]
    [TestCase("api/v1/streams")]
    [TestCase("stat?format=json")]
    [TestCase("control/get?room=a")]
    public void Its_interfaces_answer_in_JSON(string path)
    {
        using var server = ReactorProcess.Start(All, "rooms.enabled=true", "rooms.store=memory");
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
        using var server = ReactorProcess.Start(All);
        using var client = new HttpClient();

        using var answer = client.GetAsync(Url(path)).GetAwaiter().GetResult();

        Assert.That(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
        Assert.That(answer.Content.Headers.ContentType?.MediaType, Is.EqualTo(type));
    }

    private string All =>
        $$"""http.listen=[{"address":"127.0.0.1:{{_port}}","serve":["all"]}]""";

    private string Url(string path) => $"http://127.0.0.1:{_port}/{path}";
}
