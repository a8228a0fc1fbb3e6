using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Server.Rooms;

namespace Reactor.Server.Tests.Rooms;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class MemoryRoomsTests : RoomStoreContract
{
    private static readonly Random Random = new(1);

    internal override IRoomStore Store { get; } = new MemoryRooms(Random.NextBytes);

    [TestCase("movie", ExpectedResult = true)]
    [TestCase("Grüße 2", ExpectedResult = true)]
    [TestCase("", ExpectedResult = false)]
    [TestCase(".", ExpectedResult = false)]
    [TestCase("..", ExpectedResult = false)]
    [TestCase("a/b", ExpectedResult = false)]
    [TestCase("a\\b", ExpectedResult = false)]
    [TestCase("a?b", ExpectedResult = false)]
    [TestCase("a%2fb", ExpectedResult = false)]
    [TestCase("a\nb", ExpectedResult = false)]
    [TestCase("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKL", ExpectedResult = false,
        TestName = "A room in the form of a key")]
    public bool A_room_may_be_called_what_a_stream_may(string name) =>
        RoomName.Check(name).Length == 0;

    [Test]
    public void A_name_of_255_bytes_is_taken_and_one_more_is_not()
    {
        Assert.That(RoomName.Check(new string('x', 255)), Is.Empty);
        Assert.That(RoomName.Check(new string('x', 256)), Does.Contain("longer"));
    }

    [Test]
    public void Each_letter_of_a_key_is_as_likely_as_any_other()
    {
        var keys = Enumerable.Range(0, 2000).Select(_ => RoomName.MakeKey(Random.NextBytes));
        var counts = string.Concat(keys).GroupBy(letter => letter).ToList();

        Assert.That(counts, Has.Count.EqualTo(62));
        Assert.That(counts.Select(each => each.Count()), Is.All.InRange(1300, 1800));   // 1548
    }

    [Test]
    public void The_table_of_rooms_has_an_end()
    {
        for (var i = 0; i < MemoryRooms.RoomsMax; i++)
            Store.KeyOf($"{i}", _ => { });

        Assert.That(Ask(Store.KeyOf, "one more").Trouble, Does.Contain("rooms already"));
        Assert.That(Ask(Store.KeyOf, "7").IsGood);
    }

    private protected override void Until(Func<bool> isSo) => Assert.That(isSo());
}
