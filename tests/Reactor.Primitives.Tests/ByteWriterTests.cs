using NUnit.Framework;

namespace Reactor.Primitives.Tests;

[TestFixture]
public sealed class ByteWriterTests
{
    [Test]
    public void Writing_beyond_the_room_is_our_own_fault_and_writes_nothing()
    {
        var target = new byte[3];

        Assert.Throws<InvariantException>(() => new ByteWriter(target).UInt32(1));
        Assert.Throws<InvariantException>(() => new ByteWriter(target).Bytes([1, 2, 3, 4]));
        Assert.Throws<InvariantException>(() => new ByteWriter(target).Take(-1));
        Assert.That(target, Is.All.Zero);
    }
}
