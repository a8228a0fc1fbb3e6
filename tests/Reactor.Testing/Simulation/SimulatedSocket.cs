using System;
using System.Net;
using Reactor.Primitives;
using Reactor.Transport.Network;
using Reactor.Transport.Polling;

namespace Reactor.Testing.Simulation;

/// <summary>What the simulated poller asks of a source.</summary>
internal interface ISimulatedSource : IPollSource
{
    Readiness Ready { get; }

    int Number { get; }

    /// <summary>The poller's own note about this source.</summary>
    Watching Watching { get; }
}

/// <summary>One end of a simulated connection.</summary>
public sealed class SimulatedSocket : ISocket, ISimulatedSource
{
    private const int BrokenPipe = 32;
    private const int MetOne = -1;
    private readonly SimulatedNetwork _network;
    private readonly Pipe _in;
    private readonly Pipe _out;
    private readonly bool _isServers;
    private int _error;
    private bool _hasEndedSending;
    private bool _isConnecting;
    private int _storm;
    private int _readableFrom = 1;

    internal SimulatedSocket(
        SimulatedNetwork network, bool isServers, bool isConnecting, int id, Pipe incoming,
        Pipe outgoing, IPEndPoint local, IPEndPoint remote)
    {
        _network = network;
        _isServers = isServers;
        _isConnecting = isConnecting;
        _in = incoming;
        _out = outgoing;
        Id = id;
        Local = local;
        Remote = remote;
        _in.Arrived = OnArrived;
        _out.Freed = Stir;
        _out.Refused = () => Break(SimulatedNetwork.ConnectionReset);
    }

    /// <summary>The connection's number; both ends have the same.</summary>
    public int Id { get; }

    public IPEndPoint Local { get; }

    public IPEndPoint Remote { get; }

    /// <summary>Whether the server has this end: it accepted, or connected by it.</summary>
    public bool IsServers => _isServers;

    public bool IsOpen { get; private set; } = true;

    /// <summary>Whether the connection was refused or reset.</summary>
    public bool IsBroken => _error != 0;

    /// <summary>
    /// Told when it may be worth to read or to write again; for peers without a loop.
    /// </summary>
    public Action? Stirred { get; set; }

    /// <summary>Whether nothing arrives any more.</summary>
    public bool IsDead => _in.IsDead;

    /// <summary>Bytes that a receive would give now.</summary>
    public int Readable => _in.Readable;

    /// <summary>Bytes that a send would take now.</summary>
    public int Free => _isConnecting ? 0 : _out.Free;

    int ISimulatedSource.Number => Id;

    Watching ISimulatedSource.Watching { get; } = new();

    Readiness ISimulatedSource.Ready
    {
        get
        {
            if (_error != 0)
                return Readiness.Read | Readiness.Write;
            if (_isConnecting)
                return Readiness.None;
            return (_in.Readable >= _readableFrom || _in.HasEnded ? Readiness.Read : Readiness.None)
                | (_out.IsRoomy ? Readiness.Write : Readiness.None);
        }
    }

    public IoResult Receive(Span<byte> into)
    {
        Invariant.Holds(IsOpen);
        if (!MayCall())
            return IoResult.WouldBlock;
        if (_isServers)
            _network.Mishaps?.OnSocket(Id);
        if (_isServers && _network.Plants.Breaks())
            _error = SimulatedNetwork.ConnectionReset;
        if (_error != 0)
            return IoResult.Failed(_error);
        if (_in.Readable == 0)
        {
            _storm = _storm == MetOne ? 0 : _storm;
            return _in.HasEnded ? IoResult.Ended : IoResult.WouldBlock;
        }
        if (IsStorm())
            return IoResult.WouldBlock;
        var faults = _network.FaultsFor(this);
        var wanted = _network.Draws(faults.ShortReads)
            ? 1 + _network.Draw(Math.Min(into.Length, _in.Readable))
            : into.Length;
        var count = _in.Read(into[..Math.Min(wanted, into.Length)]);
        _network.Note(TraceKind.Received, this, count);
        return IoResult.Done(count);
    }

