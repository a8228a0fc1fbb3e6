using System;
using System.IO;
using System.Linq;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using NUnit.Framework;
using Reactor.Testing;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>TLS as others speak it: ffmpeg by GnuTLS, .NET by OpenSSL.</summary>
[TestFixture]
public sealed class TlsTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    private TemporaryFolder _folder = null!;
    private int _port;

    [SetUp]
    public void Write()
    {
        _folder = new TemporaryFolder();
        _port = RtmpServerProcess.FreePort();
        File.WriteAllText(PathOf("server.crt"), TestCertificate.Shared.Certificate);
        File.WriteAllText(PathOf("server.key"), TestCertificate.Shared.Key);
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void What_ffmpeg_publishes_by_rtmps_ffmpeg_plays_by_rtmps_whole()
    {
        using var server = Start("rtmps");
        var url = $"rtmps://127.0.0.1:{_port}/live/a";
        using var player = Player.Start(url);
        using var publisher = Publisher.Start(Film.Usual, url);

        publisher.Finish();
        player.Finish().ShouldEqual(Film.Usual.Recording);
    }

    [Test]
    public void A_push_by_rtmps_arrives_whole_if_the_certificate_need_not_be_known()
    {
        using var origin = Start("rtmps");
        using var edge = ReactorProcess.Start(
            "defaults.publish.grace=1s",
            $"defaults.push=rtmps://127.0.0.1:{_port}/live/{{stream}}",
            "defaults.relay.verify_tls=false");
        using var player = Player.Start(origin.Url("live/a"));
        using var publisher = Publisher.Start(Film.Usual, edge.Url("live/a"));

        publisher.Finish();
        player.Finish().ShouldEqual(Film.Usual.Recording);
    }

    [Test]
    public void A_push_to_whoever_has_no_known_certificate_is_not_made()
    {
        using var origin = Start("rtmps");
        using var edge = ReactorProcess.Start(
            $"defaults.push=rtmps://127.0.0.1:{_port}/live/{{stream}}");
        using var publisher = Publisher.Start(Film.Usual, edge.Url("live/a"));

        edge.Process.WaitForLine(
            line => line.Contains("push:live/a") && line.Contains("TLS"), Soon);
        publisher.Finish();
        Assert.That(origin.Process.Lines, Has.None.Contains("publishes"));
    }

    [TestCase(SslProtocols.Tls12)]
    [TestCase(SslProtocols.Tls13)]
    public void What_is_published_by_rtmp_is_watched_by_https(SslProtocols version)
    {
        using var server = Start("https");
        using var publisher = Publisher.Start(Film.Usual, server.Url("live/a"));
        publisher.WaitForFrame(1);
        using var client = new TcpClient("127.0.0.1", _port);
        client.ReceiveTimeout = (int)Soon.TotalMilliseconds;
        using var tls = new SslStream(client.GetStream());
        tls.AuthenticateAsClient(Trusting(version));

        tls.Write(Encoding.ASCII.GetBytes("GET /live/a.flv HTTP/1.0\r\nHost: a\r\n\r\n"));
        var answer = new MemoryStream();
        tls.CopyTo(answer);

        var text = Encoding.Latin1.GetString(answer.ToArray());
        Assert.That(text, Does.StartWith("HTTP/1.1 200 "));
        Assert.That(text, Does.Contain("\r\n\r\nFLV\u0001"));
        Assert.That(answer.Length, Is.GreaterThan(10_000));
        publisher.Finish();
    }

    /// <summary>OBS says nothing when it does not trust a certificate (Q69).</summary>
    [Test]
    public void A_client_that_does_not_trust_us_is_told_of_in_the_log()
    {
        using var server = Start("https");
        using var client = new ChildProcess("curl", ["-sS", $"https://127.0.0.1:{_port}/"]);

        Assert.That(client.WaitForExit(Soon), Is.Not.Zero);
        server.Process.WaitForLine(
            line => line.Contains("does not trust our certificate"), Soon);
    }

    [Test]
    public void A_certificate_that_cannot_be_used_is_one_clear_line_and_exit_code_2()
    {
        File.WriteAllText(PathOf("server.key"), new TestCertificate().Key);
        using var server = Launch("rtmps");

        Assert.That(server.WaitForExit(Soon), Is.EqualTo(2), "exit code");
        var named = server.Lines.Where(line => line.Contains("server.key"));
        Assert.That(named, Has.Exactly(1).Items);
        Assert.That(named, Has.All.Contains("not the key of this certificate"));
        Assert.That(server.Lines, Has.None.Contains("   at "), "no stack trace");
    }

    [Test]
    public void A_certificate_that_is_not_there_is_named()
    {
        File.Delete(PathOf("server.crt"));
        using var server = Launch("https");

        Assert.That(server.WaitForExit(Soon), Is.EqualTo(2), "exit code");
        Assert.That(server.Lines, Has.Some.Contains("server.crt: not found"));
    }

    private static SslClientAuthenticationOptions Trusting(SslProtocols version) => new()
    {
        TargetHost = "localhost",
        EnabledSslProtocols = version,
        RemoteCertificateValidationCallback =
            (_, _, _, errors) => errors != SslPolicyErrors.RemoteCertificateNotAvailable,
    };

    private ReactorProcess Start(string section)
    {
        var server = ReactorProcess.Start(Settings(section));
        server.Process.WaitForLine(line => line.Contains("up to"), Soon);
        return server;
    }

    private ChildProcess Launch(string section) =>
        ReactorProcess.Launch(RtmpServerProcess.FreePort(), Settings(section));

    private string[] Settings(string section) =>
    [
        $"{section}.listen=127.0.0.1:{_port}",
        $"{section}.cert={PathOf("server.crt")}",
        $"{section}.key={PathOf("server.key")}",
        "defaults.publish.grace=1s",
    ];

    private string PathOf(string name) => Path.Combine(_folder.Path, name);
}
