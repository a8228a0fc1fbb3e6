using System;
using System.IO;
using System.Linq;
using System.Text;
using NUnit.Framework;
using Reactor.Server.Rooms;
using Reactor.Server.Storage;
using Reactor.Testing;
using Reactor.Testing.Simulation;
using Reactor.Transport;

namespace Reactor.Server.Tests.Rooms;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FileRoomsTests : RoomStoreContract, IDisposable
{
    private const string Name = "keys/rooms.json";

    private readonly Random _random = new(1);
    private readonly ManualTime _time = new();
    private readonly SimulatedDisk _disk;
    private readonly EventLoop _loop;
    private readonly FileStore _files;
    private IRoomStore? _store;

    public FileRoomsTests()
    {
        _disk = new SimulatedDisk(_random, _time);
        _loop = new EventLoop(new MemoryNetwork(), _time, new LoopSettings());
        _files = new FileStore(_loop, new InlineWork(_loop.Mailbox), _disk);
    }

    internal override IRoomStore Store => _store ??= Open();

    public void Dispose()
    {
        _files.Dispose();
        _loop.Dispose();
    }

    [Test]
    public void A_key_that_was_told_is_in_the_file()
    {
        var key = Ask(Store.KeyOf, "movie").Value;

        Assert.That(
            Encoding.UTF8.GetString(_disk.Read(Name)), Does.Contain($"\"movie\": \"{key}\""));
        Assert.That(_disk.Names, Is.EqualTo(new[] { Name }), "no half file beside it");
    }

    [Test]
    public void Keys_outlast_the_process_and_the_power()
    {
        var key = Ask(Store.KeyOf, "movie").Value!;
        var other = Ask(Store.Reset, "Grüße \"x\"").Value!;
        _disk.EndProcess();
        _disk.LosePower();
        _store = Open();

        Assert.That(Ask(Store.RoomOf, key).Value, Is.EqualTo("movie"));
        Assert.That(Ask(Store.KeyOf, "Grüße \"x\"").Value, Is.EqualTo(other));
    }

    [Test]
    public void A_key_that_is_told_from_a_file_whose_writer_failed_outlasts_the_power(
        [Range(1, 7)] int failing, [Values] bool isFlushFailing)
    {
        const int callsOfLoad = 2;              // to open and to read; then comes the flush
        _disk.Before = FailAt(failing);
        Ask(Store.KeyOf, "movie");
        _disk.EndProcess();
        _disk.Before = isFlushFailing ? FailAt(callsOfLoad + 1) : null;
        _store = Open();
        var key = Ask(Store.KeyOf, "movie").Value ?? Ask(Store.KeyOf, "movie").Value;
        _disk.LosePower();
        _store = Open();

        Assert.That(key, Is.Not.Null);
        Assert.That(Ask(Store.KeyOf, "movie").Value, Is.EqualTo(key));
    }

    [Test]
    public void Many_changes_at_once_are_answered_in_order_and_written_together()
    {
        var answers = Enumerable.Range(0, 100).Select(_ => "").ToArray();
        for (var i = 0; i < answers.Length; i++)
        {
            var at = i;
            Store.KeyOf($"room {i}", answer => answers[at] = answer.Value!);
        }
        Until(() => answers.All(answer => answer.Length > 0));

        Assert.That(answers, Is.Unique);
    }

    [TestCase("", "not of the form")]
    [TestCase("{", "not of the form")]
    [TestCase("[]", "not of the form")]
    [TestCase("{}", "not of the form")]
    [TestCase("""{"rooms":[]}""", "not of the form")]
    [TestCase("""{"rooms":{"a":5}}""", "not of the form")]
    [TestCase("""{"rooms":{"a":"short"}}""", "48 letters")]
    [TestCase("""{"rooms":{"a/b":"KEY"}}""", "a URL needs")]
    [TestCase("""{"rooms":{"a":"KEY","b":"KEY"}}""", "twice")]
    [TestCase("""{"rooms":{"a":"KEY","a":"KEY"}}""", "twice")]
    public void A_file_that_cannot_be_understood_is_left_alone(string text, string why)
    {
        text = text.Replace("KEY", new string('k', 48));
        _disk.Put(Name, Encoding.UTF8.GetBytes(text));

        Assert.That(Ask(Store.KeyOf, "movie").Trouble, Does.Contain(why));
        Assert.That(Ask(Store.RoomOf, new string('k', 48)).Trouble, Does.Contain(why));
        Assert.That(Encoding.UTF8.GetString(_disk.Read(Name)), Is.EqualTo(text));
    }

    [Test]
    public void What_a_person_wrote_with_comments_is_read()
    {
        var key = new string('k', 48);
        _disk.Put(Name, Encoding.UTF8.GetBytes($$"""{"rooms":{/* us */"a":"{{key}}",},}"""));

        Assert.That(Ask(Store.RoomOf, key).Value, Is.EqualTo("a"));
    }

    [Test]
    public void On_a_full_disk_no_key_is_told_that_would_not_be_kept()
    {
        var kept = Ask(Store.KeyOf, "before").Value!;
        _disk.CapacityBytes = 0;

        Assert.That(Ask(Store.KeyOf, "movie").Trouble, Does.Contain(Name));
        Assert.That(Ask(Store.KeyOf, "movie").Trouble, Does.Contain(Name), "asked again");
        Assert.That(Ask(Store.RoomOf, kept).Value, Is.EqualTo("before"), "reading goes on");
        _disk.CapacityBytes = long.MaxValue;
        var key = Ask(Store.KeyOf, "movie").Value!;

        _store = Open();
        Assert.That(Ask(Store.RoomOf, key).Value, Is.EqualTo("movie"));
        Assert.That(Ask(Store.RoomOf, kept).Value, Is.EqualTo("before"));
    }

    private static Action FailAt(int failing)
    {
        var calls = 0;
        return () =>
        {
            if (++calls == failing)
                throw new IOException("input/output error");
        };
    }

    private protected override void Until(Func<bool> isSo)
    {
        for (var i = 0; i < 100 && !isSo(); i++)
        {
            _time.Advance(1);
            _loop.RunOnce();
        }
        Assert.That(isSo(), "answered within a hundred turns");
    }

    private FileRooms Open() => new(_files, SafePath.Configured(Name), _random.NextBytes);
}
