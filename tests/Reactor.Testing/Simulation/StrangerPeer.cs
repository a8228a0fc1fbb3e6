using System;
using System.Text;
using Reactor.Primitives;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;

namespace Reactor.Testing.Simulation;

/// <summary>Somebody who does not mean well, or is no RTMP client at all.</summary>
public sealed class StrangerPeer : Peer, IPacketSink
{
    private const int Drip = OwnPlans;
    private const int GreetingBytes = 1537;
    private static readonly string[] Verbs =
    [
        "connect", "createStream", "publish", "play", "deleteStream", "closeStream", "pause",
        "seek", "releaseStream", "FCPublish", "FCUnpublish", "receiveVideo", "play2", "noSuchCall",
    ];

    private byte[] _script = [];
    private int _scriptAt;
    private RtmpLink? _link;

    public StrangerPeer(World world, int id, PeerPlan plan)
        : base(world, id, plan) => Excused($"it is up to {plan.Mischief}");

    protected override int Port => Plan.Mischief >= Mischief.HttpMutation ? 7001 : base.Port;

    /// <summary>Who floods does not read.</summary>
    protected override bool IsDeaf => Plan.Mischief == Mischief.HttpFlood;

    public void Send(Packet packet) => Send(packet.Written);

    protected override void OnConnected()
    {
        switch (Plan.Mischief)
        {
            case Mischief.Noise:
                _script = new byte[Random.Next(20_000)];
                Random.NextBytes(_script);
                if (_script.Length > 0 && Random.Next(2) == 0)
                    _script[0] = 3;
                break;
            case Mischief.HalfHandshake:
                _script = new byte[Random.Next(1, GreetingBytes)];
                _script[0] = 3;
                break;
            case Mischief.Slowloris:
                _script = new byte[GreetingBytes];
                _script[0] = 3;
                break;
            case Mischief.Http:
                _script = Encoding.ASCII.GetBytes("GET /live/a HTTP/1.1\r\nHost: here\r\n\r\n");
                break;
            case Mischief.Recording or Mischief.Mutation:
                _script = World.DrawRecording(Random);
                if (Plan.Mischief == Mischief.Mutation)
                    Mutate(_script);
                break;
            case Mischief.Commands or Mischief.Greeting or Mischief.Connecting:
                _script = new byte[GreetingBytes + GreetingBytes - 1];
                _script[0] = 3;
                break;
        }
        if (Plan.Mischief >= Mischief.HttpMutation)
            _script = HttpMischief.Script(Plan.Mischief, Plan.Stream, Random);
        PlanIn(1, Drip);
    }

    /// <summary>Whatever the server says is not listened to.</summary>
    protected override void OnReceived(ReadOnlySpan<byte> bytes)
    {
    }

    protected override void OnPlanned(int what)
    {
        if (_scriptAt < _script.Length)
            SendPiece();
        else if (Plan.Mischief == Mischief.Commands)
            SendCommand(Verbs[Random.Next(Random.Next(3) == 0 ? Verbs.Length : 4)]);
        else if (Plan.Mischief == Mischief.Connecting && _link is null)
            SendCommand("connect");
        else
            return;
        PlanIn(IsSlow ? 100 : Random.Next(1, 50), Drip);
    }

    private bool IsSlow => Plan.Mischief is Mischief.Slowloris or Mischief.HttpSlowHead;

    private void SendPiece()
    {
        var most = IsSlow ? 2 : 20_000;
        var piece = Math.Min(1 + Random.Next(most), _script.Length - _scriptAt);
        Send(_script.AsSpan(_scriptAt, piece));
        _scriptAt += piece;
    }

    /// <summary>Any command in any order, with arguments that may fit.</summary>
    private void SendCommand(string verb)
    {
        _link ??= new RtmpLink(World.PeerPool, new LinkSettings(), this);
        Span<byte> body = new byte[1024];
        var writer = new Amf0Writer(body);
        writer.String(verb);
        writer.Number(Random.Next(3) == 0 ? 0 : Random.Next(10));
        if (verb == "connect")
        {
            writer.BeginObject();
            writer.Member("app", "live");
            writer.EndObject();
        }
        else
        {
            writer.Null();
            Argument(ref writer, verb == "publish");
            Argument(ref writer, verb == "publish");
        }
        var streamId = (uint)Random.Next(4);
        _link.Send(3, MessageType.Command, streamId, body[..writer.Length]);
        if (Random.Next(4) == 0)
            _link.Send(4, MessageType.Audio, streamId, body[..Random.Next(64)]);
    }

    /// <summary>Watching others' streams is allowed, publishing only its own.</summary>
    private void Argument(ref Amf0Writer writer, bool isOwn)
    {
        switch (Random.Next(isOwn ? 3 : 0, 5))
        {
            case 0:
                writer.Number(Random.Next(-3, 5));
                break;
            case 1:
                writer.Boolean(Random.Next(2) == 0);
                break;
            case 2:
                writer.String(Plan.Stream[(Plan.Stream.LastIndexOf('/') + 1)..]);
                break;
            case 3:
                writer.String($"stranger{Random.Next(3)}");
                break;
        }
    }

    private void Mutate(byte[] bytes)
    {
        for (var count = Random.Next(1, 20); count > 0; count--)
        {
            var at = Random.Next(bytes.Length);
            bytes[at] = Random.Next(3) switch
            {
                0 => (byte)Random.Next(256),
                1 => (byte)(bytes[at] ^ (1 << Random.Next(8))),
                _ => 0xFF,
            };
        }
    }
}
