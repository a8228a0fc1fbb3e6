using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Server.Relays;
using Reactor.Streaming;
using Reactor.Testing;

namespace Reactor.Server.Tests.Relays;

/// <summary><c>live/c</c>, which a relay brings from <c>live/a</c>, and one player of it.</summary>
/// <remarks>The server relays to itself, over a wire that the test carries and cuts.</remarks>
internal sealed class RelayedServer : IDisposable
{
    /// <summary>What the player plays.</summary>
    public static readonly StreamKey Copy = new("live", "c");

    private const int FramesInGop = 100;

    private readonly List<(MemorySocket Ours, MemorySocket Theirs)> _wires = [];
    private readonly Peer _publisher;
    private int _frame;

    /// <param name="options">Of <c>live/c</c>: whence it is pulled.</param>
    /// <param name="source">Of <c>live/a</c>, where they are others: where it is pushed to.</param>
    public RelayedServer(StreamOptions options, StreamOptions? source = null)
    {
        options = Patient(options);
        source = Patient(source ?? options);
        Server = new ServerInMemory(takesCalls: true, options: new ServerOptions
        {
            Apps = new AppTable([new AppRule("live", options, [new AppRule("a", source, [])])]),
        });
        _publisher = Server.Publish();
        _publisher.Headers();
        Player = Server.Play("c");
    }

    public ServerInMemory Server { get; }

    public Peer Player { get; }

    /// <summary>Whether whoever is called is not reached.</summary>
    public bool IsHeld { get; set; }

    public RelayStatus Relay => Server.Server.RelayApi.List().Single();

    public bool IsPublished => Server.Server.Hub.Find(Copy) is { IsPublished: true };

    public long Struck(Limit limit) => Server.Server.Struck[limit];

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
        ShouldHaveHeard(frames);
        foreach (var track in new[] { Player.Video, Player.Audio })
        {
            var times = track.Where(seen => !seen.IsHeader).Select(seen => (int)seen.Time);
            var steps = times.Zip(times.Skip(1), (one, next) => next - one).ToList();
            Assert.That(steps, Has.All.InRange(20, 60), "time goes on");
            Assert.That(steps.Sum(), Is.EqualTo((frames - 1) * 40).Within(40));
        }
    }

    public void Dispose() => Server.Dispose();

    /// <summary>What was called takes no more bytes of ours.</summary>
    public void Stall()
    {
        foreach (var (ours, _) in _wires)
            ours.Room = 0;
    }

    /// <summary>The player's sound is that of all frames, each once.</summary>
    public void ShouldHaveHeard(int frames)
    {
        var sound = Player.Audio.Where(seen => !seen.IsHeader).ToList();
        Assert.That(
            sound.Select(seen => seen.Payload.Length),
            Is.EqualTo(Enumerable.Range(0, frames).Select(frame => 20 + (frame % 50))));
    }

    /// <summary>Pictures are missing once, up to a keyframe, and none came twice.</summary>
    /// <returns>How many are missing.</returns>
    public int ShouldHaveMissedUpToAKeyframe(int frames)
    {
        var sizes = Got.ToList();
        Assert.That(sizes, Is.Ordered.And.Unique, "nothing comes twice");
        Assert.That(sizes.Last(), Is.EqualTo(SizeOf(frames - 1)));
        var gap = sizes.Zip(sizes.Skip(1)).Single(pair => pair.Second != pair.First + 1);
        Assert.That((gap.Second - SizeOf(0)) % FramesInGop, Is.Zero, "a keyframe");
        Assert.That(Player.Video.Select(seen => seen.Time), Is.Ordered);
        return gap.Second - gap.First - 1;
    }

    private static StreamOptions Patient(StreamOptions options) => options with
    {
        Publish = options.Publish with { DropIdlePublisher = TimeSpan.FromHours(1) },
    };

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
