using System;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using NLog;
using Reactor.Primitives;
using Reactor.Protocol;
using Reactor.Protocol.Http;
using Reactor.Transport;
using Reactor.Transport.Network;

namespace Reactor.Server.Hooks;

/// <summary>One question to a hook: found, connected to, asked, heard, or tried again.</summary>
/// <remarks>
/// Every try has one deadline, from the look-up of the host to the last byte of the answer.
/// Invariant: it ends once; the timer is set until then.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "Its reader ends with its try.")]
internal sealed class HookCall : IConnectionHandler
{
    private const int RequestBytesMax = 1 << 20;

    private static readonly Logger Log = LogManager.GetLogger("hook");
    private static readonly HttpLimits Limits = new() { BodyBytesMax = 64 << 10 };

    private readonly HookCalls _calls;
    private readonly HookRequest _request;
    private readonly Action<HookAnswer> _done;
    private readonly LoopTimer _timer;
    private HttpResponseReader? _reader;
    private Connection? _connection;
    private int _tries;
    private bool _isOver;

    public HookCall(HookCalls calls, HookRequest request, Action<HookAnswer> done)
    {
        _calls = calls;
        _request = request;
        _done = done;
        _timer = calls.Server.Loop.CreateTimer(
            () => FailTry($"no answer within {request.TimeoutMs} ms"), this);
    }

    private EventLoop Loop => _calls.Server.Loop;

    /// <summary>Begins a try.</summary>
    public void Start()
    {
        var attempt = ++_tries;
        _timer.Set(_request.TimeoutMs);
        _calls.Server.Hosts.Find(_request.Url.Host, this, (addresses, why) =>
        {
            if (_isOver || attempt != _tries || _connection is not null)
                return;
            if (addresses.Length == 0)
                FailTry(why);
            else
                Connect(addresses[(attempt - 1) % addresses.Length]);
        });
    }

    /// <summary>Nobody waits for the answer any more, or the server stops.</summary>
    public void Abandon(string why) => End(HookAnswer.None(why));

    public void OnReceived(ref ReadOnlySpan<byte> input)
    {
        if (!_reader!.TryRead(ref input, out var response))
            return;
        input = default;
        Take(response);
    }

    public void OnDrained()
    {
    }

    public void OnClosed(CloseReason reason, string detail)
    {
        if (_connection is null)
            return;                             // we closed it, and know why
        if (reason == CloseReason.PeerClosed && _reader!.TryEnd(out var response))
            Take(response);
        else
            FailTry(detail);
    }

    public void OnFault(Exception fault)
    {
        if (fault is not ProtocolException)
            Log.Error(fault, "{Url:l}: fault of ours", _request.Url.ToString());
        FailTry(fault is ProtocolException broken ? broken.Detail : fault.Message);
    }

    private void Connect(IPAddress address)
    {
        ISocket socket;
        try
        {
            socket = Loop.Network.Connect(
                new IPEndPoint(address, _request.Url.Port), new SocketSettings());
        }
        catch (NetworkException refused)
        {
            FailTry(refused.Message);
            return;
        }
        if (_request.Url.IsSecure)
            socket = Secure(socket);
        _reader = new HttpResponseReader(Loop.Pool, Limits);
        var outbox = new PacketRing(4, RequestBytesMax);
        _connection = new Connection(Loop, 0, socket, _ => { });
        _connection.Start(this, outbox);
        var writer = new HttpRequestWriter(
            Loop.Pool, HttpMethod.Post, _request.Url.Target, _request.Url.Authority);
        writer.Header("Content-Type", _request.ContentType);
        writer.Header("User-Agent", "Reactor");
        writer.Header("Connection", "close");
        foreach (var (name, value) in _request.Headers)
            writer.Header(name, value);
        if (_request.Signature.Length > 0)
            writer.Header("X-Reactor-Signature", _request.Signature);
        var packet = writer.End(_request.Body);
        outbox.TryPush(packet);
        packet.Release();
        _connection.MarkDirty();
    }

    /// <summary>A hook is told secrets and decides: it has to be who its URL says.</summary>
    private ISocket Secure(ISocket socket) => Loop.Tls.Connect(
        socket,
        new TlsClientSettings { Host = _request.Url.Host },
        why => Log.Warn("{Url:l}: {Why:l}", _request.Url.ToString(), why));

    private void Take(HttpResponse response)
    {
        var answer = HookAnswer.Of(response, _request.Format);
        response.Dispose();
        if (answer.IsAnswered)
            End(answer);
        else
            FailTry(answer.Why);
    }

    private void FailTry(string why)
    {
        if (_isOver)
            return;
        Disconnect();
        if (_tries <= _request.Retries && !_calls.Server.IsStopping)
        {
            Log.Debug("{Url:l}: {Why:l}; again", _request.Url.ToString(), why);
            Start();
            return;
        }
        Log.Warn("{Url:l}: {Why:l}", _request.Url.ToString(), why);
        End(HookAnswer.None(why));
    }

    private void End(HookAnswer answer)
    {
        if (_isOver)
            return;
        _isOver = true;
        _timer.Cancel();
        Disconnect();
        _calls.Remove(this);
        _done(answer);
    }

    /// <summary>Closing calls <see cref="OnClosed"/>: by then the try is over.</summary>
    private void Disconnect()
    {
        var (connection, reader) = (_connection, _reader);
        (_connection, _reader) = (null, null);
        reader?.Dispose();
        connection?.Close(CloseReason.PeerClosed, "the hook was asked");
    }
}
