using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;

namespace Reactor.Transport.Tests;

[TestFixture]
public sealed class TimerQueueTests
{
    private readonly List<string> _fired = [];
    private ScriptedLoop _world = null!;

    [SetUp]
    public void Open()
    {
        _world = new ScriptedLoop();
        _fired.Clear();
    }

    [TearDown]
    public void Close() => _world.Dispose();

    [Test]
    public void Timers_fire_in_the_order_of_their_deadlines()
    {
        Timer("late").Set(30);
        Timer("early").Set(10);
        Timer("middle").Set(20);

        _world.Turn(afterMs: 9);
        Assert.That(_fired, Is.Empty);
        _world.Turn(afterMs: 1);
        Assert.That(_fired, Is.EqualTo(["early"]));
        _world.Turn(afterMs: 100);
        Assert.That(_fired, Is.EqualTo(["early", "middle", "late"]));
    }

    [Test]
    public void Equal_deadlines_fire_in_the_order_of_setting()
    {
        var first = Timer("first");
        Timer("second").Set(10);
        Timer("third").Set(10);
        first.Set(10);                          // set last, so it is last

        _world.Turn(afterMs: 10);

        Assert.That(_fired, Is.EqualTo(["second", "third", "first"]));
    }

    [Test]
    public void A_cancelled_timer_does_not_fire_even_within_the_turn()
    {
        var victim = Timer("victim");
        _world.Loop.CreateTimer(victim.Cancel, owner: null).Set(10);
        victim.Set(10);

        _world.Turn(afterMs: 10);

        Assert.That(_fired, Is.Empty);
        Assert.That(victim.IsSet, Is.False);
        victim.Cancel();                        // once more is harmless
        Assert.That(_world.Loop.Timers.Count, Is.Zero);
    }

    [Test]
    public void A_timer_that_is_set_while_firing_waits_for_the_next_turn(
        [Values(0, 1, 5)] int delay)
    {
        LoopTimer timer = null!;
        timer = _world.Loop.CreateTimer(
            () =>
            {
                _fired.Add("again");
                timer.Set(delay);
            },
            owner: null);
        timer.Set(10);

        _world.Turn(afterMs: 1000);
        Assert.That(_fired, Has.Count.EqualTo(1));
        _world.Turn(afterMs: 5);
        Assert.That(_fired, Has.Count.EqualTo(2));
    }

    [Test]
    public void A_moved_timer_fires_once_at_its_last_deadline()
    {
        var timer = Timer("moved");
        timer.Set(10);
        timer.Set(50);
        _world.Turn(afterMs: 20);
        Assert.That(_fired, Is.Empty);
        timer.Set(5);
        _world.Turn(afterMs: 5);
        _world.Turn(afterMs: 100);

        Assert.That(_fired, Is.EqualTo(["moved"]));
    }

    /// <summary>Against a plain list that is sorted anew for every question.</summary>
    [Test]
    public void The_heap_agrees_with_a_sorted_list([Range(0, 49)] int seed)
    {
        var random = new Random(seed);
        var timers = Enumerable.Range(0, 40).Select(i => Timer($"{i}")).ToArray();
        var model = new Dictionary<int, (long Deadline, int Order)>();
        for (var step = 0; step < 300; step++)
        {
            var index = random.Next(timers.Length);
            if (random.Next(3) == 0)
            {
                timers[index].Cancel();
                model.Remove(index);
            }
            else
            {
                var delay = random.Next(1, 50);
                timers[index].Set(delay);
                model[index] = (_world.Loop.NowMs + delay, step);
            }
            if (random.Next(4) == 0)
                AssertTurnAgrees(model, random.Next(20));
        }
    }

    private void AssertTurnAgrees(Dictionary<int, (long Deadline, int Order)> model, int afterMs)
    {
        _fired.Clear();
        _world.Turn(afterMs);

        var due = model.Where(timer => timer.Value.Deadline <= _world.Loop.NowMs)
            .OrderBy(timer => timer.Value)
            .Select(timer => timer.Key)
            .ToList();
        due.ForEach(index => model.Remove(index));
        Assert.That(_fired, Is.EqualTo(due.Select(index => $"{index}")));
        Assert.That(_world.Loop.Timers.Count, Is.EqualTo(model.Count));
    }

    private LoopTimer Timer(string name) =>
        _world.Loop.CreateTimer(() => _fired.Add(name), owner: null);
}
