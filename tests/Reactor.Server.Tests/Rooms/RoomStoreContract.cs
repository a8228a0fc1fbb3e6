using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Server.Rooms;

namespace Reactor.Server.Tests.Rooms;

/// <summary>What every store of rooms does, wherever it keeps them (S4.3 to S4.5).</summary>
public abstract class RoomStoreContract
{
    /// <summary>A store with nothing in it.</summary>
    internal abstract IRoomStore Store { get; }

    [Test]
    public void A_room_gets_a_key_of_48_letters_and_digits_and_keeps_it()
    {
        var key = Ask(Store.KeyOf, "movie").Value!;

        Assert.That(key, Has.Length.EqualTo(48));
        Assert.That(key.All(char.IsAsciiLetterOrDigit));
        Assert.That(Ask(Store.KeyOf, "movie").Value, Is.EqualTo(key));
        Assert.That(Ask(Store.FindKey, "movie").Value, Is.EqualTo(key));
        Assert.That(Ask(Store.RoomOf, key).Value, Is.EqualTo("movie"));
        Assert.That(Ask(Store.KeyOf, "other").Value, Is.Not.EqualTo(key));
    }

    [Test]
    public void A_key_that_was_reset_opens_nothing_and_the_new_one_does()
    {
        var old = Ask(Store.KeyOf, "movie").Value!;
        var key = Ask(Store.Reset, "movie").Value!;

        Assert.That(key, Is.Not.EqualTo(old));
        Assert.That(Ask(Store.RoomOf, old), Is.EqualTo(RoomAnswer.None));
        Assert.That(Ask(Store.RoomOf, key).Value, Is.EqualTo("movie"));
        Assert.That(Ask(Store.KeyOf, "movie").Value, Is.EqualTo(key));
    }

    [Test]
    public void A_room_that_is_not_there_gets_a_key_by_a_reset()
    {
        var key = Ask(Store.Reset, "fresh").Value!;

        Assert.That(Ask(Store.RoomOf, key).Value, Is.EqualTo("fresh"));
    }

    [Test]
    public void A_room_that_was_deleted_is_gone_and_so_is_its_key()
    {
        var key = Ask(Store.KeyOf, "movie").Value!;

        Assert.That(Ask(Store.Delete, "movie").Value, Is.EqualTo(key));
        Assert.That(Ask(Store.Delete, "movie"), Is.EqualTo(RoomAnswer.None));
        Assert.That(Ask(Store.RoomOf, key), Is.EqualTo(RoomAnswer.None));
        Assert.That(Ask(Store.FindKey, "movie"), Is.EqualTo(RoomAnswer.None));
        Assert.That(Ask(Store.KeyOf, "movie").Value, Is.Not.EqualTo(key));
    }

    [Test]
    public void A_room_is_no_key_and_what_nobody_made_opens_nothing()
    {
        Ask(Store.KeyOf, "movie");

        Assert.That(Ask(Store.RoomOf, "movie"), Is.EqualTo(RoomAnswer.None));
        Assert.That(Ask(Store.RoomOf, new string('x', 48)), Is.EqualTo(RoomAnswer.None));
    }

    /// <summary>Turns whatever has to turn until it is so.</summary>
    private protected abstract void Until(Func<bool> isSo);

    private protected RoomAnswer Ask(Action<string, Action<RoomAnswer>> question, string about)
    {
        RoomAnswer? got = null;
        question(about, answer =>
        {
            Assert.That(got, Is.Null, "answered once");
            got = answer;
        });
        Until(() => got is not null);
        return got!.Value;
    }
}
