using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;
using Reactor.Testing;

namespace Reactor.Protocol.Tests.Rtmp;

/// <summary>Our client with servers that answer as SRS, livego and nginx-rtmp do.</summary>
/// <remarks>
/// Written after what their sources send, in their order: SRS announces its chunk size between the
/// answers, puts more into them than asked, and says onFCPublish only behind publish; livego says
/// nothing to releaseStream and FCPublish; nginx-rtmp answers neither, nor says Play.Reset first.
/// </remarks>
[TestFixture]
public sealed class PeerServersTests
{
    private static readonly string[] Names = ["srs", "livego", "nginx"];
    private static readonly byte[] Keyframe =
        [0x17, 1, 0, 0, 0, .. Enumerable.Range(0, 900).Select(i => (byte)i)];

    [Test]
    public void We_publish(
        [ValueSource(nameof(Names))] string name, [Values(0, 1, 7, 100)] int cut)
    {
        using var server = new Peer(name, publishes: true, cut);
        server.Greet();
        server.Connect();
        Assert.That(
            server.Asked(),
            Is.EqualTo(new[] { "connect", "releaseStream", "FCPublish", "createStream" }));
        server.CreateStream();
        Assert.That(server.Asked(), Is.EqualTo(new[] { "publish" }));
        Assert.That(server.Calls, Has.None.StartsWith("started"), "not before it was said");
        server.Publish();

        Assert.That(server.Calls.Count(call => call == "started"), Is.EqualTo(1));
        Assert.That(server.Calls, Has.None.StartsWith("error"));
        Assert.That(server.StreamId, Is.EqualTo(1));
        Assert.That(server.Asked(), Is.Empty);
    }

    [Test]
    public void We_play(
        [ValueSource(nameof(Names))] string name, [Values(0, 1, 7, 100)] int cut)
    {
        using var server = new Peer(name, publishes: false, cut);
        server.Greet();
        server.Connect();
        Assert.That(server.Asked(), Is.EqualTo(new[] { "connect", "createStream" }));
        server.CreateStream();
        Assert.That(server.Asked(), Is.EqualTo(new[] { "play" }));
        server.Play();
        Assert.That(server.Calls, Does.Contain("started"));
        server.Hear(6, MessageType.Video, 1, Keyframe, 40);

        Assert.That(server.Calls.Count(call => call == "started"), Is.EqualTo(1));
        Assert.That(
            server.Calls[^1],
            Is.EqualTo($"Video at 40: {RecordingHandler.Describe(Keyframe)}"));
        Assert.That(server.Calls, Has.None.StartsWith("error"));
    }

    [Test]
    public void A_refusal_is_told_in_its_own_words(
        [ValueSource(nameof(Names))] string name, [Values(0, 1)] int cut)
    {
        using var server = new Peer(name, publishes: true, cut);
        server.Greet();
        server.Connect();
        server.CreateStream();
        server.Refuse();

        Assert.That(server.Calls, Has.Some.StartsWith("error NetStream.Publish.BadName"));
        Assert.That(server.Calls, Has.None.EqualTo("started"));
    }

    /// <summary>The other server: what it says at each step.</summary>
    private sealed class Peer : IDisposable
    {
        private static readonly AmfValue Null = AmfValue.Null;
        private readonly PacketPool _pool = new();
        private readonly RecordingClient _client = new();
        private readonly ChunkReader _reader = new(new PacketPool(), new ChunkLimits());
        private readonly RtmpClientConversation _conversation;
        private readonly List<byte> _said = [];
        private readonly string _name;
        private readonly int _cut;
        private int _chunkBytes = 128;
        private int _read = 1 + (2 * 1536);

        public Peer(string name, bool publishes, int cut)
        {
            _name = name;
            _cut = cut;
            _conversation = new RtmpClientConversation(
                _pool, new LinkSettings(),
                new ClientRequest("live", "rtmp://h/live", "cam?key=1", publishes), _client,
                new Random(1));
            _conversation.Begin();
        }

        public List<string> Calls => _client.Calls;

        public uint StreamId => _conversation.StreamId;

        public void Greet()
        {
            _said.AddRange((byte[])[3, .. new byte[3072]]);
            Deliver();
        }

        public void Connect()
        {
            var bandwidth = _name == "nginx" ? 5_000_000 : 2_500_000;
            Control(MessageType.WindowAcknowledgementSize, Chunks.Number(bandwidth, 4));
            Control(
                MessageType.SetPeerBandwidth, [.. Chunks.Number(bandwidth, 4), 2]);
            if (_name != "srs")
                SetChunkSize(_name == "livego" ? 1024 : 4096);
            var about = Talk.Object(
                ("fmsVer", AmfValue.Of(_name == "srs" ? "FMS/3,5,3,888" : "FMS/3,0,1,123")),
                ("capabilities", AmfValue.Of(_name == "srs" ? 127 : 31)),
                ("mode", AmfValue.Of(1)));
            var info = Info(
                "status", "NetConnection.Connect.Success",
                ("objectEncoding", AmfValue.Of(0)),
                ("data", Talk.Object(
                    ("version", AmfValue.Of("3,5,3,888")),
                    ("srs_server", AmfValue.Of("SRS/5.0.213(Bee)")),
                    ("srs_server_ip", AmfValue.Of("192.0.2.7")),
                    ("srs_pid", AmfValue.Of(1)))));
            if (_name == "srs")
                SetChunkSize(60_000);
            Command(0, "_result", 1, about, info);
            if (_name == "srs")
                Command(0, "onBWDone", 0, Null);
            Deliver();
        }

