using System;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using NLog;
using Reactor.Protocol;
using Reactor.Protocol.Http;
using Reactor.Server.Egress;
using Reactor.Server.Hooks;
using Reactor.Server.Http;
using Reactor.Streaming;
using Reactor.Streaming.Hls;
using Reactor.Transport;
using HttpVersion = Reactor.Protocol.Http.HttpVersion;

namespace Reactor.Server.Sessions;

/// <summary>Our role upon one HTTP connection: requests in turn, or one stream.</summary>
/// <remarks>
/// One exchange at a time: what a peer pipelines behind it waits unread, in the kernel but for
/// one buffer. Invariant: _exchange is the request that has no complete answer yet.
/// </remarks>
[SuppressMessage(
    "Design", "CA1001", Justification = "OnClosed is the end of a session, and comes once.")]
internal sealed class HttpSession : Session
{
    private static readonly Logger HttpLog = LogManager.GetLogger("http");

    private readonly HttpRequestReader _reader;
    private HttpExchange? _exchange;
    private HttpRequest? _request;
    private FlvPlayer? _player;
    private bool _isStreaming;
    private bool _isOver;
    private bool _hadRequest;
    private HttpReadState _stage;
    private long _stageMs;

    public HttpSession(ReactorServer server, Connection connection, HttpRoles roles)
        : base(server, connection, new PlayerOutbox(FlvFormat.Bare))
    {
        _reader = new HttpRequestReader(connection.Loop.Pool, server.HttpLimits);
        _stageMs = NowMs;
        Roles = roles;
        ClientAddress = connection.Remote.Address;
        Log.Debug("#{Connection} from {Remote}", connection.Id, connection.Remote);
    }

    /// <summary>What its listener serves.</summary>
    public HttpRoles Roles { get; }

    /// <summary>Who asks: behind a trusted proxy, whom the proxy names.</summary>
    public IPAddress ClientAddress { get; private set; }

    /// <summary>Whether we would take another request after this one.</summary>
    public bool IsKeptAlive => !_isOver && Server.Options.Http.Keepalive > TimeSpan.Zero;

    /// <summary>Called when the peer has taken all that was sent; the body may go on.</summary>
    public Action? Drained { get; set; }

    /// <summary>The segment of HLS that was answered last, while it is under way.</summary>
    public HlsSegment? Sends { get; set; }

    public override string Speaks => "http";

    public override string Agent => _player?.Client ?? "";

    public override IPEndPoint Peer => new(ClientAddress, Connection.Remote.Port);

    public override string? App => base.App ?? _exchange?.App;

    public override bool IsBusy => base.IsBusy || _exchange is not null;

    protected override Logger Log => HttpLog;

    public override void OnReceived(ref ReadOnlySpan<byte> input)
    {
        if (_isStreaming)
        {
            ListenBesideStream(ref input);
            return;
        }
        try
        {
            var (taken, takenMax) = (0, Server.Options.Http.MaxPipelined);
            while (!_isOver && CanRead && _reader.TryRead(ref input, out var request))
            {
                Take(request);
                if (++taken >= takenMax)
                    break;
            }
            if (taken >= takenMax && !input.IsEmpty)
                Server.Struck.Add(Limit.PipelinedRequests);
            if (_reader.TakeContinue())
                SendContinue();
        }
        catch (HttpProtocolException broken)
        {
            input = default;
            RefuseAndClose(broken);
        }
        MarkStage();
        // What is left waits for the answer, and so does whatever the peer sends behind it.
        if (!input.IsEmpty && !CanRead)
            PauseReading();
    }

    public override bool IsLeftBehind => Sends is { IsGone: true } && !Outbox.IsEmpty;

    /// <summary>A segment that is in its window is there anyway, and answers are short.</summary>
    public override long BacklogBytes =>
        Players.Count > 0 || IsLeftBehind ? Outbox.Bytes : 0;

    public override void OnDrained()
    {
        Sends = null;
        Drained?.Invoke();
        if (_exchange is null)
            Connection.ResumeReading();
    }

    public override void OnClosed(CloseReason reason, string detail)
    {
        _isOver = true;
        if (_exchange is { App: not null })
            Server.Traffic.Count(this);
        var exchange = _exchange;
        _exchange = null;
        exchange?.Leave();
        Drained = null;
        while (Players.Count > 0)
            Leave(Players[^1], detail);
        _request?.Dispose();
        _reader.Dispose();
        Server.Sessions.CountClosed(reason);
        Log.Debug(
            "#{Connection} {Remote} closed: {Reason}: {Detail:l}",
            Connection.Id, Connection.Remote, reason, detail);
    }

    public override void Check(long nowMs)
    {
        if (_isOver)
            return;                             // the farewell has a deadline of its own
        if (CloseIfStuck(SendTimeout, nowMs))
            return;
        _exchange?.Waiting?.Invoke(nowMs);
        if (_player is not null)
            _player.Check(nowMs);
        else if (_exchange is null)
            CheckStage(nowMs);
    }

    public override void Stop(long farewellMs)
    {
        if (!_isOver)                           // otherwise its last words are said
            TellStop();
        Connection.CloseGently(CloseReason.Shutdown, "the server stops", farewellMs);
    }

    private void TellStop()
    {
        if (_player is not null)
            _player.Stop();
        else if (_exchange is { IsAnswered: false } waiting)
            waiting.Refuse(503, "the server stops");
    }

