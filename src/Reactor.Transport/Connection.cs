using System;
using System.Net;
using Reactor.Primitives;
using Reactor.Transport.Network;
using Reactor.Transport.Polling;

namespace Reactor.Transport;

/// <summary>A socket, what waits to be sent on it, and whoever hears of it.</summary>
/// <remarks>
/// Open until <see cref="Close"/>; or <see cref="CloseGently"/>, which still sends what waits,
/// then FIN, and hears the peer out for a while, so that the last words are not lost to a reset.
/// Invariant: writability is watched only while the socket is blocked, readability only
/// while reading is not paused; input is parked only when the handler left some.
/// </remarks>
public sealed partial class Connection : IPollable
{
    /// <summary>What its fields take of the cache.</summary>
    public const int CacheLines = 4;

    /// <summary>
    /// The same with all that is made for it at once, which lies behind it: a socket's reader has
    /// to go through most of that.
    /// </summary>
    public const int CacheLinesToRead = 32;

    private const long NoWait = -1;
    private readonly EventLoop _loop;
    private readonly Action<Connection> _gone;
    private ISocket _socket;
    private IPEndPoint? _client;
    private IConnectionHandler? _handler;
    private IOutbox _outbox = EmptyOutbox.Instance;
    private LoopTimer? _farewell;
    private long _farewellByMs;
    private State _state = State.Open;
    private long _flushByMs = NoWait;
    private Readiness? _interest;
    private bool _isDirty;
    private bool _isBlocked;
    private bool _isDrained = true;
    private bool _hasEndedSending;

    /// <param name="loop">The loop that it lives on.</param>
    /// <param name="id">Counts from 1, for log lines.</param>
    /// <param name="socket">Owned from now on.</param>
    /// <param name="gone">Told when the socket is closed.</param>
    public Connection(EventLoop loop, long id, ISocket socket, Action<Connection> gone)
    {
        _loop = loop;
        _socket = socket;
        _gone = gone;
        Id = id;
        LastReceivedMs = LastSentMs = loop.NowMs;
    }

    private enum State
    {
        Open,
        Farewell,
        Closed,
    }

    public long Id { get; }

    /// <summary>Whose connection it is: the socket's peer, or whom that peer speaks for.</summary>
    public IPEndPoint Remote => _client ?? _socket.Remote;

    public IPEndPoint Local => _socket.Local;

    public EventLoop Loop => _loop;

    public bool IsOpen => _state != State.Closed;

    public long BytesReceived { get; private set; }

    public long BytesSent { get; private set; }

    /// <summary>When the last byte came, on the loop's clock.</summary>
    public long LastReceivedMs { get; private set; }

    /// <summary>When the socket last took a byte, or had nothing to take.</summary>
    public long LastSentMs { get; private set; }

    /// <summary>Whether the peer speaks TLS.</summary>
    public bool IsTls => _socket is TlsSocket;

    /// <summary>Whether bytes wait for the peer to take some.</summary>
    public bool IsBlocked => _isBlocked;

    /// <summary>Begins: from now on the handler hears of bytes.</summary>
    public void Start(IConnectionHandler handler, IOutbox outbox)
    {
        _handler = handler;
        _outbox = outbox;
        UpdateInterest();
    }

    /// <summary>Somebody else takes over what was begun, and the input that is left.</summary>
    /// <param name="handler">Hears of everything from now on.</param>
    /// <param name="outbox">Takes the place of one that is empty.</param>
    public void HandOver(IConnectionHandler handler, IOutbox outbox)
    {
        Invariant.Holds(_state == State.Open && _outbox.IsEmpty);
        _handler = handler;
        _outbox = outbox;
    }

    /// <summary>The socket's peer is a proxy, and says whose connection it is.</summary>
    public void SpeakFor(IPEndPoint client) => _client = client;

    /// <summary>From now on bytes pass through another socket: TLS begins.</summary>
    /// <param name="above">Makes it of the one that there is, and owns that.</param>
    public void Wrap(Func<ISocket, ISocket> above)
    {
        Invariant.Holds(_state == State.Open && _outbox.IsEmpty && _parked is null);
        _loop.Poller.Forget(_socket);
        _socket = above(_socket);
        if (_interest is { } interest)
            _loop.Poller.Watch(_socket, this, interest);
    }

    /// <summary>Something was put into the outbox: it leaves at the end of the turn.</summary>
    public void MarkDirty()
    {
        if (_isDirty || _isBlocked || _state == State.Closed)
            return;
        _isDirty = true;
        _flushByMs = NoWait;
        _loop.MarkDirty(this);
    }

    /// <summary>The same for what may wait: it leaves with the next flush, or by then.</summary>
    public void MarkDirty(int withinMs)
    {
        if (withinMs == 0)
            MarkDirty();
        if (_isDirty || _isBlocked || _flushByMs != NoWait || _state == State.Closed)
            return;
        _flushByMs = _loop.NowMs + withinMs;
        _loop.FlushLater(this, withinMs, _flushByMs);
    }

    /// <summary>Ends at once; what waits is dropped.</summary>
    public void Close(CloseReason reason, string detail)
    {
        if (_state == State.Closed)
            return;
        var handler = _state == State.Open ? _handler : null;
        _state = State.Closed;
        WasCutShort = _farewell is { IsSet: false };
        _farewell?.Cancel();
        _loop.Poller.Forget(_socket);
        _socket.Dispose();
        Unpark();
        try
        {
            handler?.OnClosed(reason, detail);
        }
        finally
        {
            _outbox.Clear();
            _gone(this);
        }
    }