    public IoResult Send(GatherList list)
    {
        Invariant.Holds(IsOpen && !_hasEndedSending);
        if (!MayCall())
            return IoResult.WouldBlock;
        if (_isServers)
            _network.Mishaps?.OnSocket(Id);
        if (_error != 0)
            return IoResult.Failed(BrokenPipe);
        if (Free == 0 || IsStorm())
            return IoResult.WouldBlock;
        var faults = _network.FaultsFor(this);
        var left = _network.Draws(faults.ShortWrites)
            ? 1 + _network.Draw(Math.Max(1, list.Bytes))
            : list.Bytes;
        var total = 0;
        for (var i = 0; i < list.Count && left > 0; i++)
        {
            var segment = list[i];
            var taken = _out.Write(segment[..Math.Min(left, segment.Length)]);
            total += taken;
            left -= taken;
            if (taken < segment.Length)
                break;
        }
        _network.Note(TraceKind.Sent, this, total);
        total = _network.Plants.Taken(list.Bytes, total);
        return total > 0 ? IoResult.Done(total) : IoResult.WouldBlock;
    }

    /// <summary>As <see cref="Send"/>, for peers: takes what fits.</summary>
    public int Write(ReadOnlySpan<byte> bytes) =>
        _error != 0 || _isConnecting ? 0 : _out.Write(bytes);

    public void EndSending()
    {
        if (_hasEndedSending || _error != 0 || !MayCall())
            return;
        _hasEndedSending = true;
        _out.End();
    }

    /// <summary>Goes away; with bytes unread, or on wish, as a reset.</summary>
    public void Abort() => Close(isReset: true);

    /// <summary>From now on nothing arrives at either end, and nobody is told.</summary>
    public void Die() => _in.IsDead = _out.IsDead = true;

    public void Dispose() => Close(isReset: _in.Readable > 0);

    /// <summary>The other end has answered.</summary>
    /// <param name="error">0, or why there is no connection.</param>
    internal void EndConnecting(int error)
    {
        _isConnecting = false;
        _error = error;
        Stir();
    }

    public void ReadableFrom(int bytes)
    {
        _readableFrom = bytes;
        Stir();
    }

    /// <summary>Every call fails from now on.</summary>
    internal void Fail()
    {
        _out.Break();
        Break(SimulatedNetwork.ConnectionReset);
    }

    private void Close(bool isReset)
    {
        if (!IsOpen || !MayCall() || (_isServers && _network.Plants.LeavesSocket()))
            return;
        IsOpen = false;
        _in.Orphan();
        if (_error == 0 && isReset)
            _out.Break();
        else if (_error == 0 && !_hasEndedSending)
            _out.End();
        _network.Closed(this);
    }

    private void OnArrived()
    {
        if (_in.IsBroken)
            _error = SimulatedNetwork.ConnectionReset;
        Stir();
    }

    private void Break(int error)
    {
        if (_error == 0)
            _error = error;
        Stir();
    }

    private void Stir()
    {
        if (!IsOpen)
            return;
        _network.Poller?.Stir(this);
        Stirred?.Invoke();
    }

    /// <summary>The process of the server's end may have been killed.</summary>
    private bool MayCall() => !_isServers || _network.Process.TryCall();

    /// <summary>
    /// A few calls in a row find the socket not ready, though the poller says it is.
    /// </summary>
    private bool IsStorm()
    {
        if (_storm == MetOne)
            return false;
        if (_storm > 0)
        {
            _storm--;
            return true;
        }
        if (!_network.Draws(_network.FaultsFor(this).Storms))
            return false;
        var more = _network.Draw(8);
        _storm = _readableFrom > 1 ? MetOne : more;     // who is asked rarely: one for all it has
        return true;
    }
}
