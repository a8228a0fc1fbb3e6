using System;
using System.IO;
using System.Net.Security;
using System.Threading.Tasks;

namespace Reactor.Transport.Network;

/// <summary>How both ends come to agree.</summary>
internal sealed partial class TlsSocket
{
    private readonly Func<SslStream, Task> _authenticate;
    private Task? _authentication;

    /// <summary>A client speaks first.</summary>
    public void BeginAsClient()
    {
        BeginHandshake();
        Flush();
    }

    /// <summary>What was received before TLS began: no system tells of it any more.</summary>
    public void TakeAhead(ReadOnlySpan<byte> received)
    {
        _stream.TakeAhead(received);
        HasBuffered = !received.IsEmpty;
    }

    private void BeginHandshake()
    {
        _state = State.Handshake;
        HasBuffered = false;
        _authentication = _authenticate(_ssl);
    }

    private void Shake()
    {
        if (_state == State.Waiting)
        {
            if (!_layer.TryBeginHandshake())
                return;                         // readiness comes again in the next turn
            BeginHandshake();
        }
        _stream.Budget = ReceiveBudget;
        while (!_authentication!.IsCompleted && _stream.TryAdvance())
        {
        }
        if (_authentication.Exception?.InnerException is { } broken)
        {
            EndHandshake(broken);
            return;
        }
        Flush();
        if (!_authentication.IsCompleted || _state == State.Failed)
            return;
        _state = State.Open;
        LookForMore();
    }

    private void EndHandshake(Exception broken)
    {
        if (_stream.Failure is { } failure)
        {
            Fail(failure);
            return;
        }
        if (_stream.Received == 0)
        {
            _state = State.Ended;               // came and went without a word
            HasBuffered = true;
            return;
        }
        Fail(broken);
    }

    /// <summary>The first bytes may have come along with the end of the handshake.</summary>
    private void LookForMore()
    {
        try
        {
            HasBuffered = TryProbe();
        }
        catch (IOException broken)
        {
            Fail(broken);
        }
    }
}
