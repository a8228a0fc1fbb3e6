using System.Collections.Generic;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;

namespace Reactor.Testing;

/// <summary>A client's owner that writes down what it was told.</summary>
public sealed class RecordingClient : IRtmpClientHandler
{
    /// <summary>One line a call, payloads by length and hash.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>All that was sent to the server.</summary>
    public List<byte> Wire { get; } = [];

    public void Send(Packet packet) => Wire.AddRange(packet.Written);

    public void OnStarted() => Calls.Add("started");

    public void OnStatus(string level, string code, string description) =>
        Calls.Add($"{level} {code} {description}");

    public void OnMedia(RtmpMessage message)
    {
        var payload = RecordingHandler.Describe(message.Payload.Written);
        Calls.Add($"{message.Type} at {message.Timestamp}: {payload}");
    }
}