    /// <summary>
    /// Ends once all was sent and the peer has closed, or the time is over; said again, the time
    /// may be over sooner.
    /// </summary>
    public void CloseGently(CloseReason reason, string detail, long farewellMs)
    {
        if (_state == State.Farewell)
            Hasten(_loop.NowMs + farewellMs);
        if (_state != State.Open)
            return;
        _state = State.Farewell;
        Unpark();
        _isReadingPaused = false;
        ReadWithin(0);                          // what is left unread would make FIN a reset
        UpdateInterest();
        _farewell = _loop.CreateTimer(() => Close(reason, detail), this);
        _farewell.Set(farewellMs);
        _farewellByMs = _loop.NowMs + farewellMs;
        _handler?.OnClosed(reason, detail);
        _isBlocked = false;
        MarkDirty();
    }

    private void Hasten(long byMs)
    {
        if (byMs >= _farewellByMs)
            return;
        _farewellByMs = byMs;
        _farewell?.Set(byMs - _loop.NowMs);
    }

    /// <summary>Whether the time for its farewell was over before it was.</summary>
    public bool WasCutShort { get; private set; }

    public void OnReady(Readiness what)
    {
        if ((what & Readiness.Write) != 0 && _isBlocked)
        {
            _isBlocked = false;
            MarkDirty();
        }
        if ((what & Readiness.Read) != 0)
            Receive();
    }

    public void FetchAhead(int others) => _handler?.FetchAhead(others);

    public void OnFault(Exception fault)
    {
        try
        {
            if (_state != State.Closed && _handler is { } handler)
                handler.OnFault(fault);         // also of its last words
            else
                _loop.EndFailed?.Invoke(new AggregateException(fault));
        }
        finally
        {
            Close(CloseReason.Fault, fault.Message);
        }
    }

    /// <summary>Whether a wait that ends then is one; it may have left since.</summary>
    internal bool AwaitsFlush(long byMs) => _flushByMs == byMs && _state != State.Closed;

    /// <summary>Fetches what a flush uses; the connection itself is fetched already.</summary>
    internal void FetchParts()
    {
        Prefetch.Object(_outbox, lines: 2);
        Prefetch.Object(_socket, lines: 1);
        Prefetch.Object(_handler, lines: 2);
    }

    /// <summary>Fetches what the outbox uses; it is fetched itself already.</summary>
    internal void FetchOutbox() => _outbox.FetchAhead();

    /// <summary>Sends what waits, as far as the socket and this turn's budget allow.</summary>
    internal void Flush()
    {
        _isDirty = false;
        if (_isDrained)
            LastSentMs = _loop.NowMs;           // until now there was nothing to take
        _isDrained = false;
        var budget = _loop.Settings.WriteBudget;
        while (_state != State.Closed && !_outbox.IsEmpty && !_isBlocked)
        {
            var list = _loop.Gather;
            _outbox.Gather(list, budget);
            Invariant.Holds(list.Bytes > 0);    // an outbox that is not empty has a next byte
            var result = _socket.Send(list);
            if (result.Status == IoStatus.Failed)
            {
                Close(CloseReason.PeerLost, result.Describe());
                return;
            }
            LastSentMs = result.Bytes > 0 ? _loop.NowMs : LastSentMs;
            BytesSent += result.Bytes;
            budget -= result.Bytes;
            _outbox.Advance(result.Bytes);
            // A short write says that the socket is full; an empty budget, that others wait.
            _isBlocked = result.Bytes < list.Bytes || budget <= 0;
            _loop.Cuts.Write += budget <= 0 && !_outbox.IsEmpty ? 1 : 0;
        }
        if (_state == State.Closed)
            return;
        if (_outbox.IsEmpty)
            EndFlush();
        UpdateInterest();
    }

    private void EndFlush()
    {
        _isBlocked = false;
        _isDrained = true;
        if (_state == State.Open)
            _handler!.OnDrained();
        _isBlocked = !_outbox.IsEmpty;          // a refill leaves in the next turn: others wait
        // Asked again: being drained is a moment to say last words, which FIN must not overtake.
        if (_state != State.Farewell || _hasEndedSending || !_outbox.IsEmpty)
            return;
        _hasEndedSending = true;
        _socket.EndSending();
        if (_hasPeerEnded)
            Close(CloseReason.PeerClosed, "closed by the peer");
    }

    private void UpdateInterest()
    {
        if (_state == State.Closed)
            return;
        var interest = (_isReadingPaused ? Readiness.None : Readiness.Read)
            | (_isBlocked ? Readiness.Write : Readiness.None);
        if (_interest == interest)
            return;
        _interest = interest;
        _loop.Poller.Watch(_socket, this, interest);
    }

    /// <summary>The outbox of a connection that has nothing to say yet.</summary>
    private sealed class EmptyOutbox : IOutbox
    {
        public static readonly EmptyOutbox Instance = new();

        public bool IsEmpty => true;

        public void Gather(GatherList into, int bytesMax) => into.Begin(0);

        public void Advance(int bytes) => Invariant.Holds(bytes == 0);

        public void Clear()
        {
        }
    }
}
