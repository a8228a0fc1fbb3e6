using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Server.Relays;
using Reactor.Streaming;
using Reactor.Testing;

namespace Reactor.Server.Tests.Relays;

/// <summary>A pull whose connection is cut while the stream goes on.</summary>
/// <remarks>The server pulls from itself, over a wire that the test carries and cuts.</remarks>
[TestFixture]
public sealed class CutPullTests
{
    private const int FramesInGop = 100;
    private const int ProvenFrames = 11 * 25;
    private static readonly StreamKey Copy = new("live", "c");

    [Test]
    public void A_player_gets_each_frame_once_and_none_is_missing(
        [Values(0, 5, 27, 50, 80, 100)] int more)
    {
        using var world = new Pulled();
        world.Film(ProvenFrames + more);        // no GOP ends within the next half second
        world.Player.Codes.Clear();
        world.Cut();
        world.Film(250);

        Assert.That(world.Pull.Attempts, Is.EqualTo(2));
        world.ShouldHaveGot(ProvenFrames + more + 250);
        Assert.That(world.Player.Codes, Is.Empty, "players hear nothing of it");
        world.Server.Turns(2);
        Assert.That(world.Server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_player_goes_on_at_the_next_keyframe_where_it_took_too_long()
    {
        using var world = new Pulled();
        world.Film(ProvenFrames);
        world.Cut();
        world.IsHeld = true;
        world.Film(4 * 25);                     // from 2.75 GOPs to 3.75
        world.IsHeld = false;
        world.Film(150);
        world.Pass(200);

        var sizes = world.Got.ToList();
        Assert.That(sizes, Is.Ordered.And.Unique, "nothing comes twice");
        Assert.That(sizes.Last(), Is.EqualTo(Pulled.SizeOf(ProvenFrames + 249)));
        var gap = sizes.Zip(sizes.Skip(1)).Single(pair => pair.Second != pair.First + 1);
        Assert.That((gap.Second - Pulled.SizeOf(0)) % FramesInGop, Is.Zero, "a keyframe");
        Assert.That(world.Player.Video.Select(seen => seen.Time), Is.Ordered);
    }

    [Test]
    public void It_is_given_up_when_nobody_is_found_there_any_more()
    {
        using var world = new Pulled();
        world.Film(ProvenFrames);
        world.Server.Network.TakesCalls = false;
        world.Cut();
        Assert.That(world.IsPublished, Is.True, "for a moment");
        world.Film(25);

        Assert.That(world.IsPublished, Is.False);
    }

    [Test]
    public void It_is_given_up_when_the_pull_is_stopped_meanwhile()
    {
        using var world = new Pulled();
        world.Film(ProvenFrames);
        world.IsHeld = true;
        world.Cut();
        world.Film(2);
        world.Player.End();
        world.Film(12 * 25);

        Assert.That(world.Server.Server.RelayApi.List(), Is.Empty);
        Assert.That(world.Server.Server.PublisherCount, Is.EqualTo(1));
        Assert.That(world.Server.Server.Hub.Find(Copy), Is.Null);
    }

    [Test]
    public void A_publisher_may_have_the_name_meanwhile()
    {
        using var world = new Pulled();
        world.Film(ProvenFrames);
        world.IsHeld = true;
        world.Cut();
        world.Film(2);
        Assert.That(world.IsPublished, Is.True);

        var publisher = world.Server.Publish("c");
        Assert.That(publisher.IsStarted, Is.True);
        Assert.That(world.Server.Server.RelayApi.List(), Is.Empty);
    }

    [Test]
    public void A_stream_that_is_silent_is_given_up_and_counted()
    {
        using var world = new Pulled();
        world.Film(ProvenFrames);
        world.Pass(9800);
        Assert.That((world.IsPublished, world.Struck), Is.EqualTo((true, 0)));
        world.Pass(600);

        Assert.That((world.IsPublished, world.Struck), Is.EqualTo((false, 1)));
        Assert.That(world.Pull.LastError, Does.Contain("no media"));
    }

    [Test]
    public void A_stream_that_nobody_publishes_there_is_nobodys_here()
    {
        using var world = new Pulled();
        world.Film(25);
        world.EndSource();
        world.Pass(16_000);

        Assert.That(world.Pull.Attempts, Is.EqualTo(2));
        Assert.That(world.IsPublished, Is.False, "an answer to play is no media");
    }

    /// <summary><c>live/c</c>, pulled from <c>live/a</c> for one player.</summary>
    private sealed class Pulled : IDisposable
    {
        private readonly List<(MemorySocket Ours, MemorySocket Theirs)> _wires = [];
        private readonly Peer _publisher;
        private int _frame;

        public Pulled()
        {
            Server = new ServerInMemory(takesCalls: true, options: new ServerOptions
            {
                Defaults = new StreamOptions
                {
                    Pull = [new RelayRule("rtmp://127.0.0.1:1935/live/a") { Name = "c" }],
                    Publish = new PublishOptions { DropIdlePublisher = TimeSpan.FromHours(1) },
                },
            });
            _publisher = Server.Publish();
            _publisher.Headers();
            Player = Server.Play("c");
        }

        public ServerInMemory Server { get; }

        public Peer Player { get; }

        /// <summary>Whether whoever is called is not reached.</summary>
        public bool IsHeld { get; set; }

        public RelayStatus Pull => Server.Server.RelayApi.List().Single();

        public bool IsPublished => Server.Server.Hub.Find(Copy) is { IsPublished: true };

        public long Struck => Server.Server.Struck[Limit.PullTimeout];

        /// <summary>What the player got, by sizes, which number the frames.</summary>
        public IEnumerable<int> Got =>
            Player.Video.Where(seen => !seen.IsHeader).Select(seen => seen.Payload.Length);

        public static int SizeOf(int frame) => 100 + frame;

        public void Film(int frames)
        {
            for (var end = _frame + frames; _frame < end; _frame++)
            {
                var time = (uint)_frame * 40;
                if (_frame % FramesInGop == 0)
                    _publisher.Key(time, SizeOf(_frame));
                else
                    _publisher.Inter(time, SizeOf(_frame));
                _publisher.Sound(time, 20 + (_frame % 50));
                Turn(40);
            }
        }

        public void Pass(int milliseconds)
        {
            for (; milliseconds > 0; milliseconds -= 100)
                Turn(100);
        }

        public void EndSource() => _publisher.End();

        public void Cut()
        {
            foreach (var (ours, theirs) in _wires)
            {
                ours.Leave();
                theirs.Leave();
            }
            _wires.Clear();
            Server.Turn();
        }

        public void ShouldHaveGot(int frames)
        {
            Pass(200);
            Assert.That(Got, Is.EqualTo(Enumerable.Range(0, frames).Select(SizeOf)));
            var sound = Player.Audio.Where(seen => !seen.IsHeader).ToList();
            Assert.That(
                sound.Select(seen => seen.Payload.Length),
                Is.EqualTo(Enumerable.Range(0, frames).Select(frame => 20 + (frame % 50))));
            foreach (var track in new[] { Player.Video, Player.Audio })
            {
                var times = track.Where(seen => !seen.IsHeader).Select(seen => (int)seen.Time);
                var steps = times.Zip(times.Skip(1), (one, next) => next - one).ToList();
                Assert.That(steps, Has.All.InRange(20, 60), "time goes on");
                Assert.That(steps.Sum(), Is.EqualTo((frames - 1) * 40).Within(40));
            }
        }

        public void Dispose() => Server.Dispose();

        private void Turn(int milliseconds)
        {
            var called = Server.Network.Called;
            while (!IsHeld && called.Count > 0)
            {
                _wires.Add((called[0], Server.Network.Visit()));
                called.RemoveAt(0);
            }
            foreach (var (ours, theirs) in _wires)
            {
                Carry(ours, theirs);
                Carry(theirs, ours);
            }
            Server.Turn(milliseconds);
        }

        private static void Carry(MemorySocket from, MemorySocket to)
        {
            if (from.Sent.Count > 0)
                to.Arrive(from.Sent.ToArray());
            from.Sent.Clear();
            if (from.IsClosed)
                to.Leave();
        }
    }
}
