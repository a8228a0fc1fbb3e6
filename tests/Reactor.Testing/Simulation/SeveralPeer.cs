using System;
using System.Collections.Generic;
using System.Linq;
using Reactor.Primitives;
using Reactor.Protocol;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;

namespace Reactor.Testing.Simulation;

/// <summary>Publishes and plays several streams on one connection (S1.7).</summary>
/// <remarks>
/// Each part has a message stream of its own, gets it by createStream or takes one over that
/// another has left by closeStream, and the chunks of all that are published take turns.
/// </remarks>
public sealed class SeveralPeer : Peer, IPacketSink
{
    private const int Mix = OwnPlans;
    private const int Open = OwnPlans + 1000;   // and the number of the seat
    private const int Leave = OwnPlans + 2000;
    private const double ConnectTransaction = 1;
    private const double FirstTransaction = 10;
    private const int BodyBytesMax = 1024;
    private readonly RtmpLink _link;
    private readonly ClientHandshake _handshake;
    private readonly Seat[] _seats;
    private readonly ChunkMixer _mixer;
    private readonly Stack<uint> _idle = new();
    private bool _isGreeted;
    private bool _isMixPlanned;

    public SeveralPeer(World world, int id, PeerPlan plan)
        : base(world, id, plan)
    {
        _link = new RtmpLink(
            world.PeerPool, new LinkSettings { ChunkBytes = plan.ChunkBytes }, this);
        _handshake = new ClientHandshake(Random, 0);
        _seats = [.. plan.Seats.Select(NewSeat)];
        _mixer = new ChunkMixer(plan.ChunkBytes, _seats.Length);
        Parts = [.. _seats.Select(seat => seat.Part)];
        if (plan.Playing.Appetite != Appetite.Healthy)
            Excused("it does not keep up");
    }

    private delegate void Fill(ref Amf0Writer body);

    public override IReadOnlyList<Part> Parts { get; }

    /// <summary>While one part runs, the others' reasons are no reason to end all.</summary>
    public override string? ReasonToEnd => Excuse ?? (Parts.Any(part => part.IsRunning)
        ? null
        : Parts.FirstOrDefault(part => part.Excuse is not null)?.Excuse);

    protected override bool HasStarted => Parts.Any(part => part.StartedAt > 0);

    public void Send(Packet packet) => Send(packet.Written);

    protected override void OnConnected()
    {
        var greeting = World.PeerPool.Rent(ClientHandshake.GreetingBytes);
        _handshake.Begin(greeting);
        Send(greeting);
        greeting.Release();
    }

