using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Testing;

namespace Reactor.Server.Tests.Recording;

/// <summary>What the publisher is told of its recording, and how trouble is counted.</summary>
[TestFixture]
public sealed class RecordNotifyTests
{
    [Test]
    public void The_publisher_is_told_of_each_file_if_it_wants_to_know([Values] bool isOn)
    {
        using var server = Start(new RecordOptions
        {
            Record = RecordMode.Manual,
            Name = "r",
            RecordNotify = isOn,
        });
        var publisher = server.Publish();
        publisher.Codes.Clear();
        Assert.That(server.Server.RecordingApi.Start("live", "a", "r").Why, Is.Empty);
        Film(server, publisher, 50);
        var begun = publisher.Codes.ToArray();
        server.Server.RecordingApi.Stop("live", "a", "r");
        server.Turns(5, 40);

        string[] start = isOn ? [StatusCode.RecordStart] : [];
        string[] stop = isOn ? [StatusCode.RecordStop] : [];
        Assert.That(begun, Is.EqualTo(start));
        Assert.That(publisher.Codes.Skip(begun.Length), Is.EqualTo(stop));
    }

    [Test]
    public void A_disk_that_fails_is_told_and_the_publisher_goes_on()
    {
        using var server = Start(new RecordOptions { RecordNotify = true, MinFree = 0 });
        var publisher = server.Publish();
        Film(server, publisher, 25);
        server.Disk.CapacityBytes = 1;
        Film(server, publisher, 100, from: 25);

        Assert.That(publisher.Last, Is.EqualTo(StatusCode.RecordFailed));
        Assert.That(server.Server.PublisherCount, Is.EqualTo(1));
    }

    [TestCase(15, 0, 16)]
    [TestCase(17, 1, 16)]
    [TestCase(3, 0, 4)]
    [TestCase(5, 1, 4)]
    public void A_recording_that_the_disk_is_too_slow_for_ends_and_is_counted(
        int megabytes, int struck, int most)
    {
        Assert.That(new RecordOptions().MaxBacklog, Is.EqualTo(16 << 20));
        HeldWork work = null!;
        using var server = new ServerInMemory(
            options: new ServerOptions
            {
                Defaults = new StreamOptions
                {
                    Record =
                    [
                        new RecordOptions
                        {
                            RecordNotify = true,
                            MinFree = 0,
                            MaxBacklog = most << 20,
                        },
                    ],
                },
            },
            work: mailbox => work = new HeldWork(mailbox));
        work.IsHeld = true;
        var publisher = server.Publish();
        publisher.Headers();
        for (var i = 0u; i < megabytes; i++)
        {
            publisher.Key(i * 40, 1 << 20);
            server.Turns(20);
            server.Turn(40);
        }

        Assert.That(server.Server.Struck[Limit.RecordBacklog], Is.EqualTo(struck));
        Assert.That(
            publisher.Last,
            Is.EqualTo(struck > 0 ? StatusCode.RecordFailed : StatusCode.PublishStart));
        Assert.That(server.Server.PublisherCount, Is.EqualTo(1), "the stream goes on");
    }

    [Test]
    public void Too_little_room_is_counted()
    {
        using var server = Start(new RecordOptions { MinFree = 200_000 });
        server.Disk.CapacityBytes = 100_000;
        Film(server, server.Publish(), 25);

        Assert.That(server.Server.Struck[Limit.MinFree], Is.EqualTo(1));
    }

    private static ServerInMemory Start(RecordOptions rule) => new(options: new ServerOptions
    {
        Defaults = new StreamOptions { Record = [rule] },
    });

    private static void Film(ServerInMemory server, Peer publisher, int frames, int from = 0)
    {
        if (from == 0)
            publisher.Headers();
        for (var i = from; i < from + frames; i++)
        {
            if (i % 25 == 0)
                publisher.Key((uint)i * 40, 5000);
            else
                publisher.Inter((uint)i * 40, 3000);
            server.Turn(40);
        }
    }
}
