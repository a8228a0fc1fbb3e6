using System;
using System.Net;
using System.Runtime.InteropServices;
using Reactor.Primitives;
using Reactor.Transport.Polling;

namespace Reactor.Transport.Network;

/// <summary>A connected descriptor. Closed by Dispose, never by a finaliser.</summary>
internal sealed unsafe class LinuxSocket(int descriptor, IPEndPoint local, IPEndPoint remote)
    : ISocket, IDescriptor
{
    public int Descriptor { get; private set; } = descriptor;

    public IPEndPoint Local { get; } = local;

    public IPEndPoint Remote { get; } = remote;

    public IoResult Receive(Span<byte> into)
    {
        fixed (byte* buffer = into)
        {
            while (true)
            {
                var count = Libc.Receive(Descriptor, buffer, into.Length, 0);
                if (count > 0)
                    return IoResult.Done((int)count);
                if (count == 0)
                    return IoResult.Ended;
                if (!WasInterrupted(out var result))
                    return result;
            }
        }
    }

    public IoResult Send(GatherList list)
    {
        while (true)
        {
            var count = list.Count == 1 ? SendOne(list[0]) : SendAll(list);
            if (count >= 0)
                return IoResult.Done((int)count);
            if (!WasInterrupted(out var result))
                return result;
        }
    }

    public void EndSending() => Libc.Shutdown(Descriptor, Libc.ShutdownWrite);

    public void ReadableFrom(int bytes) => LinuxNetwork.SetOption(
        Descriptor, Libc.LevelSocket, Libc.ReceiveLowWater, bytes);

    public void Dispose()
    {
        if (Descriptor < 0)
            return;
        Libc.Close(Descriptor);
        Descriptor = -1;
    }

    /// <summary>The usual case, which costs the kernel less than a vector of one.</summary>
    private nint SendOne(ReadOnlySpan<byte> segment)
    {
        // MSG_NOSIGNAL: a reader that left is an answer (EPIPE), not a signal.
        fixed (byte* bytes = segment)
            return Libc.Send(Descriptor, bytes, segment.Length, Libc.MessageNoSignal);
    }

    private nint SendAll(GatherList list)
    {
        var message = new Libc.MessageHeader
        {
            Segments = list.Vector,
            SegmentCount = list.Count,
        };
        return Libc.SendMessage(Descriptor, &message, Libc.MessageNoSignal);
    }

    private static bool WasInterrupted(out IoResult result)
    {
        var error = Marshal.GetLastPInvokeError();
        result = error == Libc.Again ? IoResult.WouldBlock : IoResult.Failed(error);
        return error == Libc.Interrupted;
    }
}

/// <summary>A listening descriptor that keeps a spare one for bad times.</summary>
internal sealed unsafe class LinuxListener : IListenSocket, IDescriptor
{
    private const int AddressBytesMax = 128;
    private readonly SocketSettings _settings;
    private int _spare = -1;

    public LinuxListener(int descriptor, IPEndPoint local, SocketSettings settings)
    {
        Descriptor = descriptor;
        Local = local;
        _settings = settings;
        KeepSpare();
    }

    public int Descriptor { get; private set; }

    public IPEndPoint Local { get; }

    public IoResult Accept(out ISocket? socket)
    {
        socket = null;
        var raw = stackalloc byte[AddressBytesMax];
        while (true)
        {
            var length = AddressBytesMax;
            const int flags = Libc.SocketNonBlock | Libc.SocketCloseOnExec;
            var accepted = Libc.Accept(Descriptor, raw, &length, flags);
            if (accepted >= 0)
            {
                KeepSpare();
                LinuxNetwork.Configure(accepted, _settings);
                socket = new LinuxSocket(accepted, Local, LinuxNetwork.Parse(raw, length));
                return IoResult.Done(0);
            }

            var error = Marshal.GetLastPInvokeError();
            if (error == Libc.Interrupted)
                continue;
            if (error == Libc.Again)
                return IoResult.WouldBlock;
            if (error is not (Libc.TooManyFiles or Libc.FileTableFull or Libc.NoBuffers
                or Libc.NoMemory))
                return IoResult.Failed(error);
            TurnOneAway();
            return IoResult.Exhausted(error);
        }
    }

    public void Dispose()
    {
        if (Descriptor < 0)
            return;
        GiveUpSpare();
        Libc.Close(Descriptor);
        Descriptor = -1;
    }

    /// <summary>
    /// Without a descriptor a visitor can be neither served nor refused, and would wait for ever.
    /// The spare one is given up for a moment, so that the visitor sees an end.
    /// </summary>
    private void TurnOneAway()
    {
        GiveUpSpare();
        var visitor = Libc.Accept(Descriptor, null, null, Libc.SocketCloseOnExec);
        if (visitor >= 0)
            Libc.Close(visitor);
        KeepSpare();
    }

    /// <summary>
    /// Any descriptor will do. Another thread may snatch it while it is given up, so whenever a
    /// visitor was served it is tried again.
    /// </summary>
    private void KeepSpare()
    {
        if (_spare < 0)
            _spare = Libc.EventDescriptor(0, Libc.SocketCloseOnExec);
    }

    private void GiveUpSpare()
    {
        if (_spare >= 0)
            Libc.Close(_spare);
        _spare = -1;
    }
}
