using System;
using System.Collections.Generic;
using Reactor.Primitives;
using Reactor.Protocol;
using Reactor.Protocol.Rtmp;

namespace Reactor.Testing.Simulation;

/// <summary>A peer that speaks RTMP by our own client conversation.</summary>
public abstract class ClientPeer : Peer, IRtmpClientHandler
{
    private bool _isOver;

    protected ClientPeer(World world, int id, PeerPlan plan)
        : base(world, id, plan)
    {
        var slash = plan.Stream.LastIndexOf('/');
        var app = plan.Stream[..slash];
        Conversation = new RtmpClientConversation(
            world.PeerPool,
            new LinkSettings { ChunkBytes = plan.ChunkBytes },
            new ClientRequest(
                app, $"rtmp://10.0.0.1/{app}", plan.Stream[(slash + 1)..],
                plan.Kind == PeerKind.Publisher),
            this,
            Random);
    }

    /// <summary>The codes of the statuses that came, in order.</summary>
    public List<string> Statuses { get; } = [];

    /// <summary>When publish or play was accepted, in simulated seconds; 0 before.</summary>
    public double StartedAt { get; private set; }

    protected RtmpClientConversation Conversation { get; }

    public void Send(Packet packet) => Send(packet.Written);

    public virtual void OnStarted()
    {
        StartedAt = Time.NowSeconds;
        World.Trace.Note(TraceKind.Started, Id, 0, ToString());
    }

    public void OnStatus(string level, string code, string description)
    {
        Statuses.Add(code);
        World.Trace.Note(TraceKind.Status, Id, 0, $"{code} {description}");
        World.Checks.OnStatus(this, code, description);
        OnStatus(code);
    }

    public virtual void OnMedia(RtmpMessage message)
    {
    }

    protected virtual void OnStatus(string code)
    {
    }

    protected override void OnConnected() => Conversation.Begin();

    protected override void OnReceived(ReadOnlySpan<byte> bytes)
    {
        try
        {
            Conversation.Receive(ref bytes);
        }
        catch (ProtocolException broken)
        {
            World.Checks.Fail("the server speaks RTMP", $"{this}: {broken.Message}");
        }
    }

    protected override void OnLeaving() => Conversation.End();

    protected override void OnEnded()
    {
        if (_isOver)
            return;
        _isOver = true;
        Conversation.Close();
    }
}
