using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;

namespace Reactor.Transport.Network;

/// <summary>What SslStream sits on: a socket that never blocks.</summary>
/// <remarks>
/// A read that the socket cannot serve waits until <see cref="TryAdvance"/>, and what SslStream
/// does next runs within that call: no thread, no queue. A read of nothing waits for readiness,
/// so that an idle connection holds no buffer. Writing goes to the owner, who keeps it.
/// </remarks>
internal sealed class TlsStream(ISocket socket, TlsSocket owner) : Stream, IValueTaskSource<int>
{
    private ManualResetValueTaskSourceCore<int> _read;
    private Memory<byte> _into;
    private ReadOnlyMemory<byte> _ahead;
    private bool _isWaiting;
    private bool _isAbandoned;

    /// <summary>Bytes that may still be received in this turn.</summary>
    public int Budget { get; set; }

    /// <summary>Bytes received so far.</summary>
    public long Received { get; private set; }

    /// <summary>Whether the last receive took all it had room for: there may be more.</summary>
    public bool WasFull { get; private set; }

    /// <summary>Why the socket gives nothing any more, if it failed.</summary>
    public IoResult? Failure { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Keeps what was received already: it is read first.</summary>
    public void TakeAhead(ReadOnlySpan<byte> received) => _ahead = received.ToArray();

    /// <summary>Serves the read that waits, if the socket can.</summary>
    /// <returns>Whether something went on.</returns>
    public bool TryAdvance()
    {
        var count = 0;
        if (!_isWaiting || (!_into.IsEmpty && !TryReceive(_into.Span, out count)))
            return false;
        End(count);
        return true;
    }

    /// <summary>Nothing will be read any more: a read that waits ends.</summary>
    public void Abandon()
    {
        _isAbandoned = true;
        if (_isWaiting)
            End(0);
    }

    public override ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_isAbandoned)
            return new ValueTask<int>(0);
        if (!buffer.IsEmpty && TryReceive(buffer.Span, out var count))
            return new ValueTask<int>(count);
        _into = buffer;
        _isWaiting = true;
        _read.Reset();
        return new ValueTask<int>(this, _read.Version);
    }

    /// <summary>SslStream reads in this way only what it has already.</summary>
    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException();

    public override void Write(ReadOnlySpan<byte> buffer) => owner.Keep(buffer);

    public override void Write(byte[] buffer, int offset, int count) =>
        owner.Keep(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        owner.Keep(buffer.Span);
        return default;
    }

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public int GetResult(short token) => _read.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _read.GetStatus(token);

    public void OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);

    private void End(int count)
    {
        _isWaiting = false;
        _into = default;
        _read.SetResult(count);                 // SslStream goes on from here
    }

    private bool TryReceive(Span<byte> into, out int count)
    {
        count = 0;
        if (Budget <= 0)
            return false;
        if (!_ahead.IsEmpty)
        {
            count = Math.Min(_ahead.Length, into.Length);
            _ahead.Span[..count].CopyTo(into);
            _ahead = _ahead[count..];
            Count(count, wasFull: true);
            return true;
        }
        var result = socket.Receive(into);
        switch (result.Status)
        {
            case IoStatus.WouldBlock:
                WasFull = false;
                return false;
            case IoStatus.Done:
                count = result.Bytes;
                Count(count, wasFull: count == into.Length);
                return true;
            case IoStatus.Ended:
                return true;
            default:
                Failure = result;
                return true;                    // as an end; the owner tells the reason
        }
    }

    private void Count(int bytes, bool wasFull)
    {
        Received += bytes;
        Budget -= bytes;
        WasFull = wasFull;
    }
}
