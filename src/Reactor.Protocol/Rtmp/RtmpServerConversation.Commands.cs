using System;
using System.Collections.Frozen;
using System.Linq;
using Reactor.Protocol.Amf;

namespace Reactor.Protocol.Rtmp;

/// <summary>The commands: a row each, and who answers it.</summary>
public sealed partial class RtmpServerConversation
{
    private static readonly FrozenDictionary<string, Row> Commands = new Row[]
    {
        //  name             has to be there    answered by
        new("connect",       Needs.Greeting,    (self, c) => self.OnConnect(c)),
        new("close",         Needs.Connection,  (self, c) => self.OnClose(c)),
        new("createStream",  Needs.Connection,  (self, c) => self.OnCreateStream(c)),
        new("releaseStream", Needs.Connection,  (self, c) => self.OnReleaseStream(c)),
        new("FCPublish",     Needs.Connection,  (self, c) => self.OnFcPublish(c)),
        new("FCUnpublish",   Needs.Connection,  (self, c) => self.OnFcUnpublish(c)),
        new("FCSubscribe",   Needs.Connection,  (self, c) => self.OnFcSubscribe(c)),
        new("getStreamLength", Needs.Connection, (self, c) => self.OnStreamLength(c)),
        new("deleteStream",  Needs.Connection,  (self, c) => self.OnDeleteStream(c)),
        new("publish",       Needs.Stream,      (self, c) => self.OnPublish(c)),
        new("play",          Needs.Stream,      (self, c) => self.OnPlay(c)),
        new("play2",         Needs.Stream,      (self, c) => self.OnPlay2(c)),
        new("closeStream",   Needs.Stream,      (self, c) => self.OnCloseStream(c)),
        new("pause",         Needs.Stream,      (self, c) => self.OnPause(c)),
        new("pauseRaw",      Needs.Stream,      (self, c) => self.OnPause(c)),
        new("seek",          Needs.Stream,      (self, c) => self.OnSeek(c)),
        new("receiveAudio",  Needs.Stream,      (self, c) => self.OnReceive(c, MessageType.Audio)),
        new("receiveVideo",  Needs.Stream,      (self, c) => self.OnReceive(c, MessageType.Video)),
        new("_result",       Needs.Greeting,    (_, _) => { }),
        new("_error",        Needs.Greeting,    (_, _) => { }),
        new("onStatus",      Needs.Greeting,    (_, _) => { }),
    }.ToFrozenDictionary(row => row.Name);

    private enum Needs
    {
        Greeting,
        Connection,
        Stream,
    }

    private void Command(RtmpMessage message, long nowMs)
    {
        if (!_commands.TryTake(nowMs))
        {
            throw new ProtocolException(
                ProtocolError.TooManyCommands, $"over {_settings.CommandsPerSecond} a second");
        }
        var command = RtmpCommand.Read(message, _settings.Amf);
        if (command.Excess.Length > 0)
            RefuseExcess(command);
        else if (!Commands.TryGetValue(command.Name, out var row))
            AnswerUnknown(command);
        else if (row.Needs > Needs.Greeting && !IsConnected)
            RefuseOrder(command, "connect first");
        else if (row.Needs == Needs.Stream && _streams.FindOrImply(command.StreamId) is null)
            RefuseOrder(command, $"no message stream {command.StreamId}: createStream first");
        else
            row.Answer(this, command);
    }

    /// <summary>The stream of a command whose row needs one.</summary>
    private MessageStream StreamOf(RtmpCommand command) =>
        _streams.FindOrImply(command.StreamId)!;

    /// <summary>An encoder that waits for an answer waits for ever (S1.30, Q26).</summary>
    private void AnswerUnknown(RtmpCommand command)
    {
        _handler.OnOddity("unknown command", AmfValue.Of(command.Name));
        Answer(command, null);
    }

    /// <summary>What is too much costs itself, and not the connection.</summary>
    private void RefuseExcess(RtmpCommand command)
    {
        _link.Skip();
        _handler.OnBound(RtmpBound.Amf, command.Excess);
        if (command.WantsAnswer)
            _replies.Error(command.Transaction, StatusCode.CallFailed, command.Excess);
    }

