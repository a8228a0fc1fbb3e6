using System;
using System.Net;
using System.Net.Sockets;
using Reactor.Primitives;
using Reactor.Transport.Polling;

namespace Reactor.Transport.Network;

/// <summary>A source that <see cref="SelectPoller"/> can watch.</summary>
internal abstract class PortableSource(Socket socket) : IPollSource
{
    public Socket Socket { get; } = socket;

    public abstract IPEndPoint Local { get; }

    /// <summary>Its place among those that its poller watches; −1 when it is not watched.</summary>
    public int WatchIndex { get; set; } = -1;

    public virtual void Dispose() => Socket.Dispose();

    /// <summary>
    /// The system's own number, which <see cref="IoResult.Describe"/> puts in words.
    /// </summary>
    protected static int Number(SocketError error) =>
        new SocketException((int)error).NativeErrorCode;
}

/// <summary>A connected Socket that never blocks, or one that is about to be.</summary>
/// <param name="network">Whose staging buffer it sends from.</param>
/// <param name="socket">Owned from now on.</param>
/// <param name="local">Null while it connects.</param>
/// <param name="remote">The peer.</param>
internal sealed class PortableSocket(
    PortableNetwork network, Socket socket, IPEndPoint? local, IPEndPoint remote)
    : PortableSource(socket), ISocket
{
    private IPEndPoint? _local = local;
    private bool _hasMovedBytes;

    /// <remarks>
    /// Found out when it is asked for: while a connect is under way, Socket.LocalEndPoint would
    /// use up the error with which it fails, and the failure would look like an end.
    /// </remarks>
    public override IPEndPoint Local =>
        _local ??= Socket.LocalEndPoint as IPEndPoint ?? new IPEndPoint(IPAddress.Any, 0);

    public IPEndPoint Remote { get; } = remote;

    public IoResult Receive(Span<byte> into)
    {
        var count = Socket.Receive(into, SocketFlags.None, out var error);
        if (error != SocketError.Success)
            return Explain(error);
        _hasMovedBytes = true;
        return count > 0 ? IoResult.Done(count) : IoResult.Ended;
    }

    public IoResult Send(GatherList list)
    {
        if (list.Count == 1)
            return Send(list[0]);

        var sent = 0;
        var next = new Place(0, 0);
        while (next.Segment < list.Count)
        {
            var piece = Stage(list, ref next);
            var result = Send(piece);
            if (result.Status != IoStatus.Done)
                return sent > 0 ? IoResult.Done(sent) : result;
            sent += result.Bytes;
            if (result.Bytes < piece.Length)
                break;                          // the socket is full
        }
        return IoResult.Done(sent);
    }

    public void EndSending()
    {
        try
        {
            Socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The peer was faster: reading will tell.
        }
    }

    public override void Dispose()
    {
        _ = Local;                              // a log line may still ask
        base.Dispose();
    }

    private IoResult Send(ReadOnlySpan<byte> bytes)
    {
        var count = Socket.Send(bytes, SocketFlags.None, out var error);
        if (error != SocketError.Success)
            return Explain(error);
        _hasMovedBytes = true;
        return IoResult.Done(count);
    }

    /// <summary>Lays out as many of the segments as fit in one piece.</summary>
    private ReadOnlySpan<byte> Stage(GatherList list, ref Place next)
    {
        var staged = 0;
        var staging = network.Staging.AsSpan();
        while (next.Segment < list.Count && staged < staging.Length)
        {
            var left = list[next.Segment][next.Offset..];
            var taken = Math.Min(left.Length, staging.Length - staged);
            left[..taken].CopyTo(staging[staged..]);
            staged += taken;
            next = taken < left.Length
                ? next with { Offset = next.Offset + taken }
                : new Place(next.Segment + 1, 0);
        }
        return staging[..staged];
    }

    private IoResult Explain(SocketError error)
    {
        if (error is SocketError.WouldBlock or SocketError.Interrupted or SocketError.IOPending)
            return IoResult.WouldBlock;
        if (error == SocketError.NotConnected && !_hasMovedBytes)
            return ExplainConnect();
        return IoResult.Failed(Number(error));
    }

    /// <summary>
    /// Windows and macOS say "not connected" while a connect is under way, and Windows also
    /// after it failed; the socket's own error tells the two apart.
    /// </summary>
    private IoResult ExplainConnect()
    {
        const SocketOptionLevel level = SocketOptionLevel.Socket;
        var pending = (int)Socket.GetSocketOption(level, SocketOptionName.Error)!;
        return pending == 0 ? IoResult.WouldBlock : IoResult.Failed(pending);
    }

    /// <summary>How far a gather list was staged.</summary>
    private readonly record struct Place(int Segment, int Offset);
}

/// <summary>A listening Socket that keeps a spare one for bad times.</summary>
internal sealed class PortableListener : PortableSource, IListenSocket
{
    private readonly PortableNetwork _network;
    private readonly SocketSettings _settings;
    private Socket? _spare;

    public PortableListener(PortableNetwork network, Socket socket, SocketSettings settings)
        : base(socket)
    {
        Local = (IPEndPoint)socket.LocalEndPoint!;
        _network = network;
        _settings = settings;
        KeepSpare();
    }

    public override IPEndPoint Local { get; }

    public IoResult Accept(out ISocket? socket)
    {
        socket = null;
        try
        {
            // Asked first: Accept throws where nobody waits, and that is at every turn's end.
            if (!Socket.Poll(0, SelectMode.SelectRead))
                return IoResult.WouldBlock;
            socket = Adopt(Socket.Accept());
            KeepSpare();
            return IoResult.Done(0);
        }
        catch (SocketException thrown)
        {
            return Explain(thrown);
        }
    }

    public override void Dispose()
    {
        _spare?.Dispose();
        base.Dispose();
    }

    private PortableSocket Adopt(Socket accepted)
    {
        try
        {
            accepted.Blocking = false;
            PortableNetwork.Configure(accepted, _settings);
            var remote = (IPEndPoint)accepted.RemoteEndPoint!;
            if (remote.Address.IsIPv4MappedToIPv6)
                remote = new IPEndPoint(remote.Address.MapToIPv4(), remote.Port);
            return new PortableSocket(_network, accepted, Local, remote);
        }
        catch (SocketException)
        {
            accepted.Dispose();                 // the visitor left already
            throw;
        }
    }

    private IoResult Explain(SocketException thrown)
    {
        switch (thrown.SocketErrorCode)
        {
            case SocketError.WouldBlock:
                return IoResult.WouldBlock;
            case SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable:
                TurnOneAway();
                return IoResult.Exhausted(thrown.NativeErrorCode);
            default:
                return IoResult.Failed(thrown.NativeErrorCode);
        }
    }

    /// <summary>
    /// As <see cref="LinuxListener"/>: the visitor sees an end instead of waiting.
    /// </summary>
    private void TurnOneAway()
    {
        _spare?.Dispose();
        _spare = null;
        try
        {
            Socket.Accept().Dispose();
        }
        catch (SocketException)
        {
            // Somebody else was quicker with the descriptor, or the visitor left.
        }
        KeepSpare();
    }

    private void KeepSpare()
    {
        try
        {
            _spare ??= new Socket(Socket.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        }
        catch (SocketException)
        {
            // None to be had now; the next visitor that is served tries again.
        }
    }
}
