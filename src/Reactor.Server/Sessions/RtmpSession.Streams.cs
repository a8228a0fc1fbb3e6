using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Reactor.Protocol;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Authorisation;
using Reactor.Server.Configuration;
using Reactor.Server.Egress;
using Reactor.Server.Hooks;
using Reactor.Server.Ingest;
using Reactor.Streaming;
using Reactor.Transport;

namespace Reactor.Server.Sessions;

/// <summary>What the peer asks for, and whether it is granted.</summary>
internal sealed partial class RtmpSession
{
    private const string AlreadyPublishing = "Already publishing";      // S1.28

    private int NameBytesMax => Server.Options.Limits.MaxName;

    public void OnConnect(ConnectRequest request)
    {
        _client = request;
        _stageMs = NowMs;
        if (!StreamAddress.TryParse(
                request.App, request.TcUrl, "-", NameBytesMax, out var address, out _)
            || Server.Options.Resolve(address.App, "") is not { } options)
        {
            Conversation.AcceptConnect();       // what is wrong is told to publish and play
            return;
        }
        var it = EventOf(HookKind.Connect, new StreamKey(address.App, ""), address.Parameters);
        Server.Hooks.Ask(it, options.Hooks, answer =>
        {
            if (!_isOver)
                Connection.Loop.Contain(Connection, () => EndConnect(answer));
        });
    }

    private void EndConnect(HookAnswer answer)
    {
        _stageMs = NowMs;
        if (answer.IsAllowed)
        {
            Conversation.AcceptConnect();
            return;
        }
        Log.Info(
            "#{Connection} {Remote} refused: {Why:l}",
            Connection.Id, Connection.Remote, answer.Why);
        Conversation.RefuseConnect(StatusCode.ConnectRejected, answer.Why);
        Connection.CloseGently(CloseReason.Refused, answer.Why, FarewellMs);
    }

    protected override IEnumerable<HookEvent> EventsOfUpdate()
    {
        foreach (var publisher in _publishers)
        {
            yield return EventOf(
                HookKind.UpdatePublish, publisher.Stream.Key, publisher.Parameters);
        }
        foreach (var it in base.EventsOfUpdate())
            yield return it;
    }

    public override HookEvent EventOf(
        HookKind kind, StreamKey key, QueryParameters? parameters) =>
        base.EventOf(kind, key, parameters) with
        {
            TcUrl = _client?.TcUrl ?? "",
            Page = _client?.PageUrl ?? "",
            Client = _client?.FlashVer ?? "",
        };

    public void OnGoodbye() => Connection.CloseGently(
        CloseReason.PeerClosed, "the peer said goodbye", FarewellMs);

    public void OnOddity(string what, AmfValue detail) =>
        Log.Debug(
            "#{Connection} {What:l}: {Detail:l}",
            Connection.Id, what, MaskedUrl.Of(detail.ToString()));

    public void OnBound(RtmpBound bound, string detail)
    {
        Server.Struck.Add(bound);
        Log.Debug("#{Connection} refused: {Bound}: {Detail:l}", Connection.Id, bound, detail);
    }

    public bool CanPublish(string name)
    {
        if (!TryAddress(name, out var address, out _)
            || Server.Hub.Find(StreamKey.Of(address)) is not { } stream
            || stream.Publisher is not { } other
            || Server.Options.Resolve(stream.Key) is not { } options
            || MayReplace(other, options) || NameClaim.IsInDoubt(stream, options.Publish, NowMs))
        {
            return true;
        }
        // ffmpeg leaves at this, before it asks to publish.
        LogRefusal(StatusCode.PublishBadName, AlreadyPublishing, HolderOf(stream.Key, other));
        return false;
    }

    public void OnPublish(uint streamId, string name)
    {
        if (RequestOf(streamId, AccessAction.Publish, name) is { } access)
            AskGate(streamId, access, BeginPublish);
    }

    public void OnPlay(uint streamId, PlayRequest request)
    {
        if (RequestOf(streamId, AccessAction.Play, request.Name) is { } access)
            AskGate(streamId, access, admitted => BeginPlay(admitted, request));
    }

    public void OnMedia(uint streamId, RtmpMessage message)
    {
        if (PublisherOf(streamId) is { } publisher)
            publisher.OnMedia(message, NowMs);
        else
            Hold(streamId, message);
    }

    public void OnStreamEnded(uint streamId, string how)
    {
        ForgetPending(streamId);
        if (PublisherOf(streamId) is { } publisher)
            Unbind(publisher, how);
        if (PlayerOf(streamId) is { } player)
            Leave(player, how);
        LeaveVod(streamId);
    }

    public void OnPause(uint streamId, bool isPaused)
    {
        PlayerOf(streamId)?.Pause(isPaused);
        VodOf(streamId)?.Pause(isPaused);
    }