    /// <summary>
    /// Half a segment is of no use, so its viewer is closed; it comes back for a newer one.
    /// </summary>
    public override void ShedBacklog()
    {
        base.ShedBacklog();
        if (IsLeftBehind)
        {
            Connection.Close(
                CloseReason.Refused, "memory is short, and its segment has left the window");
        }
    }

    /// <summary>Plays a stream upon this connection, to its end.</summary>
    public void Play(FlvPlayer player)
    {
        _player = player;
        Enter(player, player.Client);
    }

    /// <summary>From now on the peer has nothing more to ask: a stream follows.</summary>
    public void EndRequests()
    {
        _isStreaming = true;
        _exchange = null;
        Connection.ResumeReading();             // so that its end is noticed at once (S3.13)
    }

    /// <summary>The answer is complete.</summary>
    public void EndExchange(bool isKeptAlive)
    {
        if (_exchange is { App: not null })
            Server.Traffic.Count(this);         // the next one may be of another app
        _exchange = null;
        _request?.Dispose();
        _request = null;
        Drained = null;
        MarkStage();
        if (!isKeptAlive)
            Connection.CloseGently(CloseReason.PeerClosed, "answered", PlayerFarewellMs);
        else if (CanRead)
            Connection.ResumeReading();
    }

    /// <summary>A player leaves that was never answered; its request goes on.</summary>
    public void GiveUp(FlvPlayer player, string why)
    {
        _player = null;
        Leave(player, why);
    }

    /// <summary>Ends after the last words of a stream were said.</summary>
    public void EndStream(CloseReason reason, string why)
    {
        if (_player is { } player)
            Leave(player, why);
        Connection.CloseGently(reason, why, PlayerFarewellMs);
    }

    public override HookEvent EventOf(
        HookKind kind, StreamKey key, QueryParameters? parameters) =>
        base.EventOf(kind, key, parameters) with
        {
            Address = ClientAddress,
            TcUrl = $"http://{_request?.Host}/{key.App}",
            Page = _request?.Headers["Referer"] ?? "",
            Client = _request?.Headers["User-Agent"] ?? "",
        };

    private bool CanRead => _exchange is null && !IsUnread;

    private void Take(HttpRequest request)
    {
        _hadRequest = true;
        _request = request;
        ClientAddress = Server.Entrance.ClientOf(Connection.Remote.Address, request.Headers);
        _exchange = new HttpExchange(this, request);
        Log.Debug(
            "#{Connection} {ClientAddress}: {Method} {Path:l}",
            Connection.Id, ClientAddress, request.Method, request.Path);
        _exchange.Dispatch();
    }

    /// <summary>Of HTTP only the end counts now; a WebSocket has control frames.</summary>
    private void ListenBesideStream(ref ReadOnlySpan<byte> input)
    {
        if (_player is null)
            input = default;
        else
            _player.Listen(ref input);
        if (IsUnread)
            PauseReading();                     // it pings, and does not read our answers
    }

    private void PauseReading()
    {
        if (IsUnread)
            Server.Struck.Add(Limit.Replies);
        Connection.PauseReading();
    }

    private void SendContinue()
    {
        var writer = new HttpResponseWriter(
            Connection.Loop.Pool, 100, Server.Time.GetUtcNow());
        SendOwned(writer.EndWithoutBody(HttpVersion.Http11, isKeepAlive: true));
    }

    /// <summary>The peer hears why; nothing more can be read of it.</summary>
    private void RefuseAndClose(HttpProtocolException broken)
    {
        Server.Sessions.CountProtocolError(broken.Error);
        Server.Struck.AddHttp(broken.Status);
        Log.Info(
            "#{Connection} {Remote} refused: {Status}: {Detail:l}",
            Connection.Id, Connection.Remote, broken.Status, broken.Detail);
        RefuseAndClose(broken.Status, broken.Detail, CloseReason.Protocol);
    }

    private void RefuseAndClose(int status, string why, CloseReason reason)
    {
        var writer = new HttpResponseWriter(
            Connection.Loop.Pool, status, Server.Time.GetUtcNow());
        writer.Header("Content-Type", "text/plain; charset=utf-8");
        SendOwned(writer.EndWith(System.Text.Encoding.UTF8.GetBytes(why + "\n")));
        Connection.CloseGently(reason, why, FarewellMs);
    }

    private void MarkStage()
    {
        if (_stage == _reader.State && _exchange is null && _stage != HttpReadState.Idle)
            return;
        _stage = _reader.State;
        _stageMs = NowMs;
    }

    private void CheckStage(long nowMs)
    {
        var http = Server.Options.Http;
        var (limit, strikes, what) = _stage switch
        {
            HttpReadState.Body => (http.BodyTimeout, Limit.BodyTimeout, "the body"),
            HttpReadState.Head => (http.HeaderTimeout, Limit.HeaderTimeout, "the head"),
            _ when _hadRequest => (http.Keepalive, Limit.Keepalive, ""),
            _ => (http.HeaderTimeout, Limit.HeaderTimeout, ""),
        };
        if (Outbox.Count > 0 || nowMs - _stageMs <= limit.TotalMilliseconds)
            return;
        Server.Struck.Add(strikes);
        if (what.Length == 0)
            Connection.CloseGently(CloseReason.Deadline, "idle", FarewellMs);
        else
        {
            RefuseAndClose(
                408, $"{what} did not come within {limit.TotalSeconds} s", CloseReason.Deadline);
        }
    }
}
