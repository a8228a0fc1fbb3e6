using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using NLog;
using Reactor.Protocol.Http;
using Reactor.Protocol.Proxy;
using Reactor.Server.Configuration;
using Reactor.Server.Http;
using Reactor.Server.Relays;
using Reactor.Server.Sessions;
using Reactor.Transport;
using Reactor.Transport.Network;

namespace Reactor.Server;

/// <summary>Where the server listens; who is let in there, and as what.</summary>
internal sealed class Entrance
{
    private const int QuietMs = 1000;

    /// <summary>Descriptors that are no client's: listeners, files, relays, hooks.</summary>
    private const int SpareDescriptors = 64;

    private static readonly Logger Log = LogManager.GetLogger("server");

    private readonly ReactorServer _server;
    private readonly Admission _admission;
    private readonly List<Listener> _listeners = [];
    private readonly List<ListenerFacts> _facts = [];
    private readonly List<TlsFiles> _certificates = [];
    private IPNetwork[] _trustedProxies;
    private long _lastComplaintMs = -QuietMs;

    public Entrance(ReactorServer server)
    {
        _server = server;
        var limits = server.Options.Limits;
        _admission = new Admission(limits, ConnectionsMax(limits), server.Struck);
        _trustedProxies = NetworksOf(server.Options.Http.TrustedProxies);
    }

    /// <summary>What is spoken where: RTMP first, in the order of the options.</summary>
    public IReadOnlyList<ListenerFacts> Listeners => _facts;

    /// <summary>Connections that a limit turned away.</summary>
    public long Refused => _admission.Refused;

    /// <summary>Opens the listeners: those of RTMP first, in the order of the options.</summary>
    /// <exception cref="NetworkException">An address cannot be listened on.</exception>
    public void Open()
    {
        var options = _server.Options;
        foreach (var address in options.Rtmp.Listen)
            ListenForRtmp(address, tls: null);
        foreach (var listen in options.Http.Listen)
            ListenForHttp(listen, tls: null);
        var rtmps = options.Rtmps.Listen.Count > 0 ? Certify("rtmps", o => o.Rtmps) : null;
        foreach (var address in options.Rtmps.Listen)
            ListenForRtmp(address, rtmps);
        var https = options.Https.Listen.Count > 0 ? Certify("https", o => o.Https) : null;
        foreach (var listen in options.Https.Listen)
            ListenForHttp(listen, https);
        Log.Info("up to {Connections} connections", _admission.ConnectionsMax);
    }

    /// <summary>Nobody is let in any more.</summary>
    public void Close()
    {
        foreach (var listener in _listeners)
            listener.Close();
    }

    /// <summary>Other options are in force from now on; who is in stays.</summary>
    public void Reload()
    {
        var limits = _server.Options.Limits;
        _admission.Reload(limits, ConnectionsMax(limits));
        _trustedProxies = NetworksOf(_server.Options.Http.TrustedProxies);
        foreach (var files in _certificates)
            files.Ask();
    }

    /// <summary>Forgets addresses, and looks at certificates.</summary>
    public void Check(long nowMs)
    {
        _admission.Forget(nowMs);
        foreach (var files in _certificates)
            files.Check(nowMs);
    }

    /// <summary>A session has left: its address may have another connection.</summary>
    public void OnLeft(Session session)
    {
        // We called for a relay ourselves, and a proxy speaks for many.
        if (session is not (RelaySession or ProxySession))
            _admission.Leave(session.Connection.Remote.Address);
    }

    /// <summary>Whose request it is, if proxies stand between that we trust.</summary>
    public IPAddress ClientOf(IPAddress peer, HttpHeaders headers)
    {
        var header = _server.Options.Http.RealIpHeader;
        return header.Length > 0
            ? ForwardedFor.ClientOf(peer, headers, header, _trustedProxies)
            : peer;
    }

    /// <summary>A proxy has said whose connection it is: that one is looked at now.</summary>
    /// <param name="connection">Its remote address is the client's.</param>
    /// <param name="role">Makes the session that takes over.</param>
    /// <returns>Null when the client is not let in, and the connection is closed.</returns>
    public Session? Introduce(Connection connection, Func<Connection, Session> role)
    {
        var others = _server.Sessions.Count - 1;
        if (_admission.TryEnter(connection.Remote.Address, others, NowMs) is { } why)
        {
            Complain("connection refused: {Why:l}", why);
            connection.Close(CloseReason.Refused, why);
            return null;
        }
        return _server.Sessions.HandOver(connection, role);
    }

