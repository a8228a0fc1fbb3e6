using System;
using System.IO;
using System.Linq;
using NUnit.Framework;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>curl fetches files, as a whole, on from the middle, and again.</summary>
[TestFixture]
public sealed class StaticTests
{
    private static readonly TimeSpan Soon = Patience.Long;

    private readonly int _port = RtmpServerProcess.FreePort();
    private TemporaryFolder _folder = null!;
    private ReactorProcess _server = null!;

    [SetUp]
    public void Serve()
    {
        _folder = new TemporaryFolder();
        File.Copy(Film.Usual.Path, PathOf("film.flv"));
        _server = ReactorProcess.Start(
            $"http.listen=127.0.0.1:{_port}", $"http.static.root={_folder.Path}");
    }

    [TearDown]
    public void End()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void A_download_is_whole_goes_on_where_it_broke_off_and_is_not_repeated()
    {
        var film = File.ReadAllBytes(PathOf("film.flv"));
        var copy = PathOf("copy.flv");
        Assert.That(Curl("-o", copy, Url("film.flv")), Does.StartWith("200 video/x-flv"));
        Assert.That(File.ReadAllBytes(copy), Is.EqualTo(film));

        File.WriteAllBytes(copy, film[..1000]);
        Assert.That(Curl("-C", "-", "-o", copy, Url("film.flv")), Does.StartWith("206 "));
        Assert.That(File.ReadAllBytes(copy), Is.EqualTo(film));

        Assert.That(Curl("-z", PathOf("film.flv"), Url("film.flv")), Does.StartWith("304 "));
        Assert.That(
            Curl("--path-as-is", Url("../reactor.json")), Does.StartWith("400 "), "no way out");
    }

    [Test]
    public void A_root_that_is_named_and_not_there_is_an_error_of_configuration()
    {
        using var server = ReactorProcess.Launch(
            RtmpServerProcess.FreePort(), $"http.static.root={PathOf("nowhere")}");

        Assert.That(server.WaitForExit(Soon), Is.EqualTo(1), "exit code");
        Assert.That(
            server.Lines.Where(line => line.Contains("http.static.root")),
            Has.Exactly(1).Contains("expected a folder that is there"));
    }

    private static string Curl(params string[] arguments)
    {
        using var curl = new ChildProcess(
            "curl", ["-sS", "-w", "%{http_code} %{content_type}\n", .. arguments]);
        Assert.That(curl.WaitForExit(Soon), Is.Zero);
        return curl.Lines[^1];
    }

    private string Url(string path) => $"http://127.0.0.1:{_port}/{path}";

    private string PathOf(string name) => Path.Combine(_folder.Path, name);
}
