using System;
using System.Collections;
using System.Collections.Generic;
using Reactor.Protocol;
using Reactor.Transport;
using Reactor.Transport.Network;

namespace Reactor.Server.Sessions;

/// <summary>Everybody who is connected, whatever is spoken, and figures of who was.</summary>
/// <remarks>
/// Invariant: each open connection, also one that says goodbye, has just one session here.
/// </remarks>
/// <param name="loop">What all connections live on.</param>
/// <param name="struck">Breaks of the protocol that are limits count there too.</param>
/// <param name="left">Told of each session that has left.</param>
internal sealed class SessionTable(EventLoop loop, LimitCounts struck, Action<Session> left)
    : IReadOnlyCollection<Session>
{
    private static readonly Action<object> CheckOne = CheckSession;
    private static readonly Action<object> CheckUpdatesOfOne = CheckUpdates;

    private readonly Dictionary<Connection, Session> _sessions = [];
    private readonly SortedDictionary<ProtocolError, long> _protocolErrors = [];
    private readonly SortedDictionary<CloseReason, long> _closed = [];
    private readonly List<Session> _checked = [];
    private long _bytesIn;
    private long _bytesOut;

    /// <summary>Those that are here, those saying goodbye included.</summary>
    public int Count => _sessions.Count;

    /// <summary>Connections that there were so far; the newest has this number.</summary>
    public long Entered { get; private set; }

    /// <summary>Bytes from all connections, those that have ended included.</summary>
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

    /// <summary>Bytes to all connections, those that have ended included.</summary>
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

    /// <summary>How often peers broke the protocol, by what they did.</summary>
    public IReadOnlyDictionary<ProtocolError, long> ProtocolErrors => _protocolErrors;

    /// <summary>How many connections ended, by the reason: deadlines, limits, faults.</summary>
    public IReadOnlyDictionary<CloseReason, long> Closed => _closed;

    /// <summary>Takes a session in: it is checked, stopped and shed like all others.</summary>
    /// <param name="socket">Owned from now on.</param>
    /// <param name="role">Makes the session upon its connection.</param>
    public Session Enter(ISocket socket, Func<Connection, Session> role)
    {
        var connection = new Connection(loop, ++Entered, socket, Leave);
        var session = role(connection);
        _sessions.Add(connection, session);
        connection.Start(session, session.Outbox);
        return session;
    }

    /// <summary>Another session takes a connection over.</summary>
    public Session HandOver(Connection connection, Func<Connection, Session> role)
    {
        var session = role(connection);
        _sessions[connection] = session;
        connection.HandOver(session, session.Outbox);
        return session;
    }

    /// <summary>The session of a connection by its number, or null.</summary>
    public Session? Find(long connectionId)
    {
        foreach (var session in _sessions.Values)
        {
            if (session.Connection.Id == connectionId)
                return session;
        }
        return null;
    }

    public void CountProtocolError(ProtocolError error)
    {
        _protocolErrors[error] = _protocolErrors.GetValueOrDefault(error) + 1;
        struck.Add(error);
    }

    public void CountClosed(CloseReason reason) =>
        _closed[reason] = _closed.GetValueOrDefault(reason) + 1;

    /// <summary>Looks at every deadline; a session that fails ends alone.</summary>
    /// <param name="tellsUpdates">Whether hooks may be due for an update.</param>
    public void Check(bool tellsUpdates)
    {
        _checked.AddRange(_sessions.Values);    // a copy, for a check may end its session
        foreach (var session in _checked)
            loop.Contain(session.Connection, session, CheckOne);
        if (tellsUpdates)
        {
            foreach (var session in _checked)
                loop.Contain(session.Connection, session, CheckUpdatesOfOne);
        }
        _checked.Clear();
    }

    /// <summary>Everybody is told that the server stops, and says goodbye.</summary>
    public void Stop(long farewellMs)
    {
        foreach (var session in new List<Session>(_sessions.Values))
            loop.Contain(session.Connection, () => session.Stop(farewellMs));
    }

    /// <summary>Ends every connection without a word.</summary>
    public void StopNow()
    {
        foreach (var connection in new List<Connection>(_sessions.Keys))
            connection.Close(CloseReason.Shutdown, "the server stops now");
    }

    /// <summary>Of its own type, so that a walk through all makes no garbage.</summary>
    public Dictionary<Connection, Session>.ValueCollection.Enumerator GetEnumerator() =>
        _sessions.Values.GetEnumerator();

    IEnumerator<Session> IEnumerable<Session>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Leave(Connection connection)
    {
        _sessions.Remove(connection, out var session);
        _bytesIn += connection.BytesReceived;
        _bytesOut += connection.BytesSent;
        left(session!);
    }

    private static void CheckSession(object session) =>
        ((Session)session).Check(((Session)session).NowMs);

    private static void CheckUpdates(object session) =>
        ((Session)session).CheckUpdates(((Session)session).NowMs);
}
