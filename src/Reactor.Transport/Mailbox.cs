using System;
using System.Collections.Generic;
using System.Threading;
using Reactor.Transport.Polling;

namespace Reactor.Transport;

/// <summary>The only door by which other threads reach the loop: letters to run on it.</summary>
/// <remarks>
/// Bounded: a full mailbox says so at once, and its producer keeps the letter. The poller is
/// woken once for any number of letters.
/// </remarks>
public sealed class Mailbox(IPoller poller, int lettersMax)
{
    private const int FullPauseMs = 1;

    private readonly Lock _lock = new();
    private Queue<Action> _incoming = new();
    private Queue<Action> _draining = new();
    private long _refused;
    private bool _isClosed;

    /// <summary>Letters that were not taken because so many waited.</summary>
    public long Refused
    {
        get
        {
            lock (_lock)
                return _refused;
        }
    }

    /// <summary>Letters that wait.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _incoming.Count;
        }
    }

    public bool IsEmpty
    {
        get
        {
            lock (_lock)
                return _incoming.Count == 0;
        }
    }

    /// <summary>Leaves a letter, from any thread.</summary>
    /// <returns>False when the mailbox is full; nothing was left then.</returns>
    public bool TryPost(Action letter)
    {
        lock (_lock)
        {
            if (_isClosed)
                return true;                    // nobody will ever read it
            if (_incoming.Count >= lettersMax)
            {
                _refused++;
                return false;
            }
            _incoming.Enqueue(letter);
            // Under the lock, so that it cannot be a poller that is gone.
            if (_incoming.Count == 1)
                poller.Wake();
        }
        return true;
    }

    /// <summary>Leaves a letter as soon as there is room, from any thread but the loop's.</summary>
    public void Post(Action letter)
    {
        while (!TryPost(letter))
            Thread.Sleep(FullPauseMs);
    }

    /// <summary>The loop ends; letters of those who are late are dropped.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
        }
    }

    /// <summary>Runs the letters that are there; what they post waits for the next turn.</summary>
    public void Drain()
    {
        lock (_lock)
            (_incoming, _draining) = (_draining, _incoming);
        while (_draining.TryDequeue(out var letter))
            letter();
    }
}
