using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Threading;
using System.Threading.Tasks;
using Reactor.Primitives;
using Reactor.Transport.Polling;

namespace Reactor.Transport.Network;

/// <summary>TLS upon a socket: SslStream, run by the loop's thread and never waited for.</summary>
/// <remarks>
/// It is watched by its <see cref="TlsLayer"/>. Invariants: nothing is encrypted while earlier
/// bytes wait for the socket, so that at most one batch waits; while it does, the owner is told
/// one byte less than was encrypted, so that it stays blocked and does not think itself drained.
/// </remarks>
internal sealed partial class TlsSocket : ISocket, IPollable
{
    private const int BatchRecords = 4;
    private const int RecordOverheadMax = 84;   // beyond what any cipher of TLS adds
    private const int ReceiveBudget = 64 << 10;
    private readonly TlsLayer _layer;
    private readonly TlsStream _stream;
    private readonly SslStream _ssl;
    private readonly Action<string> _failed;
    private ValueTask<int> _probe;
    private Packet? _unsent;
    private int _unsentTaken;
    private int _plainAhead;
    private State _state;
    private IoResult _fault;
    private bool _isProbing;
    private bool _isByteOwed;
    private bool _isEnding;
    private bool _hasEnded;

    public TlsSocket(
        TlsLayer layer,
        ISocket beneath,
        Action<string> failed,
        Func<SslStream, Task> authenticate)
    {
        Invariant.Holds(SynchronizationContext.Current is null);
        _layer = layer;
        _failed = failed;
        _authenticate = authenticate;
        Beneath = beneath;
        _stream = new TlsStream(beneath, this);
        _ssl = new SslStream(_stream, leaveInnerStreamOpen: true);
    }

    private enum State
    {
        Waiting,
        Handshake,
        Open,
        Ended,
        Failed,
        Closed,
    }

    public IPEndPoint Local => Beneath.Local;

    public IPEndPoint Remote => Beneath.Remote;

    public bool IsOpen => Target is { IsOpen: true };

    /// <summary>The socket that carries what is encrypted.</summary>
    public ISocket Beneath { get; }

    /// <summary>Who watches, and for what; the layer's.</summary>
    public IPollable? Target { get; set; }

    public Readiness Interest { get; set; }

    public bool IsListed { get; set; }

    public long ToldIn { get; set; }

    /// <summary>Whether a receive gives something without new readiness beneath.</summary>
    public bool HasBuffered { get; private set; }

    /// <summary>What has to be watched beneath.</summary>
    public Readiness Awaited
    {
        get
        {
            var own = _unsent is null ? Readiness.None : Readiness.Write;
            return _state switch
            {
                State.Waiting or State.Handshake => Readiness.Read | own,
                State.Open or State.Ended => Interest | own,
                _ => own,
            };
        }
    }

    /// <summary>Goes on by what is ready beneath.</summary>
    /// <returns>What the owner may do now.</returns>
    public Readiness Step(Readiness what)
    {
        // Reading comes first: it knows the reason, if all is over.
        if ((what & Readiness.Read) != 0 && _state is State.Waiting or State.Handshake)
            Shake();
        if ((what & Readiness.Write) != 0)
            Flush();
        return _state switch
        {
            State.Waiting or State.Handshake or State.Closed => Readiness.None,
            State.Failed => Readiness.Read | Readiness.Write,
            _ => (HasBuffered ? Readiness.Read : what & Readiness.Read)
                | (_unsent is null ? what & Readiness.Write : Readiness.None),
        };
    }

    public IoResult Receive(Span<byte> into)
    {
        if (HasBuffered && _state == State.Waiting)
        {
            Shake();
            _layer.Update(this);
        }
        if (_state != State.Open)
            return Answer();
        var filled = 0;
        try
        {
            filled = Decrypt(into);
        }
        catch (IOException broken)
        {
            Fail(broken);
        }
        Flush();                                // TLS may have answered something of its own
        _layer.Update(this);
        return filled > 0 ? IoResult.Done(filled) : Answer();
    }

    public IoResult Send(GatherList list)
    {
        if (_state is not (State.Open or State.Ended))
            return Answer();
        Flush();
        if (_state == State.Failed || _unsent is not null)
            return Answer();
        var taken = TryEncrypt(list);
        if (_unsent is not null)
        {
            _isByteOwed = true;
            taken--;
            _layer.Update(this);
        }
        return _state == State.Failed || taken == 0 ? Answer() : IoResult.Done(taken);
    }

    /// <summary>Says goodbye (close_notify), and then FIN.</summary>
    public void EndSending()
    {
        try
        {
            if (_state is State.Open or State.Ended)
                _ = _ssl.ShutdownAsync();       // it only writes, which is done when it returns
        }
        catch (Exception broken) when (broken is IOException or InvalidOperationException)
        {
            // The peer is gone in the middle of something: FIN is all that is left to say.
        }
        _isEnding = true;
        Flush();
        _layer.Update(this);
    }

    /// <summary>Bytes that are encrypted, which are a few more.</summary>
    public void ReadableFrom(int bytes) => Beneath.ReadableFrom(bytes);

    public void OnReady(Readiness what) => Target?.OnReady(what);

