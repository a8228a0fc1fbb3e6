using System;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Server.Storage;

namespace Reactor.Server.Tests.Recording;

/// <summary>What a fault of ours costs a recording: itself, and nothing is left of it.</summary>
[TestFixture]
public sealed class RecordingFaultTests
{
    private int _left;

    /// <summary>
    /// Whichever call of the disk it is, of the file under way or of the one before it (seeds
    /// 60003014, 60005779 and 60019987: that one stayed open).
    /// </summary>
    [Test]
    public void It_leaves_no_file_open(
        [Range(1, 15)] int call, [Values] RecordFormat format)
    {
        using var server = Start(new RecordOptions
        {
            Format = format,
            RecordInterval = TimeSpan.FromSeconds(1),
        });
        var publisher = server.Publish();
        _left = call;
        server.Film(publisher, seconds: 8);

        Assert.That(_left, Is.LessThanOrEqualTo(0), "there was one");
        Assert.That(server.Server.RecordingApi.List(), Is.Empty, "it cost the recording");
        Assert.That(server.Server.Files.OpenFiles + server.Disk.Opened, Is.Zero);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    /// <summary>Else nobody could write there any more.</summary>
    [Test]
    public void It_leaves_no_name_taken([Range(1, 8)] int call)
    {
        using var server = Start(new RecordOptions
        {
            RecordPath = PathTemplate.TryParse("rec/{stream}.{ext}", out _)!,
            RecordAppend = true,
        });
        Record(server);
        server.Turns(40, 1000);                 // behind the grace it is completed
        _left = call;
        Record(server);
        Assert.That(_left, Is.LessThanOrEqualTo(0), "there was one");
        var before = server.Disk.Read("rec/a.flv").Length;

        Record(server);

        Assert.That(server.Disk.Names, Is.EqualTo(new[] { "rec/a.flv" }));
        Assert.That(server.Disk.Read("rec/a.flv").Length, Is.GreaterThan(before));
    }

    private static void Record(ServerInMemory server)
    {
        var publisher = server.Publish();
        server.Film(publisher, seconds: 3);
        publisher.End();
        server.Turns(3);
    }

    private ServerInMemory Start(RecordOptions rule)
    {
        _left = 0;
        var server = new ServerInMemory(options: new ServerOptions
        {
            Defaults = new StreamOptions { Record = [rule] },
        });
        server.Disk.Before = () =>
        {
            if (--_left == 0)
                throw new InvalidOperationException("a bug");
        };
        return server;
    }
}
