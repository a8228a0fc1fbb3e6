using System;
using System.Collections.Generic;
using System.Net;
using System.Text;
using Reactor.Primitives;
using Reactor.Protocol.Http;
using Reactor.Protocol.WebSocket;
using Reactor.Server.Control;
using Reactor.Server.Sessions;

namespace Reactor.Server.Http;

/// <summary>One request, and the one answer that it gets, now or later.</summary>
/// <remarks>
/// Invariant: it is answered once. Until then the session reads nothing more of the connection
/// than it must to notice that the peer is gone.
/// </remarks>
internal sealed class HttpExchange(HttpSession session, HttpRequest request)
{
    private readonly List<KeyValuePair<string, string>> _headers = [];
    private int _row = -1;
    private (int Status, string Why)? _miss;
    private bool _isGone;

    public ReactorServer Server => session.Server;

    public HttpSession Session => session;

    public HttpRequest Request => request;

    /// <summary>Who asks: behind a trusted proxy, whom the proxy names.</summary>
    public IPAddress ClientAddress => session.ClientAddress;

    public bool IsAnswered { get; private set; }

    /// <summary>Whether nobody waits for an answer: it was given, or the peer is gone.</summary>
    public bool IsOver => IsAnswered || _isGone;

    /// <summary>Called 5 times a second while no answer was given; it may give one.</summary>
    public Action<long>? Waiting { get; set; }

    /// <summary>Called when the peer leaves before its answer is complete.</summary>
    public Action? Gone { get; set; }

    /// <summary>Called when no row of the table has an answer, before that is said.</summary>
    public Action? Unanswered { get; set; }

    /// <summary>The application whose recording is sent; null where nothing of an app is.</summary>
    public string? App { get; set; }

    /// <summary>Adds a header to the answer, whatever it will be.</summary>
    public void Header(string name, string value) => _headers.Add(new(name, value));

    /// <summary>Gives the request to the first row of the table that fits it.</summary>
    public void Dispatch()
    {
        if (!TryNextRow(out var route))
        {
            Cors.AllowMiss(this);
            Miss(404, $"nothing is served at {request.Path}{Elsewhere()}");
        }
        else if (request.Method == HttpMethod.Options)
            AnswerOptions(route);
        else if (!route.Takes(request.Method))
            RefuseMethod(route);
        else
            Enter(route);
    }

    /// <summary>Gives the request to the next row that fits it: this one has no answer.</summary>
    /// <param name="why">What to say if no other has one; the first to say so is heard.</param>
    /// <param name="status">The status then.</param>
    public void Pass(string? why = null, int status = 404)
    {
        if (why is not null)
            _miss ??= (status, why);
        if (TryNextRow(out var route) && route.Takes(request.Method))
        {
            Enter(route);
            return;
        }
        Unanswered?.Invoke();
        var (missed, reason) = _miss ?? (404, $"{request.Path} does not exist{Elsewhere()}");
        Refuse(missed, reason);
    }

    /// <summary>Answers with a whole body.</summary>
    public void Answer(int status, string contentType, ReadOnlySpan<byte> body)
    {
        var writer = Begin(status);
        writer.Header("Content-Type", contentType);
        session.SendOwned(writer.EndWith(body, request, IsKeptAlive));
        End();
    }

    /// <summary>Answers with bytes that others share.</summary>
    /// <param name="status">200, or 206 with the header Content-Range.</param>
    /// <param name="contentType">Their media type.</param>
    /// <param name="body">Retained until they are sent.</param>
    public void Answer(int status, string contentType, IReadOnlyList<Packet> body)
    {
        var length = 0L;
        foreach (var packet in body)
            length += packet.Length;
        BeginBody(status, contentType, length);
        if (request.Method != HttpMethod.Head)
        {
            foreach (var packet in body)
                session.Send(packet);
        }
        End();
    }

    /// <summary>Answers with a status that has no body: 204, 304.</summary>
    public void AnswerWithout(int status)
    {
        session.SendOwned(Begin(status).EndWithoutBody(request.Version, IsKeptAlive));
        End();
    }

    /// <summary>
    /// Names what would be sent, and answers 304 or 412 where the request's conditions have it so.
    /// </summary>
    /// <param name="tag">Of what we have, in quotes.</param>
    /// <param name="caching">
    /// How long a cache may keep it; a refusal must not be kept in its place.
    /// </param>
    /// <param name="changedAt">When it changed last; null if nobody knows.</param>
    /// <returns>Whether it is answered.</returns>
    public bool IsSettled(string tag, string caching, DateTimeOffset? changedAt = null)
    {
        Header("ETag", tag);
        if (changedAt is { } time)
            Header("Last-Modified", HttpDate.Format(time));
        var status = HttpEntityTag.StatusOf(request.Headers, tag, changedAt);
        Header("Cache-Control", status == 412 ? "no-store" : caching);
        if (status == 304)
            AnswerWithout(status);
        else if (status == 412)
            Refuse(status, "it is not, or not any more, what is asked for");
        return status != 200;
    }