    private void RefuseOrder(RtmpCommand command, string why)
    {
        _handler.OnOddity($"{command.Name} out of order", AmfValue.Of(why));
        if (command.WantsAnswer)
            _replies.Error(command.Transaction, StatusCode.CallFailed, why);
        else
            _replies.Status(command.StreamId, "error", StatusCode.StreamFailed, why);
    }

    private void Answer(RtmpCommand command, double? value)
    {
        if (command.WantsAnswer)
            _replies.Result(command.Transaction, value);
    }

    private void OnConnect(RtmpCommand command)
    {
        if (_connect != ConnectState.Awaited)
        {
            RefuseOrder(command, "connected already");
            return;
        }
        _connect = ConnectState.Requested;
        _connectTransaction = command.Transaction;
        var about = command.Object;
        _objectEncoding = about["objectEncoding"].AsNumber() == 3 ? 3 : 0;
        var capsEx = about["capsEx"].AsInt32() ?? 0;
        _speaksEnhanced = _settings.IsEnhanced
            && (capsEx != 0
                || about["fourCcList"].Items.Length > 0
                || about["videoFourCcInfoMap"].Members.Length > 0
                || about["audioFourCcInfoMap"].Members.Length > 0);
        _handler.OnConnect(new ConnectRequest(
            about["app"].AsString() ?? "",
            about["tcUrl"].AsString() ?? "",
            about["flashVer"].AsString() ?? about["flashver"].AsString() ?? "",
            about["pageUrl"].AsString() ?? "",
            _speaksEnhanced,
            capsEx)
        {
            Path = RelayPath.Read(about),
        });
    }

    private void OnClose(RtmpCommand command)
    {
        Answer(command, null);
        _handler.OnGoodbye();
    }

    private void OnCreateStream(RtmpCommand command)
    {
        if (_streams.IsFull)
        {
            var why = $"{_settings.StreamsMax} streams are open";
            _handler.OnBound(RtmpBound.Streams, why);
            _replies.Error(command.Transaction, StatusCode.CallFailed, why);
            return;
        }
        _replies.Result(command.Transaction, _streams.Create().Id);
    }

    private void OnReleaseStream(RtmpCommand command)
    {
        if (command.Argument(0).AsString() is { Length: > 0 } name && !_handler.CanPublish(name))
            _replies.Status(0, "error", StatusCode.PublishBadName, "Already publishing");
        Answer(command, null);
    }

    /// <summary>
    /// Hardware encoders wait for both answers, and compare the transaction (Q25).
    /// </summary>
    private void OnFcPublish(RtmpCommand command)
    {
        _replies.Event(
            "onFCPublish", command.Transaction, 0, "status", StatusCode.PublishStart,
            command.Argument(0).AsString() ?? "");
        Answer(command, null);
    }

    private void OnFcUnpublish(RtmpCommand command)
    {
        var name = command.Argument(0).AsString() ?? "";
        foreach (var stream in _streams.All.Where(s => s.IsPublish && s.Name == name).ToArray())
            End(stream, "FCUnpublish");
        _replies.Event(
            "onFCUnpublish", command.Transaction, 0, "status", StatusCode.UnpublishSuccess, name);
        Answer(command, null);
    }

    private void OnFcSubscribe(RtmpCommand command)
    {
        _replies.Event(
            "onFCSubscribe", command.Transaction, 0, "status", StatusCode.PlayStart,
            command.Argument(0).AsString() ?? "");
        Answer(command, null);
    }

    private void OnStreamLength(RtmpCommand command)
    {
        if (command.WantsAnswer)
            _handler.OnStreamLength(command.Transaction, command.Argument(0).AsString() ?? "");
    }

    private void OnDeleteStream(RtmpCommand command)
    {
        var id = command.Argument(0).AsInt32() ?? (int)command.StreamId;
        if (_streams.Find((uint)id) is { } stream)
        {
            End(stream, "deleteStream");
            _streams.Remove(stream);
        }
        Answer(command, null);
    }

    private sealed record Row(
        string Name, Needs Needs, Action<RtmpServerConversation, RtmpCommand> Answer);
}
