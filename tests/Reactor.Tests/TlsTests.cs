using System;
using System.IO;
using System.Linq;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.InteropServices;
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
    private static readonly TimeSpan Soon = Patience.Long;

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
            "defaults.publish.grace=1s", "defaults.play.gop_num=8",     // however late it begins
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

    [Test]
    [Platform("Linux")]
    public void A_push_by_rtmps_goes_to_who_has_a_known_certificate_of_the_name_that_is_meant()
    {
        using var origin = Start("rtmps");
        using var edge = ReactorProcess.StartTrusting(
            PathOf("server.crt"), "defaults.push_reconnect=1s",
            $"apps.live.push=rtmps://localhost:{_port}/right/{{stream}}",
            $"apps.other.push=rtmps://127.0.0.1:{_port}/wrong/{{stream}}");
        using var player = Player.Start(origin.Url("right/a"));
        using var publisher = Publisher.Start(Film.Usual, edge.Url("live/a"));
        using var other = Publisher.Start(Film.Usual, edge.Url("other/a"));

        edge.Process.WaitForLine(
            line => line.Contains("push:other/a") && line.Contains("is for another name"),
            Soon);
        publisher.Finish();
        player.Finish().ShouldEndAs(Film.Usual.Recording);
        other.Finish();
        Assert.That(origin.Process.Lines, Has.None.Contains("wrong/a"));
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

    [Test]
    [Platform("Linux")]
    public void A_hook_by_https_decides_if_its_certificate_is_known([Values] bool isKnown)
    {
        using var hook = new HookServer(TestCertificate.Shared);
        using var server = ReactorProcess.StartTrusting(
            isKnown ? PathOf("server.crt") : "/dev/null",
            $"defaults.hooks.on_publish=https://localhost:{hook.Port}/");
        using var publisher = Publisher.Start(Film.Usual, server.Url("live/a"));

        if (isKnown)
            publisher.Finish();
        else
            publisher.Fail();
        Assert.That(hook.Asked.Contains("\"action\":\"on_publish\""), Is.EqualTo(isKnown));
        Assert.That(
            server.Process.Lines,
            Has.Some.Contains(isKnown ? "publishes live/a" : "we do not trust"));
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
    public void A_certificate_that_cannot_be_used_is_one_clear_line_and_exit_code_1()
    {
        File.WriteAllText(PathOf("server.key"), new TestCertificate().Key);
        using var server = Launch("rtmps");

        Assert.That(server.WaitForExit(Soon), Is.EqualTo(1), "exit code");
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

        Assert.That(server.WaitForExit(Soon), Is.EqualTo(1), "exit code");
        Assert.That(server.Lines, Has.Some.Contains("server.crt: not found"));
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public void A_certificate_that_was_replaced_is_shown_after_a_reload_and_a_broken_one_never()
    {
        using var server = Start("https", "http.header_timeout=1m");
        using var before = Connect();
        var renewed = new TestCertificate(days: 20_000);

        File.WriteAllText(PathOf("server.crt"), renewed.Certificate);
        server.Process.Send(PosixSignal.SIGHUP);
        server.Process.WaitForLine(line => line.Contains("stays as it was"), Soon);
        using (var meanwhile = Connect())
            Assert.That(Shown(meanwhile), Is.EqualTo(Shown(before)));

        File.WriteAllText(PathOf("server.key"), renewed.Key);
        server.Process.Send(PosixSignal.SIGHUP);
        server.Process.WaitForLine(line => line.Contains("another certificate"), Soon);
        using var after = Connect();
        Assert.That(Shown(after), Is.Not.EqualTo(Shown(before)));
        Assert.That(Ask(before), Does.StartWith("HTTP/1.1 404 "), "it goes on");
        Assert.That(Ask(after), Does.StartWith("HTTP/1.1 404 "));
        Assert.That(
            server.Process.Lines, Has.Exactly(1).Contains("not the key of this certificate"));
    }

    [Test]
    public void A_protocol_is_agreed_upon_with_who_asks_for_one_and_an_old_version_is_refused()
    {
        using var server = Start("https", "https.min_version=1.3");
        using var client = Connect(new SslApplicationProtocol("h2"), SslApplicationProtocol.Http11);

        Assert.That(
            client.NegotiatedApplicationProtocol, Is.EqualTo(SslApplicationProtocol.Http11));
        Assert.That(client.SslProtocol, Is.EqualTo(SslProtocols.Tls13));
        using var old = new SslStream(new TcpClient("127.0.0.1", _port).GetStream());
        Assert.That(
            () => old.AuthenticateAsClient(Trusting(SslProtocols.Tls12)),
            Throws.InstanceOf<AuthenticationException>().Or.InstanceOf<IOException>());
        Assert.That(
            () => Connect(SslApplicationProtocol.Http2),
            Throws.InstanceOf<AuthenticationException>().Or.InstanceOf<IOException>());
    }

    private SslStream Connect(params SslApplicationProtocol[] protocols)
    {
        var client = new TcpClient("127.0.0.1", _port);
        client.ReceiveTimeout = (int)Soon.TotalMilliseconds;
        var tls = new SslStream(client.GetStream());
        var options = Trusting(SslProtocols.Tls12 | SslProtocols.Tls13);
        options.ApplicationProtocols = protocols.Length > 0 ? [.. protocols] : null;
        tls.AuthenticateAsClient(options);
        return tls;
    }

    private static string Shown(SslStream tls) => tls.RemoteCertificate!.GetCertHashString();

    private static string Ask(SslStream tls)
    {
        tls.Write("GET /nothing HTTP/1.0\r\nHost: a\r\n\r\n"u8);
        using var reader = new StreamReader(tls, Encoding.Latin1);
        return reader.ReadToEnd();
    }

    private static SslClientAuthenticationOptions Trusting(SslProtocols version) => new()
    {
        TargetHost = "localhost",
        EnabledSslProtocols = version,
        RemoteCertificateValidationCallback =
            (_, _, _, errors) => errors != SslPolicyErrors.RemoteCertificateNotAvailable,
    };

    private ReactorProcess Start(string section, params string[] more) =>
        ReactorProcess.Start([.. Settings(section), .. more]);

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