    public void OnFault(Exception fault) => Target?.OnFault(fault);

    public void Dispose()
    {
        if (_state == State.Closed)
            return;
        _state = State.Closed;
        HasBuffered = false;
        _stream.Abandon();
        _ = _authentication?.Exception;         // seen
        _ssl.Dispose();
        _unsent?.Release();
        _unsent = null;
        Beneath.Dispose();
    }

    /// <summary>Encrypted bytes on their way to the socket.</summary>
    internal void Keep(ReadOnlySpan<byte> encrypted)
    {
        if (_state == State.Closed || _hasEnded)
            return;
        var ahead = _plainAhead + (BatchRecords * RecordOverheadMax);
        if (_unsent is null)
        {
            _unsent = _layer.Pool.Rent(Math.Max(encrypted.Length, ahead));
            _unsentTaken = 0;
        }
        else if (encrypted.Length > _unsent.Capacity - _unsent.Length)
        {
            var kept = _unsent.Written[_unsentTaken..];
            var larger = _layer.Pool.Rent((kept.Length * 2) + encrypted.Length);
            larger.Append(kept);
            _unsent.Release();
            (_unsent, _unsentTaken) = (larger, 0);
        }
        _unsent.Append(encrypted);
    }

    /// <summary>Decrypts as much as there is room for, and as a turn may cost.</summary>
    private int Decrypt(Span<byte> into)
    {
        _stream.Budget = ReceiveBudget;
        var filled = 0;
        var mayAdvance = !TryProbe() || _stream.WasFull;        // else that is all there is
        while (filled < into.Length && _state == State.Open)
        {
            if (TryProbe())
                filled += Read(into[filled..]);
            else if (mayAdvance && _stream.TryAdvance())
                mayAdvance = _stream.WasFull;
            else
                break;
        }
        HasBuffered = _state != State.Open || (filled == into.Length && TryProbe());
        return filled;
    }

    private int Read(Span<byte> into)
    {
        var count = _ssl.Read(into);
        if (count > 0)
            return count;
        if (_stream.Failure is { } failure)
            Fail(failure);
        else
            _state = State.Ended;
        return 0;
    }

    /// <summary>Whether SslStream has decrypted something, or the end; a read of nothing.</summary>
    [SuppressMessage(
        "Reliability", "CA2012", Justification = "Asked for its end once, then forgotten.")]
    private bool TryProbe()
    {
        if (!_isProbing)
        {
            _isProbing = true;
            _probe = _ssl.ReadAsync(Memory<byte>.Empty);
        }
        if (!_probe.IsCompleted)
            return false;
        _isProbing = false;
        _probe.GetAwaiter().GetResult();
        return true;
    }

    private int TryEncrypt(GatherList list)
    {
        try
        {
            return Encrypt(list);
        }
        catch (IOException broken)
        {
            Fail(broken);
            return 0;
        }
    }

    /// <summary>Encrypts batch by batch, until the socket is full.</summary>
    /// <returns>Plain bytes of the list that are encrypted now.</returns>
    private int Encrypt(GatherList list)
    {
        var taken = _isByteOwed ? 1 : 0;
        _isByteOwed = false;
        var cursor = new GatherCursor(list, taken);
        while (taken < list.Bytes && _unsent is null && _state != State.Failed)
        {
            for (var i = 0; i < BatchRecords && taken < list.Bytes; i++)
            {
                _plainAhead = Math.Min(
                    list.Bytes - taken, (BatchRecords - i) * TlsLayer.RecordBytes);
                var count = cursor.Copy(_layer.Plain);
                _ssl.Write(_layer.Plain, 0, count);
                taken += count;
            }
            _plainAhead = 0;
            Flush();
        }
        return taken;
    }

    /// <summary>Sends what is encrypted, as far as the socket takes it.</summary>
    private void Flush()
    {
        while (_unsent is not null)
        {
            var list = _layer.Gather;
            list.Begin(skip: 0);
            list.Add(_unsent, _unsentTaken, _unsent.Length - _unsentTaken);
            var result = Beneath.Send(list);
            if (result.Status == IoStatus.WouldBlock)
                return;
            if (result.Status != IoStatus.Done)
            {
                Discard();
                Fail(result);
                return;
            }
            _unsentTaken += result.Bytes;
            if (_unsentTaken < _unsent.Length)
                return;                         // a short write: the socket is full
            Discard();
        }
        if (!_isEnding)
            return;
        _isEnding = false;
        _hasEnded = true;
        Beneath.EndSending();
    }

    private void Discard()
    {
        _unsent!.Release();
        _unsent = null;
    }

    private IoResult Answer() => _state switch
    {
        State.Failed => _fault,
        State.Ended => IoResult.Ended,
        _ => IoResult.WouldBlock,
    };

    /// <summary>It is TLS that failed, so there is something to be told.</summary>
    private void Fail(Exception broken)
    {
        var why = TlsFault.Describe(broken);
        Fail(IoResult.Broken(why));
        _failed(why);
    }

    private void Fail(IoResult why)
    {
        if (_state is State.Failed or State.Closed)
            return;
        Flush();                                // an alert may be on its way
        _fault = why;
        HasBuffered = true;
        _state = State.Failed;
    }
}
