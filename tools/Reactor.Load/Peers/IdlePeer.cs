using System;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;
using Reactor.Transport;

namespace Reactor.Load.Peers;

/// <summary>Shakes hands and then says nothing: what does the server keep for it?</summary>
internal sealed class IdlePeer : IConnectionHandler
{
    private const int OutboxPacketsMax = 4;
    private readonly LoadContext _context;
    private readonly Connection _connection;
    private readonly PacketRing _outbox =
        new(OutboxPacketsMax, ClientHandshake.GreetingBytes + ClientHandshake.ReplyBytes);

    private ClientHandshake? _handshake;
    private bool _isLeaving;

    public IdlePeer(LoadContext context)
    {
        _context = context;
        _connection = context.ConnectionOf(context.Open());
        _handshake = new ClientHandshake(context.Random, 0);
        _connection.Start(this, _outbox);
        var greeting = context.Loop.Pool.Rent(ClientHandshake.GreetingBytes);
        _handshake.Begin(greeting);
        Send(greeting);
    }

    public bool IsReady => _handshake is null && _outbox.IsEmpty;

    public void Leave()
    {
        _isLeaving = true;
        _connection.Close(CloseReason.Shutdown, "the load is over");
    }

    public void OnReceived(ref ReadOnlySpan<byte> input)
    {
        if (_handshake is not null)
        {
            var reply = _context.Loop.Pool.Rent(ClientHandshake.ReplyBytes);
            if (_handshake.Advance(ref input, reply))
                _handshake = null;
            Send(reply);
        }
        input = [];
    }

    public void OnDrained()
    {
    }

    public void OnClosed(CloseReason reason, string detail)
    {
        if (!_isLeaving)
            _context.Tally.Lost++;
    }

    public void OnFault(Exception fault) => Console.Error.WriteLine($"load: {fault.Message}");

    private void Send(Packet packet)
    {
        Invariant.Holds(_outbox.TryPush(packet));
        packet.Release();
        _connection.MarkDirty();
    }
}
