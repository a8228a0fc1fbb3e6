using System;
using NLog;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Egress;
using Reactor.Server.Sessions;
using Reactor.Streaming;
using Reactor.Transport;

namespace Reactor.Server.Relays;

/// <summary>Our role upon one connection to another server: its client.</summary>
internal sealed class RelaySession : Session, IRtmpClientHandler
{
    private static readonly Logger RelayLog = LogManager.GetLogger("relay");
    private static readonly TimeSpan PeerTimeout = TimeSpan.FromSeconds(10);

    private readonly RelayClient _owner;
    private readonly RtmpClientConversation _conversation;

    public RelaySession(
        ReactorServer server, Connection connection, RelayClient owner, ClientRequest request)
        : base(server, connection, new PlayerOutbox(server.RtmpFormat))
    {
        _owner = owner;
        _conversation = new RtmpClientConversation(
            connection.Loop.Pool, server.ConversationSettings.Link, request, this, server.Random);
    }

    /// <summary>The message stream that the peer gave; 0 before.</summary>
    public uint StreamId => _conversation.StreamId;

    /// <summary>Whether it publishes there, or else plays.</summary>
    public bool IsPush => _owner.IsPush;

    /// <summary>What a push feeds from; null for a pull.</summary>
    public Player? Player { get; set; }

    public override string Speaks => "relay";

    protected override Logger Log => RelayLog;

    /// <summary>Greets the peer.</summary>
    public void Begin() => _conversation.Begin();

    /// <summary>Says goodbye, if there was more than a greeting.</summary>
    public void End(string why, long farewellMs)
    {
        if (_conversation.IsStarted)
            _conversation.End();
        Connection.CloseGently(CloseReason.Shutdown, why, farewellMs);
    }

    public override void OnReceived(ref ReadOnlySpan<byte> input)
    {
        _owner.OnHeard();
        _conversation.Receive(ref input);
    }

    public void OnStarted() => _owner.OnStarted();

    public void OnStatus(string level, string code, string description) =>
        _owner.OnStatus(level, code, description);

    public void OnMedia(RtmpMessage message) => _owner.OnMedia(message);

    public override void OnClosed(CloseReason reason, string detail)
    {
        _conversation.Close();
        Server.Sessions.CountClosed(reason);
        _owner.OnClosed(this, detail);
    }

    public override void Check(long nowMs) => CloseIfStuck(PeerTimeout, nowMs);

    public override void Stop(long farewellMs) => _owner.Stop("the server stops");

    public override void ShedBacklog() => Player?.DropBacklog();
}
