using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Reactor.Protocol.Http;
using Reactor.Protocol.Proxy;
using Reactor.Server.Configuration;
using Reactor.Server.Http;
using Reactor.Server.Sessions;
using Reactor.Transport;
using Reactor.Transport.Network;

namespace Reactor.Server;

/// <summary>Who is let in, and as what.</summary>
public sealed partial class ReactorServer
{
    private const int QuietMs = 1000;

    private readonly List<Listener> _listeners = [];
    private readonly List<ListenerFacts> _listening = [];
    private readonly List<TlsFiles> _certificates = [];
    private IPNetwork[] _trustedProxies;
    private long _lastId;
    private long _lastComplaintMs = -QuietMs;
    private long _bytesIn;
    private long _bytesOut;

    /// <summary>Connections that there were so far.</summary>
    public long Accepted => _lastId;

    /// <summary>Bytes of all connections, those that have ended included.</summary>
    public long BytesIn
    {
        get
        {
            var bytes = _bytesIn;
            foreach (var connection in _sessions.Keys)
                bytes += connection.BytesReceived;
            return bytes;
        }
    }

    public long BytesOut
    {
        get
        {
            var bytes = _bytesOut;
            foreach (var connection in _sessions.Keys)
                bytes += connection.BytesSent;
            return bytes;
        }
    }

    /// <summary>Where the server listens; a port that was 0 is the real one.</summary>
    public IEnumerable<IPEndPoint> Listening => _listening.Select(listener => listener.Local);

    /// <summary>What is spoken where: RTMP first, in the order of the options.</summary>
    internal IReadOnlyList<ListenerFacts> Listeners => _listening;

    /// <summary>Opens the listeners: those of RTMP first, in the order of the options.</summary>
    /// <exception cref="NetworkException">An address cannot be listened on.</exception>
    public void Start()
    {
        foreach (var address in Options.Rtmp.Listen)
            ListenForRtmp(address, tls: null);
        foreach (var listen in Options.Http.Listen)
            ListenForHttp(listen, tls: null);
        var rtmps = Options.Rtmps.Listen.Count > 0 ? Certify("rtmps", o => o.Rtmps) : null;
        foreach (var address in Options.Rtmps.Listen)
            ListenForRtmp(address, rtmps);
        var https = Options.Https.Listen.Count > 0 ? Certify("https", o => o.Https) : null;
        foreach (var listen in Options.Https.Listen)
            ListenForHttp(listen, https);
        Log.Info("up to {Connections} connections", _connectionsMax);
        _check.Set(CheckEveryMs);
        Relays.Start();
    }

    private TlsFiles Certify(string section, Func<ServerOptions, TlsOptions> options)
    {
        var files = new TlsFiles(this, section, options);
        _certificates.Add(files);
        return files;
    }

    private void ListenForRtmp(ListenAddress address, TlsFiles? tls)
    {
        var rtmp = Options.Rtmp;
        var scheme = tls is null ? "rtmp" : "rtmps";
        var local = Listen(
            address,
            rtmp.ProxyProtocol ? rtmp.TrustedProxies : [],
            connection => new RtmpSession(this, connection),
            tls);
        _listening.Add(new ListenerFacts(scheme, local, []));
        Log.Info("listening on {Scheme:l}://{Address}/APP/STREAM", scheme, local);
    }

    private void ListenForHttp(HttpListen listen, TlsFiles? tls)
    {
        var http = Options.Http;
        var scheme = tls is null ? "http" : "https";
        var roles = HttpRolesOf.Listener(listen.Serve);
        var local = Listen(
            listen.Address,
            http.ProxyProtocol ? http.TrustedProxies : [],
            connection => new HttpSession(this, connection, roles),
            tls);
        _listening.Add(new ListenerFacts(scheme, local, listen.Serve));
        Log.Info(
            "listening on {Scheme:l}://{Address}/ for {Roles:l}",
            scheme, local, Words(listen.Serve));
    }

    /// <summary>Takes a session in: it is checked, stopped and shed like all others.</summary>
    /// <param name="socket">Owned from now on.</param>
    /// <param name="role">Makes the session upon its connection.</param>
    internal Session Enter(ISocket socket, Func<Connection, Session> role) =>
        Enter(socket, role, Leave);

    private Session Enter(
        ISocket socket, Func<Connection, Session> role, Action<Connection> gone)
    {
        var connection = new Connection(Loop, ++_lastId, socket, gone);
        var session = role(connection);
        _sessions.Add(connection, session);
        connection.Start(session, session.Outbox);
        return session;
    }

