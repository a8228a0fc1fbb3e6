using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Sessions;

/// <summary>Audio that waits for a picture does so at the publisher's socket.</summary>
[TestFixture]
public sealed class LeavesAudioTests
{
    private const int PictureBytes = 1000;

    private ServerInMemory _server = null!;
    private Peer _publisher = null!;
    private Peer _player = null!;
    private uint _timeMs;

    [TearDown]
    public void End() => _server.Dispose();

    [Test]
    public void Audio_lies_unread_until_a_picture_comes_and_leaves_before_it()
    {
        Begin();
        var before = _server.FramesIn;

        _publisher.Sound(_timeMs);
        _server.Turn(20);
        Assert.That(_server.FramesIn, Is.EqualTo(before));
        _publisher.Inter(_timeMs + 20, PictureBytes);
        _server.Turn();

        Assert.That(_server.FramesIn, Is.EqualTo(before + 2));
        Assert.That(
            _player.Seen[^2..].Select(seen => seen.Type),
            Is.EqualTo(new[] { MessageType.Audio, MessageType.Video }));
    }

    [Test]
    public void Audio_without_a_picture_is_sent_when_its_wait_is_over()
    {
        Begin();
        var heard = _player.Audio.Count();

        _publisher.Sound(_timeMs);
        _server.Turn(39);
        Assert.That(_player.Audio.Count(), Is.EqualTo(heard));
        _server.Turn(1);

        Assert.That(_player.Audio.Count(), Is.EqualTo(heard + 1));
    }

    [Test]
    public void Much_audio_is_read_at_once_and_waits_for_what_is_left()
    {
        Begin();
        var (before, heard) = (_server.FramesIn, _player.Audio.Count());

        _server.Turn(10);
        _publisher.Sound(_timeMs + 10, 300);
        _publisher.Sound(_timeMs + 10, 300);
        _server.Turn();
        Assert.That(_server.FramesIn, Is.EqualTo(before + 2));
        _server.Turn(29);
        Assert.That(_player.Audio.Count(), Is.EqualTo(heard));
        _server.Turn(1);

        Assert.That(_player.Audio.Count(), Is.EqualTo(heard + 2));
    }

    [TestCase(600)]
    [TestCase(PictureBytes)]
    public void What_is_left_of_a_picture_is_read_as_it_comes(int first)
    {
        Begin();
        var seen = _player.Video.Count();

        _publisher.ArriveFirst = first;
        _publisher.Inter(_timeMs, PictureBytes);
        _server.Turn(1);
        _publisher.ArriveRest();
        _server.Turn(1);

        Assert.That(_player.Video.Count(), Is.EqualTo(seen + 1));
    }

    [Test]
    public void A_picture_that_is_smaller_than_any_is_late_once()
    {
        Begin();
        var seen = _player.Video.Count();

        _publisher.Inter(_timeMs, 100);
        _server.Turn(39);
        Assert.That(_player.Video.Count(), Is.EqualTo(seen));
        _server.Turn(1);
        Assert.That(_player.Video.Count(), Is.EqualTo(seen + 1));
        _publisher.Inter(_timeMs + 40, 100);
        _server.Turn();

        Assert.That(_player.Video.Count(), Is.EqualTo(seen + 2));
    }

    [Test]
    public void A_sender_that_holds_pictures_back_until_it_is_read_is_read_as_it_sends()
    {
        Begin();
        for (var i = 0; i < 3; i++, _timeMs += 40)
        {
            _publisher.Sound(_timeMs);
            _server.Turn(40);
            _publisher.Inter(_timeMs, PictureBytes);
            _server.Turn();
        }
        var before = _server.FramesIn;

        _server.Turn(1000);
        _publisher.Sound(_timeMs);
        _server.Turn();

        Assert.That(_server.FramesIn, Is.EqualTo(before + 1));
    }

    [Test]
    public void A_picture_that_comes_late_by_itself_changes_nothing()
    {
        Begin();
        for (var i = 0; i < 5; i++, _timeMs += 40)
        {
            _server.Turn(i % 3 == 2 ? 33 : 40);
            _publisher.Inter(_timeMs, PictureBytes);
            _server.Turn();
        }
        var before = _server.FramesIn;

        _publisher.Sound(_timeMs);
        _server.Turn();

        Assert.That(_server.FramesIn, Is.EqualTo(before));
    }

    [Test]
    public void Pictures_that_come_at_once_behind_a_stall_change_nothing()
    {
        Begin();
        _server.Turn(40);
        for (var i = 0; i < 5; i++)
            _publisher.Inter(_timeMs, PictureBytes);
        _server.Turn(500);
        var before = _server.FramesIn;

        _publisher.Sound(_timeMs);
        _server.Turn();

        Assert.That(_server.FramesIn, Is.EqualTo(before));
    }

    [Test]
    public void A_stop_is_heard_though_it_is_small()
    {
        Begin();

        _publisher.Command("deleteStream", AmfValue.Of(1));
        _server.Turn(40);

        Assert.That(_server.Server.PublisherCount, Is.Zero);
        _publisher.Command("createStream");
        _server.Turn();
        Assert.That(_publisher.Socket.IsClosed, Is.False);
    }

    [Test]
    public void Whom_many_watch_is_read_as_it_sends()
    {
        Begin();
        for (var i = 1; i <= 32; i++)
            _server.Play();
        _server.Turn(1000);
        var before = _server.FramesIn;

        _publisher.Sound(_timeMs);
        _server.Turn();

        Assert.That(_server.FramesIn, Is.EqualTo(before + 1));
    }

    [Test]
    public void Where_nothing_waits_all_is_read_as_it_comes()
    {
        Begin(new ServerOptions
        {
            Reactor = new ReactorOptions { WriteCoalesce = TimeSpan.Zero },
        });
        var before = _server.FramesIn;

        _publisher.Sound(_timeMs);
        _server.Turn();

        Assert.That(_server.FramesIn, Is.EqualTo(before + 1));
    }

    /// <summary>A publisher of 30 pictures a second that is known, at its last picture.</summary>
    private void Begin(ServerOptions? options = null)
    {
        _server = new ServerInMemory(options: options);
        _publisher = _server.Publish();
        _player = _server.Play();
        _publisher.Headers();
        for (_timeMs = 0; _timeMs < 150 * 33; _timeMs += 33)
        {
            _publisher.Sound(_timeMs);
            if (_timeMs % (30 * 33) == 0)
                _publisher.Key(_timeMs, 5 * PictureBytes);
            else
                _publisher.Inter(_timeMs, PictureBytes);
            _server.Turn(33);
        }
    }
}