    public void OnReceive(uint streamId, MessageType kind, bool isWanted) =>
        PlayerOf(streamId)?.Receive(
            kind == MessageType.Audio ? FrameKind.Audio : FrameKind.Video, isWanted);

    /// <summary>Ends a publisher, and the connection when it has nothing else to do.</summary>
    public void EndPublisher(RtmpPublisher publisher, string why)
    {
        EndPublish(publisher, why);
        CloseIfIdle(why);
    }

    /// <summary>Ends a player, and the connection when it has nothing else to do.</summary>
    public void EndPlayer(RtmpPlayer player, string code, string why)
    {
        if (code == StatusCode.PlayUnpublishNotify)
            Conversation.NotifyUnpublish(player.StreamId, player.Stream.Key.Name);
        else
            Conversation.RefuseStream(player.StreamId, code, why);
        Leave(player, why);
        CloseIfIdle(why, PlayerFarewellMs);
    }

    /// <summary>A relay whose stream has been here before.</summary>
    private string? RingRefusal(StreamKey key)
    {
        if (RelayPath.Count == 0)
            return null;
        var why = Protocol.Rtmp.RelayPath.Refusal(RelayPath, Server.Relays.StepOf(key));
        if (why is not null)
            Server.Struck.Add(Limit.RelayRing);
        return why;
    }

    private string? PublishRefusal(StreamKey key, IPublisher? before, StreamOptions options)
    {
        if (before is null)
            return PublishRules.Refuse(Server, key, options);
        return MayReplace(before, options) ? null : AlreadyPublishing;
    }

    private Refusal? PlayRefusal(StreamKey key, PlayRequest request, StreamOptions options)
    {
        if (request.StartMs >= 0)
            return new Refusal(RefusalKind.NotFound, "vod is off: start is -2 or -1");
        return RingRefusal(key) is { } ring
            ? new Refusal(RefusalKind.NotFound, ring)
            : PlayRules.Refuse(Server, key, options);
    }

    private RtmpPublisher? PublisherOf(uint streamId)
    {
        foreach (var publisher in _publishers)
        {
            if (publisher.StreamId == streamId)
                return publisher;
        }
        return null;
    }

    private Player? PlayerOf(uint streamId)
    {
        foreach (var player in Players)
        {
            if (player.StreamId == streamId)
                return player;
        }
        return null;
    }

    /// <summary>
    /// An encoder that publishes again on its connection has given the old one up.
    /// </summary>
    private bool MayReplace(IPublisher other, StreamOptions options) =>
        (other is RtmpPublisher mine && _publishers.Contains(mine))
        || options.Publish.OnDuplicate == DuplicatePublish.Replace || other.IsStale(NowMs);

    private bool TryAddress(
        string name, [NotNullWhen(true)] out StreamAddress? address, out string why) =>
        StreamAddress.TryParse(
            _client?.App ?? "", _client?.TcUrl ?? "", name, NameBytesMax, out address, out why);

    /// <summary>
    /// A clear status, and an end: OBS waits for ever where one of them is missing (A9).
    /// </summary>
    /// <param name="streamId">The message stream that asked.</param>
    /// <param name="code">The status.</param>
    /// <param name="why">The reason, for the peer too.</param>
    /// <param name="more">What the log tells besides.</param>
    private void Refuse(uint streamId, string code, string why, string more = "")
    {
        LogRefusal(code, why, more);
        Conversation.RefuseStream(streamId, code, why);
        CloseIfIdle(why);
    }

    private void LogRefusal(string code, string why, string more) => Log.Info(
        "#{Connection} {Remote} refused: {Code:l}: {Why:l}{More:l}",
        Connection.Id, Connection.Remote, code, why, more);

    /// <summary>Whom to look for, when somebody may not publish.</summary>
    private static string HolderOf(StreamKey key, IPublisher? holder) =>
        holder is null ? "" : $": {key} is published by #{holder.ConnectionId}";

    private void EndPublish(RtmpPublisher publisher, string why)
    {
        Conversation.RefuseStream(
            publisher.StreamId, StatusCode.PublishIdle, why + publisher.Hint);
        Unbind(publisher, why);
    }

    private void CloseIfIdle(string why, int farewellMs = FarewellMs)
    {
        var recordings = _vods.Count + _vodOrders.Count;
        if (Players.Count + _publishers.Count + _pending.Count + recordings == 0)
            Connection.CloseGently(CloseReason.Refused, why, farewellMs);
    }

    private void Unbind(RtmpPublisher publisher, string why)
    {
        if (!_publishers.Remove(publisher))
            return;
        Server.PublisherCount--;
        var parameters = publisher.Parameters;
        why += publisher.Hint;
        var summary = publisher.End(NowMs);
        Summarise("published", publisher.Stream, summary, why);
        TellEnd(HookKind.PublishDone, publisher.Stream.Key, parameters, summary);
        Server.Hub.Release(publisher.Stream);
    }
}