    /// <summary>Whose request it is, if proxies stand between that we trust.</summary>
    internal IPAddress ClientOf(IPAddress peer, HttpHeaders headers) =>
        Options.Http.RealIpHeader.Length > 0
            ? ForwardedFor.ClientOf(peer, headers, Options.Http.RealIpHeader, _trustedProxies)
            : peer;

    private static IPNetwork[] NetworksOf(IReadOnlyList<AddressRange> ranges)
    {
        var networks = new List<IPNetwork>();
        foreach (var range in ranges)
        {
            if (range.Network is { } network)
                networks.Add(network);
            else
                networks.AddRange(new IPNetwork(IPAddress.Any, 0), new(IPAddress.IPv6Any, 0));
        }
        return [.. networks];
    }

    private static string Words(IReadOnlyList<HttpRole> roles) =>
        string.Join(", ", roles).ToLowerInvariant();

    private static bool Contains(IReadOnlyList<AddressRange> ranges, IPAddress address) =>
        ranges.Any(range => range.Contains(address));

    /// <param name="address">Where to listen.</param>
    /// <param name="proxies">Who begins with a PROXY header.</param>
    /// <param name="role">Makes the session of a connection.</param>
    /// <param name="tls">What TLS shows; null for none.</param>
    private IPEndPoint Listen(
        ListenAddress address,
        IReadOnlyList<AddressRange> proxies,
        Func<Connection, Session> role,
        TlsFiles? tls)
    {
        var socket = Loop.Network.Listen(address.EndPoint, SettingsOf.Socket(Options.Rtmp));
        var listener = new Listener(
            Loop,
            socket,
            peer => OnAccepted(peer, role, Contains(proxies, peer.Remote.Address), tls),
            OnExhausted);
        _listeners.Add(listener);
        return listener.Local;
    }

    private void OnAccepted(
        ISocket socket, Func<Connection, Session> role, bool isProxy, TlsFiles? tls)
    {
        var address = socket.Remote.Address;
        var why = isProxy
            ? _admission.TryEnterProxy(_sessions.Count)
            : _admission.TryEnter(address, _sessions.Count, Loop.NowMs);
        if (why is not null)
        {
            socket.Dispose();
            Complain("connection refused: {Why:l}", why);
        }
        else if (isProxy)
        {
            Enter(socket, connection => new ProxySession(this, connection, role, tls), OnGone);
        }
        else
        {
            Enter(tls is null ? socket : Secure(socket, socket.Remote, tls, []), role, OnGone);
        }
    }

    /// <summary>TLS upon a socket, on behalf of a client.</summary>
    /// <param name="socket">Owned by the one that is returned.</param>
    /// <param name="client">Who speaks, for the log.</param>
    /// <param name="tls">What is shown.</param>
    /// <param name="received">What the client has said already.</param>
    internal ISocket Secure(
        ISocket socket, IPEndPoint client, TlsFiles tls, ReadOnlySpan<byte> received) =>
        Loop.Tls.Accept(
            socket,
            tls.Identity,
            why => Complain("no TLS with a client: {Why:l}", $"{client}: {why}"),
            received);

    /// <summary>A proxy has said whose connection it is: that one is looked at now.</summary>
    /// <param name="connection">Its remote address is the client's.</param>
    /// <param name="role">Makes the session that takes over.</param>
    /// <returns>Null when the client is not let in, and the connection is closed.</returns>
    internal Session? Introduce(Connection connection, Func<Connection, Session> role)
    {
        var address = connection.Remote.Address;
        if (_admission.TryEnter(address, _sessions.Count - 1, Loop.NowMs) is { } why)
        {
            Complain("connection refused: {Why:l}", why);
            connection.Close(CloseReason.Refused, why);
            return null;
        }
        var session = role(connection);
        _sessions[connection] = session;
        connection.HandOver(session, session.Outbox);
        return session;
    }

    private void OnExhausted(string why)
    {
        Struck.Add(Limit.Descriptors);
        Complain("cannot accept: {Why:l}", why);
    }

    /// <summary>Once a second at most: a flood must not become one of log lines.</summary>
    private void Complain(string message, string why)
    {
        if (Loop.NowMs - _lastComplaintMs < QuietMs)
            return;
        _lastComplaintMs = Loop.NowMs;
        Log.Warn(message, why);
    }

    private void OnGone(Connection connection)
    {
        if (_sessions[connection] is not ProxySession)
            _admission.Leave(connection.Remote.Address);
        Leave(connection);
    }

    private void Leave(Connection connection)
    {
        Traffic.Count(_sessions[connection]);
        _sessions.Remove(connection);
        _bytesIn += connection.BytesReceived;
        _bytesOut += connection.BytesSent;
        Settle();
    }
}
