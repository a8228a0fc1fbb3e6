using System;
using System.Collections.Generic;
using Reactor.Primitives;
using Reactor.Protocol.Amf;

namespace Reactor.Protocol.Rtmp;

/// <summary>What a client wants of a server.</summary>
/// <param name="App">The application, sent in connect.</param>
/// <param name="TcUrl">The URL up to the application.</param>
/// <param name="Name">The stream's name, with its query.</param>
/// <param name="Publishes">Publish, else play.</param>
public sealed record ClientRequest(string App, string TcUrl, string Name, bool Publishes)
{
    /// <summary>Relays that the stream has passed; see <see cref="RelayPath"/>.</summary>
    public IReadOnlyList<string> Path { get; init; } = [];

    /// <summary>Milliseconds that a player wants to buffer; 0 to say nothing.</summary>
    public uint BufferMs { get; init; }

    /// <summary>A player waits where nobody publishes, and wants no recording of it.</summary>
    public bool IsLiveOnly { get; init; }
}

/// <summary>What the client side of a conversation tells its owner.</summary>
public interface IRtmpClientHandler : IPacketSink
{
    /// <summary>Publish or play was accepted: media may flow.</summary>
    void OnStarted();

    /// <summary>A status of the server's; an error ends what was asked for.</summary>
    void OnStatus(string level, string code, string description);

    /// <summary>Audio, video or data; the payload is borrowed.</summary>
    void OnMedia(RtmpMessage message);
}

/// <summary>
/// The client's side of one RTMP connection: connect, createStream, then publish or play, in the
/// order that encoders recommend (S5.11). Knows no socket and no clock.
/// </summary>
public sealed class RtmpClientConversation
{
    /// <summary>Where our audio goes, as ffmpeg does (S1.38).</summary>
    public const uint AudioChunkStream = 4;

    public const uint VideoChunkStream = 6;

    private const double ConnectTransaction = 1;
    private const double CreateTransaction = 4;
    private const double MediaTransaction = 5;
    private const double NothingAwaited = -1;

    /// <summary>A URL of 2,048 characters, and once more its application, in UTF-8.</summary>
    private const int BodyBytesMax = 16 << 10;

    private readonly ClientRequest _request;
    private readonly IRtmpClientHandler _handler;
    private readonly RtmpLink _link;
    private readonly MediaParts _parts;
    private ClientHandshake? _handshake;
    private Random? _random;
    private double _awaited = NothingAwaited;
    private bool _isClosed;

    public RtmpClientConversation(
        PacketPool pool,
        LinkSettings settings,
        ClientRequest request,
        IRtmpClientHandler handler,
        Random random)
    {
        _request = request;
        _handler = handler;
        _random = random;
        _link = new RtmpLink(pool, settings, handler);
        _parts = new MediaParts(_link, Media);
    }

    private delegate void Fill(ref Amf0Writer body);

    /// <summary>The message stream that createStream gave; 0 before.</summary>
    public uint StreamId { get; private set; }

    /// <summary>Whether publish or play was accepted.</summary>
    public bool IsStarted { get; private set; }

    /// <summary>Greets the server; the answer comes by <see cref="Receive"/>.</summary>
    public void Begin()
    {
        _handshake = new ClientHandshake(_random!, 0);
        _random = null;
        var greeting = _link.Pool.Rent(ClientHandshake.GreetingBytes);
        _handshake.Begin(greeting);
        _handler.Send(greeting);
        greeting.Release();
    }

    /// <summary>Takes all that arrived.</summary>
    /// <exception cref="ProtocolException">The server broke the protocol.</exception>
    public void Receive(ref ReadOnlySpan<byte> input)
    {
        if (_handshake is not null && !Greet(ref input))
            return;
        while (!_isClosed && _link.TryReceive(ref input, out var message))
        {
            try
            {
                Dispatch(message);
            }
            finally
            {
                message.Payload.Release();
            }
        }
    }

    /// <summary>Sends one message of the stream.</summary>
    public void SendMedia(MessageType type, uint timestamp, ReadOnlySpan<byte> payload)
    {
        var chunkStream = type == MessageType.Video ? VideoChunkStream : AudioChunkStream;
        _link.Send(chunkStream, type, StreamId, payload, timestamp);
    }

    /// <summary>
    /// Sends a command of one argument at most about the stream: pause, closeStream.
    /// </summary>
    public void SendCommand(string name, params ReadOnlySpan<AmfValue> arguments)
    {
        var all = arguments.ToArray();
        Call(
            name,
            0,
            (ref Amf0Writer body) =>
            {
                foreach (var argument in all)
                    body.Value(argument);
            },
            StreamId);
    }

    /// <summary>Says goodbye as encoders do: FCUnpublish, deleteStream (S1.38).</summary>
    public void End()
    {
        if (_request.Publishes)
            Call("FCUnpublish", 0, (ref Amf0Writer body) => body.String(_request.Name));
        Call("deleteStream", 0, (ref Amf0Writer body) => body.Number(StreamId));
    }

    /// <summary>Drops what is under way; the handler is not called afterwards.</summary>
    public void Close()
    {
        _isClosed = true;
        _link.Close();
    }