    /// <summary>TLS upon a socket, on behalf of a client.</summary>
    /// <param name="socket">Owned by the one that is returned.</param>
    /// <param name="client">Who speaks, for the log.</param>
    /// <param name="tls">What is shown.</param>
    /// <param name="received">What the client has said already.</param>
    public ISocket Secure(
        ISocket socket, IPEndPoint client, TlsFiles tls, ReadOnlySpan<byte> received) =>
        _server.Loop.Tls.Accept(
            socket,
            tls.Identity,
            why => Complain("no TLS with a client: {Why:l}", $"{client}: {why}"),
            received);

    private long NowMs => _server.Loop.NowMs;

    private TlsFiles Certify(string section, Func<ServerOptions, TlsOptions> options)
    {
        var files = new TlsFiles(_server, section, options);
        _certificates.Add(files);
        return files;
    }

    private void ListenForRtmp(ListenAddress address, TlsFiles? tls)
    {
        var scheme = tls is null ? "rtmp" : "rtmps";
        var local = Listen(
            address,
            tls is null ? "rtmp.listen, or --listen" : "rtmps.listen",
            () => _server.Options.Rtmp is { ProxyProtocol: true } rtmp ? rtmp.TrustedProxies : [],
            connection => new RtmpSession(_server, connection),
            tls);
        _facts.Add(new ListenerFacts(scheme, local, []));
        Log.Info("listening on {Scheme:l}://{Address}/APP/STREAM", scheme, local);
    }

    private void ListenForHttp(HttpListen listen, TlsFiles? tls)
    {
        var scheme = tls is null ? "http" : "https";
        var roles = HttpRolesOf.Listener(listen.Serve);
        var local = Listen(
            listen.Address,
            tls is null ? "http.listen, or --http" : "https.listen",
            () => _server.Options.Http is { ProxyProtocol: true } http ? http.TrustedProxies : [],
            connection => new HttpSession(_server, connection, roles),
            tls);
        _facts.Add(new ListenerFacts(scheme, local, listen.Serve));
        Log.Info(
            "listening on {Scheme:l}://{Address}/ for {Roles:l}",
            scheme, local, string.Join(", ", listen.Serve).ToLowerInvariant());
    }

    /// <param name="address">Where to listen.</param>
    /// <param name="key">Where another address would be said.</param>
    /// <param name="proxies">Who begins with a PROXY header, as the options are now.</param>
    /// <param name="role">Makes the session of a connection.</param>
    /// <param name="tls">What TLS shows; null for none.</param>
    private IPEndPoint Listen(
        ListenAddress address,
        string key,
        Func<IReadOnlyList<AddressRange>> proxies,
        Func<Connection, Session> role,
        TlsFiles? tls)
    {
        var loop = _server.Loop;
        var listener = new Listener(
            loop,
            Open(address, key),
            peer => OnAccepted(peer, role, Contains(proxies(), peer.Remote.Address), tls),
            OnExhausted);
        _listeners.Add(listener);
        return listener.Local;
    }

    private IListenSocket Open(ListenAddress address, string key)
    {
        try
        {
            var settings = SettingsOf.Socket(_server.Options.Rtmp);
            return _server.Loop.Network.Listen(address.EndPoint, settings);
        }
        catch (NetworkException refused)
        {
            throw new NetworkException($"{refused.Message}; choose another by {key}", refused);
        }
    }

    private void OnAccepted(
        ISocket socket, Func<Connection, Session> role, bool isProxy, TlsFiles? tls)
    {
        var sessions = _server.Sessions;
        var why = isProxy
            ? _admission.TryEnterProxy(sessions.Count)
            : _admission.TryEnter(socket.Remote.Address, sessions.Count, NowMs);
        if (why is not null)
        {
            socket.Dispose();
            Complain("connection refused: {Why:l}", why);
        }
        else if (isProxy)
        {
            sessions.Enter(socket, connection => new ProxySession(_server, connection, role, tls));
        }
        else
        {
            sessions.Enter(tls is null ? socket : Secure(socket, socket.Remote, tls, []), role);
        }
    }

    private void OnExhausted(string why)
    {
        _server.Struck.Add(Limit.Descriptors);
        Complain("cannot accept: {Why:l}", why);
    }

    /// <summary>Once a second at most: a flood must not become one of log lines.</summary>
    private void Complain(string message, string why)
    {
        if (NowMs - _lastComplaintMs < QuietMs)
            return;
        _lastComplaintMs = NowMs;
        Log.Warn(message, why);
    }

    private int ConnectionsMax(LimitsOptions limits)
    {
        var possible = _server.Loop.Network.SocketsMax - SpareDescriptors;
        return limits.MaxConnections is > 0 and var wanted
            ? Math.Min(wanted, possible)
            : possible;
    }

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

    private static bool Contains(IReadOnlyList<AddressRange> ranges, IPAddress address) =>
        ranges.Any(range => range.Contains(address));
}
