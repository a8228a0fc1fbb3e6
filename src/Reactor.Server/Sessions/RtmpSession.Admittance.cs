using System;
using System.Collections.Generic;
using Reactor.Protocol;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Authorisation;
using Reactor.Server.Configuration;
using Reactor.Server.Egress;
using Reactor.Server.Ingest;
using Reactor.Streaming;

namespace Reactor.Server.Sessions;

/// <summary>Between what the peer asks for and what it gets: the gate's verdict.</summary>
internal sealed partial class RtmpSession
{
    private readonly List<PendingRequest> _pending = new(1);

    /// <summary>Somebody who was let in.</summary>
    /// <param name="StreamId">The message stream.</param>
    /// <param name="Key">The live stream's public name.</param>
    /// <param name="Options">What holds for it.</param>
    /// <param name="Parameters">What stood behind question marks.</param>
    private readonly record struct Admitted(
        uint StreamId, StreamKey Key, StreamOptions Options, QueryParameters Parameters);

    public override void OnDrained()
    {
        if (Connection.IsReadingPaused && !_pending.Exists(pending => pending.IsFull))
            base.OnDrained();
    }

    /// <summary>What the gate is to be asked.</summary>
    /// <returns>Null where no stream may be called that, and the peer was told so.</returns>
    private AccessRequest? RequestOf(uint streamId, AccessAction action, string name)
    {
        var refusal = action == AccessAction.Publish
            ? StatusCode.PublishBadName
            : StatusCode.PlayStreamNotFound;
        if (!TryAddress(name, out var address, out var why))
        {
            Server.Struck.Add(Limit.Name);
            Refuse(streamId, refusal, why);
            return null;
        }
        var key = StreamKey.Of(address);
        if (Server.Options.Resolve(key) is not { Live: true } options)
        {
            Refuse(streamId, refusal, Refusal.NotConfigured(key));
            return null;
        }
        return AccessOf(action, key, options, address.Parameters);
    }

    private void AskGate(uint streamId, AccessRequest request, Action<Admitted> begin)
    {
        var pending = new PendingRequest(streamId);
        _pending.Add(pending);
        pending.Visit = Server.Gate.Ask(request, Server.Options, verdict =>
        {
            if (request.Action == AccessAction.Publish && verdict.Refusal is null)
                ClaimName(pending, request, verdict, begin);
            else
                EndPending(pending, request, verdict, begin);
        });
    }

    /// <summary>It may publish; the name may be somebody's, who may be gone.</summary>
    private void ClaimName(
        PendingRequest pending, AccessRequest request, Verdict verdict, Action<Admitted> begin)
    {
        var key = verdict.Key;
        if (Server.Options.Resolve(key) is not { } options)
        {
            EndPending(pending, request, verdict, begin);
            return;
        }
        pending.Claim = new NameClaim(
            Server, key, options.Publish, other => MayReplace(other, options),
            holder => Connection.Loop.Contain(Connection, () => EndPending(
                pending, request, verdict,
                holder is null ? begin : admitted => RefuseHeld(admitted, holder))));
        pending.Claim.Check(NowMs);
    }

    private void RefuseHeld(Admitted admitted, string holder) => Refuse(
        admitted.StreamId, StatusCode.PublishBadName, AlreadyPublishing,
        $": {admitted.Key} is published at {holder}");

    private void EndPending(
        PendingRequest pending, AccessRequest request, Verdict verdict, Action<Admitted> begin)
    {
        _pending.Remove(pending);
        var isPublish = request.Action == AccessAction.Publish;
        if (verdict.Refusal is { } refusal)
        {
            pending.Forget();
            Refuse(
                pending.StreamId,
                isPublish ? StatusCode.PublishDenied : StatusCode.PlayFailed,
                refusal.Why);
            return;
        }
        var key = verdict.Key;
        var options = key == request.Key ? request.Options : Server.Options.Resolve(key);
        if (options is { Live: true })
            begin(new Admitted(pending.StreamId, key, options, request.Parameters));
        else
            Refuse(pending.StreamId, StatusCode.PlayFailed, Refusal.NotConfigured(key));
        while (pending.TryTake(out var message))
        {
            OnMedia(pending.StreamId, message);
            message.Payload.Release();
        }
        if (pending.IsFull)
            Connection.ResumeReading();
    }

    private void BeginPublish(Admitted admitted)
    {
        var (streamId, key, options, parameters) = admitted;
        var before = Server.Hub.Find(key)?.Publisher;
        if ((RingRefusal(key) ?? PublishRefusal(key, before, options)) is { } why)
        {
            Refuse(streamId, StatusCode.PublishBadName, why, HolderOf(key, before));
            return;
        }
        Replace(before);
        Conversation.AcceptPublish(streamId);
        _hadStream = true;
        var stream = Server.StreamOf(key, options);
        _publishers.Add(new RtmpPublisher(this, streamId, stream, parameters, options.Publish));
        Server.PublisherCount++;
        Log.Info(
            "#{Connection} publishes {Stream:l} from {Remote} ({Client:l})",
            Connection.Id, key.ToString(), Connection.Remote, _client?.FlashVer);
    }

    private void Replace(IPublisher? before)
    {
        if (before is RtmpPublisher mine && _publishers.Contains(mine))
            EndPublish(mine, "published again");
        else
            before?.OnReplaced();
    }

    private void BeginPlay(Admitted admitted, PlayRequest request)
    {
        if (WantsRecording(request, admitted.Key, admitted.Options))
            PlayRecording(admitted, request);
        else
            PlayLive(admitted, request);
    }

    private void PlayLive(Admitted admitted, PlayRequest request)
    {
        var (streamId, key, options, parameters) = admitted;
        if (PlayRefusal(key, request, options) is { } refusal)
        {
            var isMissing = refusal.Kind == RefusalKind.NotFound;
            if (isMissing && Server.Hub.Find(key) is not { IsPublished: true })
                TellNotFound(key, parameters);
            Refuse(
                streamId,
                isMissing ? StatusCode.PlayStreamNotFound : StatusCode.PlayFailed,
                refusal.Why);
            return;
        }

        Conversation.AcceptPlay(streamId);
        _hadStream = true;
        var player = new RtmpPlayer(this, streamId, Server.StreamOf(key, options), options)
        {
            Parameters = parameters,
        };
        Enter(player, _client?.FlashVer);
        Conversation.FulfilWishes(streamId);
    }

    /// <summary>Media of a publisher that waits is held; any other is nobody's.</summary>
    private void Hold(uint streamId, RtmpMessage message)
    {
        if (_pending.Find(pending => pending.StreamId == streamId) is not { } waiting)
            return;
        var wasFull = waiting.IsFull;
        waiting.Hold(message);
        if (!waiting.IsFull || wasFull)
            return;
        Server.Struck.Add(Limit.HeldMedia);
        Connection.PauseReading();
    }

    private void ForgetPending(uint streamId)
    {
        if (_pending.Find(pending => pending.StreamId == streamId) is not { } gone)
            return;
        _pending.Remove(gone);
        gone.Forget();
        if (gone.IsFull)
            Connection.ResumeReading();
    }

    private void ForgetAllPending()
    {
        foreach (var pending in _pending)
            pending.Forget();
        _pending.Clear();
    }
}