    protected override void OnReceived(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (!_isGreeted && !Greet(ref bytes))
                return;
            while (!HasEnded && _link.TryReceive(ref bytes, out var message))
            {
                Hear(message);
                message.Payload.Release();
            }
        }
        catch (ProtocolException broken)
        {
            World.Checks.Fail("the server speaks RTMP", $"{this}: {broken.Message}");
        }
    }

    protected override void OnPlanned(int what)
    {
        if (what >= Leave)
            EndSeat(_seats[what - Leave]);
        else if (what >= Open)
            OpenSeat(what - Open);
        else
            SendMixed();
    }

    protected override void OnLeaving()
    {
        foreach (var seat in _seats.Where(seat => seat.Part.IsRunning))
            EndSeat(seat);
    }

    protected override void OnGone()
    {
        foreach (var part in Parts)
            part.End();
    }

    protected override void OnEnded() => _link.Close();

    private Seat NewSeat(SeatPlan plan, int at)
    {
        var seat = new Seat(plan) { ChunkStream = Plan.FirstChunkStream + (2 * (uint)at) };
        seat.Part = plan.Publishing is { } style
            ? new PublishPart(
                World, this, plan.Stream, style, Random, (type, timestamp, payload) =>
                    Publish(at, type, timestamp, payload))
            : new PlayPart(World, this, plan.Stream);
        return seat;
    }

    private bool Greet(ref ReadOnlySpan<byte> bytes)
    {
        var reply = World.PeerPool.Rent(ClientHandshake.ReplyBytes);
        _isGreeted = _handshake.Advance(ref bytes, reply);
        if (reply.Length > 0)
            Send(reply);
        reply.Release();
        if (!_isGreeted)
            return false;
        _link.SendChunkSize();
        Call("connect", ConnectTransaction, 0, (ref Amf0Writer body) =>
        {
            body.BeginObject();
            body.Member("app", Plan.App);
            body.Member("tcUrl", $"rtmp://10.0.0.1/{Plan.App}");
            body.EndObject();
        });
        return true;
    }

    private void Hear(RtmpMessage message)
    {
        switch (message.Type)
        {
            case MessageType.Audio or MessageType.Video or MessageType.Data:
                // What comes before Start is of the part that had the message stream before.
                if (SeatOf(message.StreamId)?.Part is PlayPart { IsRunning: true } play)
                    play.See(message.Type, message.Timestamp, message.Payload.Written);
                break;
            case MessageType.Command or MessageType.CommandAmf3:
                Hear(RtmpCommand.Read(message));
                break;
            default:
                _link.Control(message);
                break;
        }
    }

    private void Hear(RtmpCommand command)
    {
        switch (command.Name)
        {
            case "_result" when command.Transaction == ConnectTransaction:
                for (var at = 0; at < _seats.Length; at++)
                    PlanIn(_seats[at].Plan.StartMs, Open + at);
                break;
            case "_result" when command.Transaction >= FirstTransaction:
                var seat = _seats[(int)(command.Transaction - FirstTransaction)];
                Ask(seat, (uint)command.Argument(0).AsInt32()!);
                break;
            case "onStatus" when SeatOf(command.StreamId) is { } told:
                Hear(told.Part, command.Argument(0));
                break;
            case "onStatus" when IsEnd(command.Argument(0)):
                // It had left before it was told.
                Array.Find(_seats, seat => seat.StreamId == command.StreamId)?.Part
                    .Excused("it was refused, or nobody publishes");
                break;
        }
    }

    private static bool IsEnd(AmfValue info) => info["level"].AsString() == "error"
        || info["code"].AsString() == StatusCode.PlayUnpublishNotify;

    private static void Hear(Part part, AmfValue info)
    {
        var code = info["code"].AsString() ?? "";
        if (part.StartedAt == 0 && code is StatusCode.PublishStart or StatusCode.PlayStart)
            part.Start();
        part.Hear(code, info["description"].AsString() ?? "");
    }

    private Seat? SeatOf(uint streamId) =>
        Array.Find(_seats, seat => seat.StreamId == streamId && !seat.Part.IsOver);

    private void OpenSeat(int at)
    {
        var seat = _seats[at];
        if (seat.Plan.LastsMs > 0)
            PlanIn(seat.Plan.LastsMs, Leave + at);
        seat.Part.Ask();
        if (seat.Plan.TakesOver && _idle.TryPop(out var left))
            Ask(seat, left);
        else
            Call("createStream", FirstTransaction + at, 0, (ref Amf0Writer _) => { });
    }

    private void Ask(Seat seat, uint streamId)
    {
        if (seat.Part.IsOver)
            return;                             // it left before it had begun
        seat.StreamId = streamId;
        Call(
            seat.Part is PublishPart ? "publish" : "play",
            0,
            streamId,
            (ref Amf0Writer body) =>
            {
                body.String(seat.Plan.Stream[(Plan.App.Length + 1)..]);
                if (seat.Part is PlayPart)
                    body.Number(Part.LiveOnly);
            });
        if (seat is { Part: PublishPart publish, Plan.IsEager: true })
            publish.BeginEarly();
    }

    /// <summary>closeStream leaves the message stream for another part.</summary>
    private void EndSeat(Seat seat)
    {
        if (seat.Part.IsOver)
            return;
        seat.Part.End();
        if (seat.StreamId == 0)
            return;
        SendMixed();
        if (seat.Plan.TakesOver)
        {
            Call("closeStream", 0, seat.StreamId, (ref Amf0Writer _) => { });
            _idle.Push(seat.StreamId);
            return;
        }
        Call("deleteStream", 0, 0, (ref Amf0Writer body) => body.Number(seat.StreamId));
    }

    private void Publish(int at, MessageType type, uint timestamp, ReadOnlySpan<byte> payload)
    {
        var seat = _seats[at];
        var chunkStream = seat.ChunkStream + (type == MessageType.Audio ? 1u : 0u);
        _mixer.Add(at, chunkStream, timestamp, type, seat.StreamId, payload);
        if (_isMixPlanned)
            return;
        _isMixPlanned = true;
        PlanIn(1, Mix);
    }

    private void SendMixed()
    {
        _isMixPlanned = false;
        _mixer.Drain(Random, chunk => Send(chunk));
    }

    private void Call(string name, double transaction, uint streamId, Fill fill)
    {
        Span<byte> bytes = stackalloc byte[BodyBytesMax];
        var body = new Amf0Writer(bytes);
        body.String(name);
        body.Number(transaction);
        if (name != "connect")
            body.Null();
        fill(ref body);
        _link.Send(
            RtmpLink.CommandChunkStream, MessageType.Command, streamId, bytes[..body.Length]);
    }

    /// <summary>A part, and the message stream that it has.</summary>
    private sealed class Seat(SeatPlan plan)
    {
        public SeatPlan Plan => plan;

        public Part Part { get; set; } = null!;

        /// <summary>0 before it has one.</summary>
        public uint StreamId { get; set; }

        public required uint ChunkStream { get; init; }
    }
}