        public void CreateStream()
        {
            if (_name == "srs")
            {
                Command(0, "_result", 2, Null, default);
                Command(0, "_result", 3, Null, default);
            }
            Command(0, "_result", 4, Null, AmfValue.Of(1));
            Deliver();
        }

        public void Publish()
        {
            if (_name == "srs")
            {
                Command(1, "onFCPublish", 0, Null, Info(
                    "status", "NetStream.Publish.Start",
                    ("clientid", AmfValue.Of("ASAICiss"))));
            }
            Command(1, "onStatus", 0, Null, Info(
                "status", "NetStream.Publish.Start", ("clientid", AmfValue.Of("ASAICiss"))));
            Deliver();
        }

        public void Play()
        {
            if (_name == "livego")
                Control(MessageType.UserControl, 0, 4, 0, 0, 0, 1);
            Control(MessageType.UserControl, 0, 0, 0, 0, 0, 1);
            if (_name != "nginx")
                Status("NetStream.Play.Reset");
            Status("NetStream.Play.Start");
            if (_name == "livego")
            {
                Status("NetStream.Data.Start");
                Status("NetStream.Play.PublishNotify");
            }
            else
            {
                Say(5, MessageType.Data, 1, Text("|RtmpSampleAccess", [1, 1, 1, 1]));
            }
            if (_name == "srs")
            {
                byte[] code = [3, 0, 4, .. "code"u8, 2, 0, 20, .. "NetStream.Data.Start"u8];
                Say(5, MessageType.Data, 1, Text("onStatus", [.. code, 0, 0, 9]));
            }
            Deliver();
        }

        public void Refuse()
        {
            Command(1, "onStatus", 0, Null, Info("error", "NetStream.Publish.BadName"));
            Deliver();
        }

        public void Hear(uint id, MessageType type, uint stream, byte[] body, uint time)
        {
            Say(id, type, stream, body, time);
            Deliver();
        }

        /// <summary>Names of the commands that came since this was last asked.</summary>
        public List<string> Asked()
        {
            var names = new List<string>();
            ReadOnlySpan<byte> wire = _client.Wire.ToArray();
            wire = wire[_read..];
            _read = _client.Wire.Count;
            while (_reader.TryRead(ref wire, out var message))
            {
                if (message.Type == MessageType.SetChunkSize)
                    _reader.ChunkBytesMax = 60_000;
                if (message.Type == MessageType.Command)
                    names.Add(RtmpCommand.Read(message).Name);
                message.Payload.Release();
            }
            return names;
        }

        public void Dispose()
        {
            _conversation.Close();
            Assert.That(_pool.Outstanding, Is.Zero);
        }

        private static AmfValue Info(
            string level, string code, params (string Key, AmfValue Value)[] more) => Talk.Object(
        [
            ("level", AmfValue.Of(level)), ("code", AmfValue.Of(code)),
            ("description", AmfValue.Of("as it says")), .. more,
        ]);

        private static byte[] Text(string name, byte[] rest) =>
            [2, 0, (byte)name.Length, .. System.Text.Encoding.ASCII.GetBytes(name), .. rest];

        private void Status(string code) => Command(1, "onStatus", 0, Null, Info(
            "status", code, ("details", AmfValue.Of("cam")),
            ("clientid", AmfValue.Of("ASAICiss"))));

        private void SetChunkSize(int bytes)
        {
            Control(MessageType.SetChunkSize, Chunks.Number(bytes, 4));
            _chunkBytes = bytes;
        }

        private void Control(MessageType type, params byte[] body) => Say(2, type, 0, body);

        private void Command(uint stream, string name, double transaction, params AmfValue[] values)
        {
            var id = stream == 0 ? 3u : 5u;
            Say(id, MessageType.Command, stream, Talk.Body(name, transaction, values));
        }

        private void Say(uint id, MessageType type, uint stream, byte[] body, uint time = 0)
        {
            var first = body.AsSpan(0, Math.Min(body.Length, _chunkBytes));
            _said.AddRange(Chunks.Type0(id, time, body.Length, type, stream, first));
            for (var at = first.Length; at < body.Length; at += _chunkBytes)
            {
                var length = Math.Min(_chunkBytes, body.Length - at);
                _said.AddRange(Chunks.Type3(id, body.AsSpan(at, length)));
            }
        }

        /// <summary>All that was said arrives, whole or cut into pieces.</summary>
        private void Deliver()
        {
            var bytes = _said.ToArray();
            _said.Clear();
            var piece = _cut == 0 ? bytes.Length : _cut;
            for (var at = 0; at < bytes.Length; at += piece)
            {
                ReadOnlySpan<byte> input =
                    bytes.AsSpan(at, Math.Min(piece, bytes.Length - at));
                _conversation.Receive(ref input);
                Assert.That(input.IsEmpty, Is.True);
            }
        }
    }
}
