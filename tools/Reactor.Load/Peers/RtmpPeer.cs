using System;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;
using Reactor.Transport;
using Reactor.Transport.Network;

namespace Reactor.Load.Peers;

/// <summary>A client of the server under load, publisher or player.</summary>
internal abstract class RtmpPeer : IConnectionHandler, IRtmpClientHandler
{
    private const int OutboxPacketsMax = 4096;
    private const int OutboxBytesMax = 32 << 20;
    private readonly PacketRing _outbox = new(OutboxPacketsMax, OutboxBytesMax);
    private bool _isLeaving;

    protected RtmpPeer(LoadContext context, string stream, bool publishes, int receiveBuffer = 0)
    {
        Context = context;
        Socket = context.Open(receiveBuffer);
        Connection = context.ConnectionOf(Socket);
        var request = new ClientRequest(context.App, context.Url, stream, publishes);
        Conversation = new RtmpClientConversation(
            context.Loop.Pool, new LinkSettings(), request, this, context.Random);
        Connection.Start(this, _outbox);
        Conversation.Begin();
    }

    /// <summary>Whether the peer does what it is there for.</summary>
    public abstract bool IsReady { get; }

    /// <summary>
    /// Whether the connection was lost or refused; a peer that left by itself was not.
    /// </summary>
    public bool IsLost { get; private set; }

    /// <summary>Whether the server does right to close it.</summary>
    protected virtual bool MayBeClosed => false;

    protected LoadContext Context { get; }

    /// <summary>The connection's.</summary>
    protected ISocket Socket { get; }

    protected Connection Connection { get; }

    protected RtmpClientConversation Conversation { get; }

    /// <summary>Leaves without a word, as most viewers do.</summary>
    public void Leave()
    {
        _isLeaving = true;
        Connection.Close(CloseReason.Shutdown, "the load is over");
    }

    public void Send(Packet packet)
    {
        // A server that does not read for so long has failed: there is nothing to measure.
        if (!_outbox.TryPush(packet))
            throw new InvalidOperationException("the server takes nothing");
        Connection.MarkDirty();
    }

    public virtual void OnReceived(ref ReadOnlySpan<byte> input) =>
        Conversation.Receive(ref input);

    public void OnDrained()
    {
    }

    public void OnClosed(CloseReason reason, string detail)
    {
        Conversation.Close();
        if (_isLeaving || MayBeClosed)
            return;
        IsLost = true;
        Context.Tally.Lost++;
    }

    public void OnFault(Exception fault) => Console.Error.WriteLine($"load: {fault.Message}");

    public abstract void OnStarted();

    public void OnStatus(string level, string code, string description)
    {
        if (level == "error")
            Connection.Close(CloseReason.Refused, code);
    }

    public abstract void OnMedia(RtmpMessage message);
}
