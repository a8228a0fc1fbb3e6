using System;

namespace Reactor.Protocol.Rtmp;

/// <summary>Publishing and playing: what is asked, and how the owner answers.</summary>
public sealed partial class RtmpServerConversation
{
    /// <summary>
    /// Answers connect: window, bandwidth, chunk size, then _result (S1.18, Q24).
    /// </summary>
    public void AcceptConnect()
    {
        if (_connect != ConnectState.Requested)
            return;
        _connect = ConnectState.Connected;
        _link.SendWindow();
        _link.SendPeerBandwidth();
        _link.SendChunkSize();
        _link.SendUserControl(UserControlEvent.StreamBegin, 0);
        _replies.ConnectSuccess(
            _connectTransaction, _settings.FmsVersion, _settings.Capabilities, _objectEncoding,
            _speaksEnhanced);
        if (_settings.SendsBandwidthDone)
            _replies.Call("onBWDone");
    }

    /// <summary>Answers connect with an error; the owner closes afterwards.</summary>
    public void RefuseConnect(string code, string description) =>
        _replies.Error(_connectTransaction, code, description);

    public void AcceptPublish(uint streamId)
    {
        if (Enter(streamId, StreamState.PublishRequested, StreamState.Publishing) is { } stream)
            _replies.Status(streamId, "status", StatusCode.PublishStart, stream.Name);
    }

    /// <summary>Answers play: StreamBegin, Reset, Start, sample access (S1.26, Q36).</summary>
    /// <param name="streamId">The stream that asked.</param>
    /// <param name="isRecorded">It has a beginning and an end, and can be sought in.</param>
    public void AcceptPlay(uint streamId, bool isRecorded = false)
    {
        if (Enter(streamId, StreamState.PlayRequested, StreamState.Playing) is not { } stream)
            return;
        if (isRecorded)
            _link.SendUserControl(UserControlEvent.StreamIsRecorded, streamId);
        _link.SendUserControl(UserControlEvent.StreamBegin, streamId);
        if (stream.Reset)
            _replies.Status(streamId, "status", StatusCode.PlayReset, stream.Name);
        _replies.Status(streamId, "status", StatusCode.PlayStart, stream.Name);
        if (_settings.SendsSampleAccess)
            _replies.SampleAccess(streamId);
        if (_settings.SendsDataStart)
            _replies.DataStart(streamId);
    }

    /// <summary>Does what was asked of the stream while its play was decided.</summary>
    /// <remarks>
    /// A verdict or a file may take its time, and players do not wait for it. Called once the owner
    /// has begun to play: so it hears a pause or a seek as if it came now.
    /// </remarks>
    public void FulfilWishes(uint streamId)
    {
        if (_streams.Find(streamId) is not { State: StreamState.Playing } stream)
            return;
        var wishes = stream.Wishes;
        stream.Wishes = default;
        if (wishes.WantsAudio is { } wantsAudio)
            _handler.OnReceive(streamId, MessageType.Audio, wantsAudio);
        if (wishes.WantsVideo is { } wantsVideo)
            _handler.OnReceive(streamId, MessageType.Video, wantsVideo);
        if (wishes.SeekMs is { } milliseconds)
            _handler.OnSeek(streamId, milliseconds);
        if (wishes.IsPaused is { } isPaused)
            Pause(stream, isPaused);
    }

    /// <summary>Refuses publish or play, or ends what goes on there, with a status.</summary>
    public void RefuseStream(uint streamId, string code, string description)
    {
        _replies.Status(streamId, "error", code, description);
        if (_streams.Find(streamId) is { } stream)
            stream.State = StreamState.Idle;
    }

    /// <summary>Answers seek: what follows begins at or before the place asked for.</summary>
    public void AcceptSeek(uint streamId)
    {
        if (_streams.Find(streamId) is not { State: StreamState.Playing } stream)
            return;
        SendStatus(streamId, StatusCode.SeekNotify, stream.Name);
        SendStatus(streamId, StatusCode.PlayStart, stream.Name);
    }

    public void RefuseSeek(uint streamId, string why) =>
        _replies.Status(streamId, "error", StatusCode.SeekFailed, why);

    /// <summary>Answers getStreamLength in seconds; 0 for what has no end.</summary>
    public void AnswerLength(double transaction, double seconds)
    {
        if (IsConnected)
            _replies.Result(transaction, seconds);
    }

    /// <summary>A recording is over: Complete, end of stream, Stop.</summary>
    /// <param name="streamId">The stream; it may be sought in still.</param>
    /// <param name="seconds">How long it was.</param>
    /// <param name="bytes">How many it was.</param>
    public void NotifyComplete(uint streamId, double seconds, double bytes)
    {
        if (_streams.Find(streamId) is not { State: StreamState.Playing } stream)
            return;
        _replies.PlayComplete(streamId, seconds, bytes);
        _link.SendUserControl(UserControlEvent.StreamEof, streamId);
        SendStatus(streamId, StatusCode.PlayStop, stream.Name);
    }

    public void SendStatus(uint streamId, string code, string description) =>
        _replies.Status(streamId, "status", code, description);

