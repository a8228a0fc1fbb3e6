using System;
using System.Collections.Generic;
using System.Globalization;
using Reactor.Primitives;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;

namespace Reactor.Testing;

/// <summary>A server's owner that grants everything, and writes down what it was asked.</summary>
public sealed class RecordingHandler : IRtmpServerHandler
{
    private bool _isClosed;

    /// <summary>To be set before the first byte is received.</summary>
    public RtmpServerConversation Conversation { get; set; } = null!;

    /// <summary>One line a call, payloads by length and hash.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>All that was sent to the peer.</summary>
    public List<byte> Wire { get; } = [];

    /// <summary>What was worth a line in a log only.</summary>
    public List<string> Oddities { get; } = [];

    /// <summary>Bounds that were run into.</summary>
    public List<string> Bounds { get; } = [];

    /// <summary>What the client said of itself.</summary>
    public ConnectRequest? Client { get; private set; }

    /// <summary>False leaves every request open.</summary>
    public bool Answers { get; set; } = true;

    /// <summary>Names that are taken.</summary>
    public HashSet<string> Taken { get; } = [];

    /// <summary>Closes the conversation in the call that begins so, as a session may.</summary>
    public string? ClosesAt { get; set; }

    /// <summary>A hash of all calls, in order.</summary>
    public ulong Digest
    {
        get
        {
            var print = new Fingerprint();
            foreach (var call in Calls)
                print.Add(call);
            return print.Value;
        }
    }

    /// <summary>A payload in a few words: its length, its first two bytes, and its hash.</summary>
    public static string Describe(ReadOnlySpan<byte> payload)
    {
        var start = Convert.ToHexString(payload[..Math.Min(2, payload.Length)]);
        return $"{payload.Length} {start} {Fingerprint.Of(payload):x16}";
    }

    public void Send(Packet packet) => Wire.AddRange(packet.Written);

    public void OnConnect(ConnectRequest request)
    {
        Client = request;
        Record($"connect {request.App} {request.TcUrl} {request.IsEnhanced}");
        if (Answers)
            Conversation.AcceptConnect();
    }

    public bool CanPublish(string name) => !Taken.Contains(name);

    public void OnPublish(uint streamId, string name)
    {
        Record($"publish {streamId} {name}");
        if (!Answers)
            return;
        if (Taken.Contains(name))
            Conversation.RefuseStream(streamId, StatusCode.PublishBadName, "Already publishing");
        else
            Conversation.AcceptPublish(streamId);
    }

    public void OnPlay(uint streamId, PlayRequest request)
    {
        var (start, duration) = (Text(request.StartMs), Text(request.DurationMs));
        Record($"play {streamId} {request.Name} {start} {duration} {request.Reset}");
        if (Answers)
            Conversation.AcceptPlay(streamId);
    }

    public void OnMedia(uint streamId, RtmpMessage message)
    {
        var payload = Describe(message.Payload.Written);
        Record($"{message.Type} {streamId} at {message.Timestamp}: {payload}");
    }

    public void OnStreamEnded(uint streamId, string how) => Record($"ended {streamId} {how}");

    public void OnPause(uint streamId, bool isPaused) => Record($"pause {streamId} {isPaused}");

    public void OnSeek(uint streamId, double milliseconds)
    {
        Record($"seek {streamId} {Text(milliseconds)}");
        if (Answers)
            Conversation.AcceptSeek(streamId);
    }

    public void OnStreamLength(double transaction, string name)
    {
        if (Answers)
            Conversation.AnswerLength(transaction, 0);
    }

    public void OnReceive(uint streamId, MessageType kind, bool isWanted) =>
        Record($"receive {streamId} {kind} {isWanted}");

    public void OnGoodbye() => Record("goodbye");

    public void OnBound(RtmpBound bound, string detail) => Bounds.Add($"{bound}: {detail}");

    public void OnOddity(string what, AmfValue detail) => Oddities.Add($"{what}: {detail}");

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    private void Record(string call)
    {
        if (_isClosed)
            throw new InvalidOperationException($"called after Close: {call}");
        Calls.Add(call);
        if (ClosesAt is not { } at || !call.StartsWith(at, StringComparison.Ordinal))
            return;
        _isClosed = true;
        Conversation.Close();
    }
}
