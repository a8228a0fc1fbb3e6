using System;
using System.IO;
using System.Linq;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Loopback;
using Reactor.Testing;

namespace Reactor.Server.Tests.Tls;

/// <summary>A load balancer that passes TLS through and says before it whose it is (Q6).</summary>
[TestFixture]
public sealed class TlsProxyTests
{
    private const string Text = "PROXY TCP4 192.0.2.7 127.0.0.1 4711 443\r\n";

    private static readonly byte[] Binary =
    [
        .. "\r\n\r\n\0\r\nQUIT\n"u8, 0x21, 0x11, 0, 12,
        192, 0, 2, 7, 127, 0, 0, 1, 0x12, 0x67, 0x01, 0xBB,
    ];

    private string _folder = null!;

    [SetUp]
    public void Write()
    {
        SynchronizationContext.SetSynchronizationContext(null);     // see TlsLayer
        _folder = Directory.CreateTempSubdirectory("reactor-").FullName;
        File.WriteAllText(PathOf("server.crt"), TestCertificate.Shared.Certificate);
        File.WriteAllText(PathOf("server.key"), TestCertificate.Shared.Key);
    }

    [TearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [TestCase(1, false)]
    [TestCase(1, true)]
    [TestCase(2, false)]
    [TestCase(2, true)]
    public void A_client_is_whom_the_header_before_its_TLS_names(int version, bool isJoined)
    {
        using var world = Serve("127.0.0.1");
        var header = version == 1 ? Encoding.ASCII.GetBytes(Text) : Binary;

        Assert.That(Ask(world, header, isJoined), Does.StartWith("HTTP/1.1 403 "), "it may not");
    }

    [Test]
    public void A_proxy_that_sends_no_header_speaks_for_itself()
    {
        using var world = Serve("127.0.0.1");

        Assert.That(Ask(world, [], isJoined: false), Does.StartWith("HTTP/1.1 404 "));
    }

    [Test]
    public void Nobody_else_is_believed()
    {
        using var world = Serve("10.0.0.0/8");

        Assert.That(
            () => Ask(world, Encoding.ASCII.GetBytes(Text), isJoined: false),
            Throws.InstanceOf<AuthenticationException>().Or.InstanceOf<IOException>());
    }

    private LoopbackServer Serve(string trusted) => new(new ServerOptions
    {
        Http = new HttpOptions
        {
            Listen = [],
            ProxyProtocol = true,
            TrustedProxies = [AddressRange.Parse(trusted)],
        },
        Https = new HttpsOptions
        {
            Listen = [new HttpListen { Address = ListenAddress.Parse("127.0.0.1:0") }],
            Cert = PathOf("server.crt"),
            Key = PathOf("server.key"),
        },
        Defaults = new StreamOptions
        {
            Play = new PlayOptions
            {
                Deny = [AddressRange.Parse("192.0.2.7")],
                IdleStreams = false,
            },
        },
    });

    /// <summary>Asks for a stream, and takes the answer whole.</summary>
    private static string Ask(LoopbackServer world, byte[] header, bool isJoined)
    {
        var address = world.Server.Listening.Last();
        var answer = Task.Run(() =>
        {
            using var client = new TcpClient { NoDelay = true };
            client.Connect(address);
            Stream stream = client.GetStream();
            if (isJoined)
                stream = new HeadedStream(stream, header);
            else
                stream.Write(header);
            using var tls = new SslStream(stream);
            tls.AuthenticateAsClient(new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                RemoteCertificateValidationCallback =
                    (_, _, _, errors) => errors != SslPolicyErrors.RemoteCertificateNotAvailable,
            });
            tls.Write("GET /live/a.flv HTTP/1.0\r\nHost: x\r\n\r\n"u8);
            using var reader = new StreamReader(tls, Encoding.Latin1);
            return reader.ReadToEnd();
        });
        world.Until(() => answer.IsCompleted, "the answer");
        world.Until(() => world.Server.ConnectionCount == 0, "it has left");
        return answer.GetAwaiter().GetResult();
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>Sends a header in one piece with the first words.</summary>
    private sealed class HeadedStream(Stream beneath, byte[] header) : Stream
    {
        private byte[] _header = header;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) =>
            beneath.Read(buffer, offset, count);

        public override void Write(byte[] buffer, int offset, int count)
        {
            beneath.Write([.. _header, .. buffer.AsSpan(offset, count)]);
            _header = [];
        }

        public override void Flush() => beneath.Flush();

        public override long Seek(long offset, SeekOrigin origin) =>
            throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
