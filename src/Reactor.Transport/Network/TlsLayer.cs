using System;
using System.Collections.Generic;
using Reactor.Primitives;
using Reactor.Transport.Polling;

namespace Reactor.Transport.Network;

/// <summary>
/// What the TLS sockets of one loop share: a poller that sees through them, and room to work in.
/// </summary>
/// <remarks>
/// Readiness stays level-triggered for whoever watches a TLS socket: it is readable while
/// decrypted bytes wait, whatever the socket beneath says, and writable once nothing encrypted
/// waits. What can be read may be TLS's own and nothing for the owner: it is decrypted when the
/// owner receives, so that a buffer is needed only then. A handshake goes on within a wait.
/// Sockets without TLS pass through.
/// Invariant: the thread has no synchronisation context, or SslStream would go on elsewhere.
/// </remarks>
public sealed class TlsLayer : IPoller
{
    /// <summary>Plain bytes of one record; TLS takes 16,384.</summary>
    internal const int RecordBytes = 16_200;

    private const int GatherScratchBytes = 16 << 10;
    private readonly IPoller _poller;
    private readonly int _handshakesMax;
    private readonly Queue<TlsSocket> _buffered = new();
    private int _watched;
    private int _begun;
    private long _waits;

    /// <param name="poller">The system's.</param>
    /// <param name="pool">Of the loop.</param>
    /// <param name="handshakesMax">Begin in one turn; each costs a millisecond or more.</param>
    public TlsLayer(IPoller poller, PacketPool pool, int handshakesMax)
    {
        _poller = poller;
        _handshakesMax = handshakesMax;
        Pool = pool;
    }

    public int Watched => _poller.Watched;

    /// <summary>Handshakes that were begun since the start.</summary>
    public long Handshakes { get; private set; }

    /// <summary>How often one had to wait for another turn.</summary>
    public long Deferred { get; private set; }

    internal PacketPool Pool { get; }

    internal GatherList Gather { get; } = new(segmentsMax: 2, GatherScratchBytes);

    /// <summary>Where the segments of a write are joined to a record.</summary>
    internal byte[] Plain { get; } = new byte[RecordBytes];

    /// <summary>The server's side of TLS upon an accepted connection.</summary>
    /// <param name="socket">Owned from now on.</param>
    /// <param name="identity">The certificate that is shown.</param>
    /// <param name="failed">Told in one line why there is no TLS, if it comes to that.</param>
    /// <param name="received">What was received of the socket already: the client's first words.
    /// </param>
    public ISocket Accept(
        ISocket socket,
        TlsIdentity identity,
        Action<string> failed,
        ReadOnlySpan<byte> received = default)
    {
        var tls = new TlsSocket(
            this, socket, failed, ssl => ssl.AuthenticateAsServerAsync(identity.Options));
        tls.TakeAhead(received);
        return tls;
    }

    /// <summary>The client's side of TLS upon a connection, which may be under way still.</summary>
    /// <param name="socket">Owned from now on.</param>
    /// <param name="settings">Who the server must be.</param>
    /// <param name="failed">Told in one line why there is no TLS, if it comes to that.</param>
    public ISocket Connect(ISocket socket, TlsClientSettings settings, Action<string> failed)
    {
        var tls = new TlsSocket(
            this, socket, failed, ssl => ssl.AuthenticateAsClientAsync(settings.ToOptions()));
        tls.BeginAsClient();
        return tls;
    }

    public void Watch(IPollSource source, IPollable target, Readiness interest)
    {
        if (source is not TlsSocket tls)
        {
            _poller.Watch(source, target, interest);
            return;
        }
        _watched += tls.Target is null ? 1 : 0;
        tls.Target = target;
        tls.Interest = interest;
        Update(tls);
    }

    public void Forget(IPollSource source)
    {
        if (source is not TlsSocket tls)
        {
            _poller.Forget(source);
            return;
        }
        if (tls.Target is null)
            return;
        _watched--;
        tls.Target = null;
        _poller.Forget(tls.Beneath);
    }

    public int Wait(Span<ReadyEvent> events, int timeoutMs)
    {
        if (_watched == 0)
            return _poller.Wait(events, timeoutMs);
        _begun = 0;
        _waits++;
        var told = TellBuffered(events);
        if (told == events.Length)
            return told;
        var rest = events[told..];
        var count = _poller.Wait(rest, told > 0 ? 0 : timeoutMs);
        return told + SeeThrough(rest[..count]);
    }

    public void Wake() => _poller.Wake();

    public void Dispose() => _poller.Dispose();

    /// <summary>What the socket waits for has changed.</summary>
    internal void Update(TlsSocket tls)
    {
        if (tls.Target is null)
            return;
        _poller.Watch(tls.Beneath, tls, tls.Awaited);
        if (!tls.HasBuffered || tls.IsListed)
            return;
        tls.IsListed = true;
        _buffered.Enqueue(tls);
    }

    internal bool TryBeginHandshake()
    {
        if (_begun == _handshakesMax)
        {
            Deferred++;
            return false;
        }
        _begun++;
        Handshakes++;
        return true;
    }

    /// <summary>
    /// Tells of decrypted bytes, which no system knows of; half of the room at most, and none in
    /// every other wait when there is room for one only.
    /// </summary>
    private int TellBuffered(Span<ReadyEvent> events)
    {
        var told = 0;
        var room = events.Length > 1 ? events.Length / 2 : (int)(_waits & 1);
        for (var count = _buffered.Count; count > 0 && told < room; count--)
        {
            var tls = _buffered.Dequeue();
            tls.IsListed = tls.HasBuffered && tls.Target is not null;
            if (!tls.IsListed)
                continue;
            _buffered.Enqueue(tls);
            if ((tls.Interest & Readiness.Read) == 0)
                continue;                       // paused: it stays, and nobody spins
            tls.ToldIn = _waits;
            events[told++] = new ReadyEvent(tls.Target!, Readiness.Read);
        }
        return told;
    }

    /// <summary>Puts the owners in the place of TLS sockets, for what they may do now.</summary>
    private int SeeThrough(Span<ReadyEvent> events)
    {
        var filled = 0;
        foreach (var ready in events)
        {
            if (ready.Target is not TlsSocket tls)
            {
                events[filled++] = ready;
                continue;
            }
            var what = tls.Step(ready.What) & tls.Interest;
            Update(tls);
            if (what != Readiness.None && tls.ToldIn != _waits)
                events[filled++] = new ReadyEvent(tls.Target!, what);
        }
        return filled;
    }
}
