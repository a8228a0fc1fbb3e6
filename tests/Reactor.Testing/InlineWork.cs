using System;
using Reactor.Transport;

namespace Reactor.Testing;

/// <summary>Work that is done at once, by whoever hands it over; its end comes as mail.</summary>
public sealed class InlineWork(Mailbox mailbox) : IWorkQueue
{
    public int Outstanding { get; private set; }

    public bool TryRun(Action work, Action<Exception?> done)
    {
        Exception? fault = null;
        try
        {
            work();
        }
        catch (Exception thrown)        // its owner is told, as by the real queue
        {
            fault = thrown;
        }
        Outstanding++;
        return mailbox.TryPost(() =>
        {
            Outstanding--;
            done(fault);
        });
    }

    public void Dispose() => mailbox.Drain();
}