    private bool Greet(ref ReadOnlySpan<byte> input)
    {
        var reply = _link.Pool.Rent(ClientHandshake.ReplyBytes);
        try
        {
            var isDone = _handshake!.Advance(ref input, reply);
            if (reply.Length > 0)
                _handler.Send(reply);
            if (!isDone)
                return false;
        }
        finally
        {
            reply.Release();
        }
        _handshake = null;
        _link.SendChunkSize();
        Connect();
        return true;
    }

    private void Dispatch(RtmpMessage message)
    {
        switch (message.Type)
        {
            case MessageType.Audio or MessageType.Video or MessageType.Data
                or MessageType.DataAmf3 or MessageType.Aggregate:
                _parts.Take(message);
                break;
            case MessageType.Command or MessageType.CommandAmf3:
                Command(RtmpCommand.Read(message));
                break;
            default:
                _link.Control(message);
                break;
        }
    }

    /// <summary>Media is an answer to play, where a server sends no other.</summary>
    private void Media(RtmpMessage message)
    {
        if (_isClosed)
            return;
        if (_awaited == MediaTransaction && !_request.Publishes)
            Start();
        _handler.OnMedia(message);
    }

    private void Start()
    {
        _awaited = NothingAwaited;
        if (IsStarted)
            return;
        IsStarted = true;
        _handler.OnStarted();
    }

    private void Connect()
    {
        _awaited = ConnectTransaction;
        Send("connect", ConnectTransaction, 0, (ref Amf0Writer body) =>
        {
            body.BeginObject();
            body.Member("app", _request.App);
            body.Member("type", "nonprivate");
            body.Member("flashVer", "FMLE/3.0 (compatible; Reactor)");
            body.Member("tcUrl", _request.TcUrl);
            body.Member("capsEx", 6.0);
            body.Key("fourCcList");
            body.BeginStrictArray(1);
            body.String("*");
            RelayPath.Write(ref body, _request.Path);
            body.EndObject();
        });
    }

    /// <summary>Sends a command whose object is null, as all but connect's are.</summary>
    private void Call(string name, double transaction, Fill arguments, uint streamId = 0) =>
        Send(name, transaction, streamId, (ref Amf0Writer body) =>
        {
            body.Null();
            arguments(ref body);
        });

    private void Send(string name, double transaction, uint streamId, Fill rest)
    {
        var scratch = _link.Pool.Rent(BodyBytesMax);
        var body = new Amf0Writer(scratch.Free);
        body.String(name);
        body.Number(transaction);
        rest(ref body);
        scratch.Advance(body.Length);
        _link.Send(RtmpLink.CommandChunkStream, MessageType.Command, streamId, scratch.Written);
        scratch.Release();
    }

    private void Command(RtmpCommand command)
    {
        switch (command.Name)
        {
            case var _ when command.Excess.Length > 0:
                _link.Skip();
                break;
            case "_result" when command.Transaction == _awaited:
                Proceed(command);
                break;
            case "_error" when command.Transaction == _awaited:
                Refused(command);
                break;
            case "onStatus":
                Status(command.Argument(0));
                break;
        }
    }

    /// <summary>Takes the next step, once: a server may answer as often as it likes.</summary>
    private void Proceed(RtmpCommand answer)
    {
        if (_awaited == ConnectTransaction)
        {
            CreateStream();
            return;
        }
        if (_awaited != CreateTransaction)
            return;                             // of publish or play the status tells
        _awaited = MediaTransaction;
        StreamId = (uint)(answer.Argument(0).AsInt32() ?? 1);
        if (_request.BufferMs > 0 && !_request.Publishes)
            _link.SendBufferLength(StreamId, _request.BufferMs);
        Ask();
    }

    private void CreateStream()
    {
        if (_request.Publishes)
        {
            Call("releaseStream", 2, (ref Amf0Writer body) => body.String(_request.Name));
            Call("FCPublish", 3, (ref Amf0Writer body) => body.String(_request.Name));
        }
        _awaited = CreateTransaction;
        Call("createStream", CreateTransaction, (ref Amf0Writer _) => { });
    }

    private void Ask()
    {
        if (_request.Publishes)
        {
            Call(
                "publish",
                MediaTransaction,
                (ref Amf0Writer body) =>
                {
                    body.String(_request.Name);
                    body.String("live");
                },
                StreamId);
            return;
        }
        Call(
            "play",
            MediaTransaction,
            (ref Amf0Writer body) =>
            {
                body.String(_request.Name);
                body.Number(_request.IsLiveOnly ? -1000 : -2000);
            },
            StreamId);
    }

    /// <summary>Some put the information where the command object stands.</summary>
    private void Refused(RtmpCommand answer)
    {
        _awaited = NothingAwaited;
        var info = answer.Argument(0);
        if (info["code"].AsString() is null)
            info = answer.Object;
        _handler.OnStatus(
            "error",
            info["code"].AsString() ?? StatusCode.CallFailed,
            info["description"].AsString() ?? "");
    }

    private void Status(AmfValue info)
    {
        var code = info["code"].AsString() ?? "";
        if (code is StatusCode.PublishStart or StatusCode.PlayStart)
            Start();
        if (_isClosed)
            return;                             // the owner has heard enough
        _handler.OnStatus(
            info["level"].AsString() ?? "", code, info["description"].AsString() ?? "");
    }
}
