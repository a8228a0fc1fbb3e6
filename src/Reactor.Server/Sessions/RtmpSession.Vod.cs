using System.Collections.Generic;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Authorisation;
using Reactor.Server.Configuration;
using Reactor.Server.Vod;
using Reactor.Streaming;

namespace Reactor.Server.Sessions;

/// <summary>Recordings that the peer plays.</summary>
internal sealed partial class RtmpSession
{
    private const double LiveElseRecorded = -2000;

    private readonly List<VodPlayer> _vods = [];
    private readonly Dictionary<uint, int> _vodOrders = [];
    private int _lastVodOrder;

    public void OnSeek(uint streamId, double milliseconds)
    {
        if (VodOf(streamId) is { } vod)
            vod.Seek(milliseconds);
        else
            Conversation.AcceptSeek(streamId);  // a live stream has one position only
    }

    public void OnStreamLength(double transaction, string name)
    {
        if (TryAddress(name, out var address, out _) && StreamKey.Of(address) is var key
            && Server.Options.Resolve(key) is { Vod.Enabled: true } options)
        {
            AskLength(transaction, AccessOf(AccessAction.Play, key, options, address.Parameters));
        }
        else
        {
            Conversation.AnswerLength(transaction, 0);
        }
    }

    /// <summary>Whoever may not play hears nothing of a recording's length (Q27).</summary>
    private void AskLength(double transaction, AccessRequest request) =>
        Server.Gate.Ask(request with { IsPeek = true }, Server.Options, verdict =>
        {
            if (_isOver)
                return;
            if (verdict.Refusal is null)
                TellLength(transaction, request.Key, request.Options);
            else
                Conversation.AnswerLength(transaction, 0);
        });

    private void TellLength(double transaction, StreamKey key, StreamOptions options) =>
        VodSearch.Open(Server.Files, options, key, this, (file, _) =>
        {
            if (!_isOver)
                Conversation.AnswerLength(transaction, (file?.DurationMs ?? 0) / 1000.0);
            file?.Stored.Close();
        });

    /// <summary>Ends the playing of a recording, with a word of why.</summary>
    public void EndVod(VodPlayer vod, string why)
    {
        if (!_vods.Contains(vod))
            return;
        Forget(vod);
        Conversation.RefuseStream(vod.StreamId, StatusCode.PlayFailed, why);
        CloseIfIdle(why);
    }

    /// <summary>
    /// Whether a recording is meant: start is a time, or nobody publishes and there may be one.
    /// </summary>
    private bool WantsRecording(PlayRequest request, StreamKey key, StreamOptions options) =>
        options.Vod.Enabled
        && (request.StartMs >= 0 || (request.StartMs == LiveElseRecorded
            && Server.Hub.Find(key) is not { IsPublished: true }));

    /// <summary>Plays the recording; where there is none, the live stream or nothing.</summary>
    private void PlayRecording(Admitted admitted, PlayRequest request)
    {
        var (streamId, key, options, _) = admitted;
        var order = ++_lastVodOrder;
        _vodOrders[streamId] = order;
        _hadStream = true;
        VodSearch.Open(Server.Files, options, key, this, (file, error) =>
        {
            var isCurrent = !_isOver && _vodOrders.GetValueOrDefault(streamId) == order;
            if (isCurrent)
                _vodOrders.Remove(streamId);
            if (!isCurrent)
                file?.Stored.Close();
            else if (file is not null)
                Begin(admitted, request, file);
            else if (request.StartMs < 0)
                PlayLive(admitted, request);
            else
                Refuse(streamId, StatusCode.PlayStreamNotFound, error!.Text);
        });
    }

    private void Begin(Admitted admitted, PlayRequest request, IVodFile file)
    {
        var (streamId, key, options, _) = admitted;
        if (PlayRules.RefuseMore(Server, key, options) is { } refusal)
        {
            file.Stored.Close();
            Refuse(streamId, StatusCode.PlayFailed, refusal.Why);
            return;
        }
        Server.Recordings.Enter(Server, key, file.Stored, file.Kbps);
        Conversation.AcceptPlay(streamId, isRecorded: true);
        Log.Info(
            "#{Connection} plays the recording {Path:l} to {Remote} ({Client:l})",
            Connection.Id, file.Stored.Path.Text, Connection.Remote, _client?.FlashVer);
        _vods.Add(new VodPlayer(this, streamId, key, file, request));
        Conversation.FulfilWishes(streamId);
    }

    private VodPlayer? VodOf(uint streamId) => _vods.Find(vod => vod.StreamId == streamId);

    /// <summary>The stream's recording is left, or is not waited for any more.</summary>
    private void LeaveVod(uint streamId)
    {
        _vodOrders.Remove(streamId);
        if (VodOf(streamId) is not { } vod)
            return;
        Forget(vod);
        Log.Info(
            "#{Connection} played the recording {Path:l}: {Bytes} bytes",
            Connection.Id, vod.Path, vod.Bytes);
    }

    private void Forget(VodPlayer vod)
    {
        Server.Traffic.Count(this);             // while it is known of which app it was
        _vods.Remove(vod);
        vod.Close();
    }

    private void LeaveVods()
    {
        _vodOrders.Clear();
        while (_vods.Count > 0)
            LeaveVod(_vods[^1].StreamId);
    }
}
