using System;
using NLog;
using Reactor.Protocol.Proxy;
using Reactor.Streaming;
using Reactor.Transport;

namespace Reactor.Server.Sessions;

/// <summary>A connection of a trusted proxy, until it has said whose it is.</summary>
/// <remarks>Whoever says nothing of the kind speaks for himself: proxies look after us.</remarks>
/// <param name="server">The server.</param>
/// <param name="connection">Just accepted.</param>
/// <param name="role">Makes the session that takes over.</param>
/// <param name="tls">What TLS shows, which begins behind the header; null for none.</param>
internal sealed class ProxySession(
    ReactorServer server, Connection connection, Func<Connection, Session> role, TlsFiles? tls)
    : Session(server, connection, new PlayerOutbox(server.RtmpFormat))
{
    private static readonly Logger ProxyLog = LogManager.GetLogger("proxy");

    private readonly ProxyHeaderReader _reader = new();
    private bool _isOver;

    public override string Speaks => "proxy";

    protected override Logger Log => ProxyLog;

    public override void OnReceived(ref ReadOnlySpan<byte> input)
    {
        var state = _reader.TryRead(ref input, out var header);
        if (state == ProxyHeaderState.Incomplete)
            return;
        if (header.Source is { } client)
            Connection.SpeakFor(client);
        if (Server.Entrance.Introduce(Connection, role) is not { } session)
            return;
        var rest = state == ProxyHeaderState.None ? _reader.Rest : [];
        if (tls is not null)
            BeginTls(tls, [.. rest, .. input], ref input);
        else if (!rest.IsEmpty)
            session.OnReceived(ref rest);
    }

    private void BeginTls(TlsFiles files, byte[] received, ref ReadOnlySpan<byte> input)
    {
        var client = Connection.Remote;
        input = default;
        Connection.Wrap(socket => Server.Entrance.Secure(socket, client, files, received));
    }

    public override void OnClosed(CloseReason reason, string detail)
    {
        _isOver = true;
        Server.Sessions.CountClosed(reason);
        Log.Debug(
            "#{Connection} {Remote} closed: {Reason}: {Detail:l}",
            Connection.Id, Connection.Remote, reason, detail);
    }

    public override void Check(long nowMs)
    {
        var limit = Server.Options.Rtmp.HandshakeTimeout;
        if (!_isOver && nowMs - StartedMs > limit.TotalMilliseconds)
        {
            Server.Struck.Add(Limit.HandshakeTimeout);
            Connection.Close(
                CloseReason.Deadline, $"no PROXY header came within {limit.TotalSeconds} s");
        }
    }

    public override void Stop(long farewellMs) =>
        Connection.Close(CloseReason.Shutdown, "the server stops");
}
