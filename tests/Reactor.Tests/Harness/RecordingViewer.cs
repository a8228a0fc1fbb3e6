using System;
using System.Net.Sockets;
using System.Text;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;
using Reactor.Testing;

namespace Reactor.Tests.Harness;

/// <summary>Plays a recording over a blocking socket, and pauses it.</summary>
internal sealed class RecordingViewer : IDisposable
{
    private const int HandshakeBytes = 1536;

    private readonly TcpClient _client = new();
    private readonly byte[] _received = new byte[256 << 10];
    private readonly StringBuilder _seen = new();

    /// <summary>Plays from the start, and returns once the server says that it is paused.</summary>
    public RecordingViewer(int port, string app, string name)
    {
        _client.NoDelay = true;
        _client.ReceiveTimeout = (int)Patience.Long.TotalMilliseconds;
        _client.Connect("127.0.0.1", port);
        var stream = _client.GetStream();
        stream.Write([3, .. new byte[HandshakeBytes]]);
        stream.ReadExactly(_received.AsSpan(0, 1 + (2 * HandshakeBytes)));
        stream.Write(_received.AsSpan(1, HandshakeBytes));      // C2 echoes S1
        stream.Write(Connect(app));
        stream.Write(Command(0, 2, "createStream"));
        stream.Write(Command(1, 0, "play", AmfValue.Of(name), AmfValue.Of(0)));
        Await("NetStream.Play.Start");
        stream.Write(Command(1, 0, "pause", AmfValue.Of(true), AmfValue.Of(0)));
        Await("NetStream.Pause.Notify");
    }

    public void Dispose() => _client.Dispose();

    private static byte[] Connect(string app)
    {
        var room = new byte[1000];
        var body = new Amf0Writer(room);
        body.String("connect");
        body.Number(1);
        body.BeginObject();
        body.Key("app");
        body.String(app);
        body.EndObject();
        return Message(0, room.AsSpan(0, body.Length));
    }

    private static byte[] Command(
        uint streamId, double transaction, string name, params ReadOnlySpan<AmfValue> arguments)
    {
        var room = new byte[1000];
        var body = new Amf0Writer(room);
        body.String(name);
        body.Number(transaction);
        body.Null();
        foreach (var argument in arguments)
            body.Value(argument);
        return Message(streamId, room.AsSpan(0, body.Length));
    }

    private static byte[] Message(uint streamId, ReadOnlySpan<byte> body) =>
        Chunks.Whole(3, 0, MessageType.Command, streamId, body);

    private void Await(string words)
    {
        while (!_seen.ToString().Contains(words, StringComparison.Ordinal))
        {
            var count = _client.GetStream().Read(_received);
            if (count == 0)
                throw new InvalidOperationException($"the server left before {words}");
            var kept = Math.Min(_seen.Length, words.Length);
            _seen.Remove(0, _seen.Length - kept)
                .Append(Encoding.Latin1.GetString(_received, 0, count));
        }
    }
}
