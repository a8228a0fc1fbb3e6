using NUnit.Framework;
using Reactor.Transport.Network;
using Reactor.Transport.Polling;

namespace Reactor.Transport.Tests.Network;

/// <summary>When a socket is readable that is wished to be so from many bytes on.</summary>
public abstract partial class NetworkContract
{
    /// <remarks>A network that does not know the wish tells sooner.</remarks>
    [Test]
    public void Who_is_to_be_readable_from_many_bytes_on_is_so_with_them_and_with_an_end()
    {
        using var pair = _bench.Connect();
        pair.Server.ReadableFrom(8);
        _bench.Send(pair.Client, "hello"u8);
        _bench.Send(pair.Client, "you!"u8);
        Assert.That(_bench.ReceiveText(pair.Server, 9), Is.EqualTo("helloyou!"));

        _bench.Send(pair.Client, "bye"u8);
        pair.Client.EndSending();
        Assert.That(_bench.ReceiveText(pair.Server, 3), Is.EqualTo("bye"));
        Assert.That(_bench.Awaits(pair.Server, Readiness.Read), Is.True);
        Assert.That(pair.Server.Receive(new byte[1]), Is.EqualTo(IoResult.Ended));
    }

    [Test]
    public void Who_is_to_be_readable_from_one_byte_on_again_is_so_at_once()
    {
        using var pair = _bench.Connect();
        pair.Server.ReadableFrom(1000);
        _bench.Send(pair.Client, "hello"u8);
        pair.Server.ReadableFrom(1);

        Assert.That(_bench.ReceiveText(pair.Server, 5), Is.EqualTo("hello"));
    }
}
