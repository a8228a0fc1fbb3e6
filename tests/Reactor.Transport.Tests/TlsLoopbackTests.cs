using System.Threading;
using NUnit.Framework;
using Reactor.Testing;
using Reactor.Transport.Network;

namespace Reactor.Transport.Tests;

/// <summary>What holds without TLS holds with it.</summary>
[TestFixture(NetworkBackend.Epoll)]
[TestFixture(NetworkBackend.Select)]
public sealed class TlsLoopbackTests(NetworkBackend backend) : LoopbackContract(backend)
{
    private static readonly TlsIdentity Identity = TlsIdentity.Read(
        TestCertificate.Shared.Certificate, TestCertificate.Shared.Key, false, []);

    private static readonly TlsClientSettings Client = new()
    {
        Host = "localhost",
        Verify = false,
    };

    /// <summary>A thread that runs a loop has none, and TLS would go on elsewhere.</summary>
    [SetUp]
    public void LeaveContext() => SynchronizationContext.SetSynchronizationContext(null);

    /// <summary>A few of its state machines, when the system moves the thread.</summary>
    private protected override int TlsBytes => 8 << 10;

    private protected override ISocket OnAccepted(EventLoop loop, ISocket socket) =>
        loop.Tls.Accept(socket, Identity, why => TestContext.Progress.WriteLine(why));

    private protected override ISocket OnConnecting(EventLoop loop, ISocket socket) =>
        loop.Tls.Connect(socket, Client, why => TestContext.Progress.WriteLine(why));
}
