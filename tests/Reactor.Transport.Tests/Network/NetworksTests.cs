using NUnit.Framework;
using Reactor.Transport.Network;

namespace Reactor.Transport.Tests.Network;

[TestFixture]
public sealed class NetworksTests
{
    [Test]
    public void Linux_has_the_choice_and_takes_epoll()
    {
        Assert.That(Networks.Open(NetworkBackend.Auto), Is.TypeOf<LinuxNetwork>());
        Assert.That(Networks.Open(NetworkBackend.Epoll), Is.TypeOf<LinuxNetwork>());
        Assert.That(Networks.Open(NetworkBackend.Select), Is.TypeOf<PortableNetwork>());
    }
}
