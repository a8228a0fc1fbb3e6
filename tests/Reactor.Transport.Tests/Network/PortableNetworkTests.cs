using NUnit.Framework;
using Reactor.Transport.Network;

namespace Reactor.Transport.Tests.Network;

[TestFixture]
public sealed class PortableNetworkTests : NetworkContract
{
    protected override INetwork CreateNetwork() => new PortableNetwork();
}