    /// <summary>Answers with a head alone; the body follows by the session's Send.</summary>
    /// <param name="status">200 or 206.</param>
    /// <param name="contentType">Its media type.</param>
    /// <param name="length">Exactly what will be sent; call <see cref="End"/> after it.</param>
    public void BeginBody(int status, string contentType, long length)
    {
        var writer = Begin(status);
        writer.Header("Content-Type", contentType);
        session.SendOwned(writer.EndWithLength(length, request.Version, IsKeptAlive));
    }

    /// <summary>Answers with a body without an end.</summary>
    /// <param name="contentType">Its media type.</param>
    /// <param name="isChunked">In chunks, or else to the end of the connection.</param>
    public void BeginStream(string contentType, bool isChunked)
    {
        var writer = Begin(200);
        writer.Header("Content-Type", contentType);
        writer.Header("Cache-Control", "no-cache");
        session.SendOwned(
            isChunked ? writer.EndChunked(isKeepAlive: false) : writer.EndUntilClose());
        session.EndRequests();
    }

    /// <summary>Answers that the connection is a WebSocket from now on.</summary>
    /// <param name="accept">What the client's key was answered with.</param>
    public void SwitchToWebSocket(string accept)
    {
        MarkAnswered();
        session.SendOwned(WebSocketUpgrade.Answer(
            session.Connection.Loop.Pool, accept, protocol: null, Server.Time.GetUtcNow()));
        session.EndRequests();
    }

    /// <summary>Refuses, with the reason in one line for people.</summary>
    public void Refuse(int status, string why) =>
        Answer(status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(why + "\n"));

    /// <summary>The peer has left.</summary>
    public void Leave()
    {
        _isGone = true;
        Gone?.Invoke();
    }

    /// <summary>The answer is complete.</summary>
    public void End() => session.EndExchange(IsKeptAlive);

    private bool IsKeptAlive => request.IsKeepAlive && session.IsKeptAlive;

    private HttpResponseWriter Begin(int status)
    {
        MarkAnswered();
        var writer = new HttpResponseWriter(
            session.Connection.Loop.Pool, status, Server.Time.GetUtcNow());
        foreach (var header in _headers)
            writer.Header(header.Key, header.Value);
        return writer;
    }

    private void MarkAnswered()
    {
        Invariant.Holds(!IsAnswered);
        IsAnswered = true;
        Waiting = null;
        Gone = null;
    }

    private bool TryNextRow(out HttpRoute route)
    {
        var table = HttpRoutes.Table;
        for (_row++; _row < table.Count; _row++)
        {
            if (table[_row].Fits(session.Roles, request.Path))
            {
                route = table[_row];
                return true;
            }
        }
        route = null!;
        return false;
    }

    /// <summary>What pages of other origins may read is for each row to say anew.</summary>
    private void Enter(HttpRoute route)
    {
        _headers.RemoveAll(
            header => header.Key.StartsWith("Access-Control-", StringComparison.Ordinal));
        Cors.Allow(this, route);
        route.Answer(this);
    }

    /// <summary>Says what there is; a page of another origin also, what it may do.</summary>
    private void AnswerOptions(HttpRoute route)
    {
        Cors.Allow(this, route);
        Header("Allow", route.Allow);
        Answer(200, "text/plain", ReadOnlySpan<byte>.Empty);
    }

    private void RefuseMethod(HttpRoute route)
    {
        Header("Allow", route.Allow);
        Miss(405, $"{request.Path} takes {route.Allow}");
    }

    /// <summary>Who speaks to the interface expects its form of answers, also of these.</summary>
    private void Miss(int status, string why)
    {
        var isApi = (session.Roles & HttpRoles.Private) != 0
            && request.Path.StartsWith("/api/", StringComparison.Ordinal);
        if (isApi)
            Envelope.Answer(this, status, why);
        else
            Refuse(status, why);
    }

    /// <summary>The port that would have it: whoever mistakes one for another is told.</summary>
    private string Elsewhere()
    {
        foreach (var route in HttpRoutes.Table)
        {
            var isPublic = (route.Roles & ~HttpRoles.Public) == 0 && route.Path != "/*";
            if (!isPublic || route.Fits(session.Roles, request.Path))
                continue;
            foreach (var there in Server.Entrance.Listeners)
            {
                if (!route.Fits(there.Roles, request.Path))
                    continue;
                var what = (route.Roles & there.Roles).ToString().ToLowerInvariant();
                return $" here: {what} is at port {there.Local.Port}";
            }
        }
        return "";
    }
}
