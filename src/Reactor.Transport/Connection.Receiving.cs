using System;
using Reactor.Primitives;
using Reactor.Transport.Network;

namespace Reactor.Transport;

/// <summary>How a connection reads: at once or now and then, and never more than is taken.
/// </summary>
public sealed partial class Connection
{
    private Packet? _parked;
    private int _parkedTaken;
    private long _readByMs = NoWait;
    private int _readWaitMs;
    private int _readFromBytes = 1;
    private int _unreadMs;
    private bool _isReadingPaused;
    private bool _isResumeDue;
    private bool _isCutShort;
    private bool _hasPeerEnded;

    /// <summary>Whether nothing is read until <see cref="ResumeReading"/>.</summary>
    public bool IsReadingPaused => _isReadingPaused;

    /// <summary>
    /// Reads no more until <see cref="ResumeReading"/>; the peer feels TCP push back.
    /// </summary>
    public void PauseReading()
    {
        _isReadingPaused = true;
        UpdateInterest();
    }

    public void ResumeReading()
    {
        if (!_isReadingPaused)
            return;
        _isReadingPaused = false;
        UpdateInterest();
        if (_parked is not null || _isCutShort)
            ResumeNextTurn();
    }

    /// <summary>Whether what comes may wait to be read.</summary>
    public bool ReadsLate => _readWaitMs > 0;

    /// <summary>When it was last read because a wait was over; −1 before.</summary>
    public long LastDueMs { get; private set; } = NoWait;

    /// <summary>How long what is read now may have lain there.</summary>
    public int UnreadMs => Math.Min(_unreadMs, _readWaitMs);

    /// <summary>
    /// What the peer sends may wait: it is read together after such a time, or once
    /// <see cref="LoopSettings.UnhurriedBytes"/> have come. An end is told at once.
    /// </summary>
    /// <param name="waitMs">0: what comes is read as it comes.</param>
    public void ReadWithin(int waitMs) =>
        ReadWithin(waitMs, waitMs > 0 ? _loop.Settings.UnhurriedBytes : 1);

    /// <summary>The same, with the bytes that do not wait.</summary>
    /// <param name="waitMs">Since the last read; 0 where nothing waits.</param>
    /// <param name="fromBytes">So many are read at once.</param>
    public void ReadWithin(int waitMs, int fromBytes)
    {
        if (_state == State.Closed)
            return;
        if (fromBytes != _readFromBytes)
            _socket.ReadableFrom(fromBytes);
        _readFromBytes = fromBytes;
        if (waitMs == _readWaitMs)
            return;
        _readWaitMs = waitMs;
        AwaitRead();
    }

    /// <summary>Whether a wait for more to read that ends then is one.</summary>
    internal bool AwaitsRead(long byMs) => _readByMs == byMs && _state != State.Closed;

    /// <summary>Reads what has come meanwhile.</summary>
    internal void ReadDue()
    {
        LastDueMs = _loop.NowMs;
        Receive(untilEmpty: true);
    }

    /// <summary>Goes on where a turn was cut short: parked input, then what is unread.</summary>
    internal void Resume()
    {
        _isResumeDue = false;
        if (_isReadingPaused || _state != State.Open)
            return;
        if (_parked is not null)
            OfferParked();
        if (_parked is null && _isCutShort)
            Receive(untilEmpty: true);
    }

    private void OfferParked()
    {
        var parked = _parked!.Retain();         // a handler that closes still reads its input
        try
        {
            var input = parked.Written[_parkedTaken..];
            _handler!.OnReceived(ref input);
            if (_parked is null)
                return;                         // closed meanwhile
            _parkedTaken = parked.Length - input.Length;
            if (input.IsEmpty)
                Unpark();
            else
                ResumeNextTurn();
        }
        finally
        {
            parked.Release();
        }
    }

    /// <remarks>
    /// Of what a turn cuts short readiness tells again; but whoever is read now and then is not
    /// told of little, and would fall behind: it goes on in the next turn.
    /// </remarks>
    /// <param name="untilEmpty">Asks again behind less than a buffer full.</param>
    private void Receive(bool untilEmpty = false)
    {
        if (_readWaitMs > 0)
            AwaitRead();
        var budget = _loop.Settings.ReadBudget;
        _isCutShort = false;
        while (budget > 0 && _parked is null && !_isReadingPaused && _state != State.Closed)
        {
            var buffer = _loop.ReceiveBuffer;
            var result = _socket.Receive(buffer);
            switch (result.Status)
            {
                case IoStatus.WouldBlock:
                    return;
                case IoStatus.Done:
                    Take(buffer.AsSpan(0, result.Bytes));
                    break;
                case IoStatus.Ended:
                    EndReceiving();
                    return;
                default:
                    Close(CloseReason.PeerLost, result.Describe());
                    return;
            }
            if (result.Bytes < buffer.Length && !untilEmpty)
                return;                         // all there was, as a rule: no second look
            budget -= result.Bytes;
        }
        _loop.Cuts.Read += budget <= 0 ? 1 : 0;
        _isCutShort = untilEmpty || _readWaitMs > 0;
        if (_isCutShort && !_isReadingPaused && _state == State.Open)
            ResumeNextTurn();
    }

    /// <summary>The peer's FIN. A farewell that is still leaving is not cut short by it.</summary>
    private void EndReceiving()
    {
        _hasPeerEnded = true;
        if (_state == State.Farewell && !_hasEndedSending)
            PauseReading();
        else
            Close(CloseReason.PeerClosed, "closed by the peer");
    }

    private void Take(ReadOnlySpan<byte> input)
    {
        if (LastReceivedMs != _loop.NowMs)
            _unreadMs = (int)Math.Min(int.MaxValue, _loop.NowMs - LastReceivedMs);
        LastReceivedMs = _loop.NowMs;
        BytesReceived += input.Length;
        if (_state != State.Open)
            return;                             // said goodbye: heard, not listened to
        _handler!.OnReceived(ref input);
        if (input.IsEmpty || _state != State.Open)
            return;
        _parked = _loop.Pool.Copy(input);
        _parkedTaken = 0;
        ResumeNextTurn();
    }

    private void AwaitRead()
    {
        _readByMs = _readWaitMs > 0 ? _loop.NowMs + _readWaitMs : NoWait;
        if (_readWaitMs > 0)
            _loop.ReadLater(this, _readWaitMs, _readByMs);
    }

    private void ResumeNextTurn()
    {
        if (_isResumeDue)
            return;
        _isResumeDue = true;
        _loop.ResumeNextTurn(this);
    }

    private void Unpark()
    {
        _parked?.Release();
        _parked = null;
    }
}
