using System;
using System.Collections.Generic;
using Reactor.Transport;

namespace Reactor.Testing;

/// <summary>Work that hangs until it is released, or is refused: a disk that does not answer.
/// </summary>
public sealed class HeldWork(Mailbox mailbox) : IWorkQueue
{
    private readonly Queue<(Action Work, Action<Exception?> Done)> _held = new();
    private readonly InlineWork _inline = new(mailbox);

    public bool IsHeld { get; set; }

    /// <summary>Whether nothing more fits.</summary>
    public bool IsFull { get; set; }

    public int Outstanding => _held.Count + _inline.Outstanding;

    public bool TryRun(Action work, Action<Exception?> done)
    {
        if (IsFull)
            return false;
        if (!IsHeld)
            return _inline.TryRun(work, done);
        _held.Enqueue((work, done));
        return true;
    }

    public void Release()
    {
        IsHeld = false;
        while (_held.TryDequeue(out var job))
            _inline.TryRun(job.Work, job.Done);
    }

    public void Dispose()
    {
        Release();
        _inline.Dispose();
    }
}