    /// <summary>The publisher left: the player may wait for the next one (Q68).</summary>
    public void NotifyUnpublish(uint streamId, string name)
    {
        _link.SendUserControl(UserControlEvent.StreamEof, streamId);
        _replies.Status(streamId, "status", StatusCode.PlayUnpublishNotify, name);
    }

    /// <summary>A publisher is there, for a player that waited, or again.</summary>
    public void NotifyPublish(uint streamId, string name) =>
        _replies.Status(streamId, "status", StatusCode.PlayPublishNotify, name);

    /// <summary>Nothing comes for now; the player stays.</summary>
    public void SendStreamDry(uint streamId) =>
        _link.SendUserControl(UserControlEvent.StreamDry, streamId);

    private MessageStream? Enter(uint streamId, StreamState from, StreamState to)
    {
        if (!IsConnected || _streams.Find(streamId) is not { } stream || stream.State != from)
            return null;                        // it ended while it was decided
        stream.State = to;
        return stream;
    }

    private void OnPublish(RtmpCommand command)
    {
        var stream = StreamOf(command);
        stream.HasAskedToPublish = true;
        if (stream.State != StreamState.Idle)
        {
            // S1.24 closes here; a status tells the same, and spares the other streams.
            _replies.Status(
                stream.Id, "error", StatusCode.PublishBadName,
                $"message stream {stream.Id} is in use");
            return;
        }
        // The type (live, record, append) may be missing or in capitals (Q31): all are live.
        stream.Name = command.Argument(0).AsString() ?? "";
        stream.State = StreamState.PublishRequested;
        _handler.OnPublish(stream.Id, stream.Name);
    }

    private void OnPlay(RtmpCommand command)
    {
        var name = command.Argument(0).AsString() ?? "";
        var start = Milliseconds(command.Argument(1).AsNumber() ?? -2);
        var duration = Milliseconds(command.Argument(2).AsNumber() ?? -1);
        // reset is a boolean or a number; without it the old playlist goes (S2.28).
        var reset = command.Argument(3).AsBoolean() ?? true;
        Play(StreamOf(command), new PlayRequest(name, start, duration, reset));
    }

    /// <summary>Seconds by the text, milliseconds by librtmp and ffmpeg (S2.29).</summary>
    private static double Milliseconds(double value) =>
        value is >= -2 and < 0 ? value * 1000 : value;

    /// <summary>
    /// play2 switches to another stream, named in an object (NetStreamPlayOptions).
    /// </summary>
    private void OnPlay2(RtmpCommand command)
    {
        var name = command.Argument(0)["streamName"].AsString() ?? "";
        Play(StreamOf(command), new PlayRequest(name, -2000, -1000, Reset: false));
    }

    private void Play(MessageStream stream, PlayRequest request)
    {
        if (stream.IsPublish)
        {
            _replies.Status(
                stream.Id, "error", StatusCode.PlayFailed, $"message stream {stream.Id} publishes");
            return;
        }
        if (stream.IsPlay)
            End(stream, "play of another stream");
        stream.Name = request.Name;
        stream.Reset = request.Reset;
        stream.Wishes = default;
        stream.State = StreamState.PlayRequested;
        _handler.OnPlay(stream.Id, request);
    }

    private void OnCloseStream(RtmpCommand command)
    {
        End(StreamOf(command), "closeStream");
        Answer(command, null);
    }

    private void OnPause(RtmpCommand command)
    {
        var stream = StreamOf(command);
        var isPaused = command.Argument(0).AsBoolean() ?? true;
        if (stream.State == StreamState.Playing)
            Pause(stream, isPaused);
        else
            stream.Wishes = stream.Wishes with { IsPaused = isPaused };
        Answer(command, null);
    }

    private void Pause(MessageStream stream, bool isPaused)
    {
        _link.SendUserControl(
            isPaused ? UserControlEvent.StreamEof : UserControlEvent.StreamBegin, stream.Id);
        SendStatus(
            stream.Id,
            isPaused ? StatusCode.PauseNotify : StatusCode.UnpauseNotify,
            stream.Name);
        _handler.OnPause(stream.Id, isPaused);
    }

    private void OnSeek(RtmpCommand command)
    {
        var stream = StreamOf(command);
        var milliseconds = Math.Max(0, command.Argument(0).AsNumber() ?? 0);
        if (stream.State == StreamState.Playing)
            _handler.OnSeek(stream.Id, milliseconds);
        else
            stream.Wishes = stream.Wishes with { SeekMs = milliseconds };
        Answer(command, null);
    }

    private void OnReceive(RtmpCommand command, MessageType kind)
    {
        var stream = StreamOf(command);
        var isWanted = command.Argument(0).AsBoolean() ?? true;
        if (stream.State == StreamState.Playing)
            _handler.OnReceive(stream.Id, kind, isWanted);
        else if (kind == MessageType.Audio)
            stream.Wishes = stream.Wishes with { WantsAudio = isWanted };
        else
            stream.Wishes = stream.Wishes with { WantsVideo = isWanted };
        Answer(command, null);
    }

    private void End(MessageStream stream, string how)
    {
        if (stream.State == StreamState.Idle)
            return;
        stream.State = StreamState.Idle;
        _handler.OnStreamEnded(stream.Id, how);
    }
}
