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
    }

    /// <summary>The one thing that it does.</summary>
    public abstract Part Part { get; }

    public override IReadOnlyList<Part> Parts => [Part];

    public override string? ReasonToEnd => Part.Excuse;

    /// <summary>The codes of the statuses that came, in order.</summary>
    public List<string> Statuses => Part.Statuses;

    /// <summary>When publish or play was accepted, in simulated seconds; 0 before.</summary>
    public double StartedAt => Part.StartedAt;

    protected RtmpClientConversation Conversation { get; private set; } = null!;

    /// <summary>By what it asks for its stream: the name, or a room's key.</summary>
    protected virtual string NameShown => Plan.Stream[(Plan.Stream.LastIndexOf('/') + 1)..];

    protected override bool HasStarted => StartedAt > 0;

    public void Send(Packet packet) => Send(packet.Written);

    public virtual void OnStarted() => Part.Start();

    public void OnStatus(string level, string code, string description)
    {
        Part.Hear(code, description);
        OnStatus(code, description);
    }

    public virtual void OnMedia(RtmpMessage message)
    {
    }

    protected virtual void OnStatus(string code, string description)
    {
    }

    protected override void OnConnected()
    {
        Part.Ask();
        var app = Plan.Stream[..Plan.Stream.LastIndexOf('/')];
        Conversation = new RtmpClientConversation(
            World.PeerPool,
            new LinkSettings { ChunkBytes = Plan.ChunkBytes },
            new ClientRequest(
                app, $"rtmp://10.0.0.1/{app}", NameShown, Plan.Kind == PeerKind.Publisher)
            {
                IsLiveOnly = Plan.Kind == PeerKind.Player,
            },
            this,
            Random);
        Conversation.Begin();
    }

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

    protected override void OnGone() => Part.End();

    protected override void OnEnded()
    {
        if (_isOver)
            return;
        _isOver = true;
        Conversation.Close();
    }
}
