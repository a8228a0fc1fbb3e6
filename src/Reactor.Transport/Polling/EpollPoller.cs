using System;
using System.Runtime.InteropServices;
using Reactor.Primitives;
using Reactor.Transport.Network;

namespace Reactor.Transport.Polling;

/// <summary>Readiness by level-triggered epoll (Linux x64 and arm64).</summary>
/// <remarks>
/// Level-triggered, because budgets may leave bytes behind. The target is looked up when the
/// wait returns, so a descriptor that is closed and given out again within the turn cannot
/// receive its predecessor's events: they carry the predecessor, which is no longer open.
/// Invariant: _targets[descriptor] is set exactly for what the kernel watches.
/// </remarks>
public sealed unsafe class EpollPoller : IPoller
{
    private const int WakeIndex = -1;

    // struct epoll_event is packed on x86-64 only: 12 bytes there, 16 elsewhere.
    private static readonly bool IsPacked =
        RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86;

    private static readonly int EventSize = IsPacked ? 12 : 16;
    private static readonly int DataOffset = IsPacked ? 4 : 8;

    private readonly int _poller;
    private readonly int _wake;
    private readonly byte[] _raw;
    private readonly byte* _rawAddress;
    private readonly int _eventsMax;
    private (IPollable Target, Readiness Interest)[] _targets = new (IPollable, Readiness)[64];

    public EpollPoller(int eventsMax)
    {
        _eventsMax = eventsMax;
        _raw = GC.AllocateArray<byte>(eventsMax * EventSize, pinned: true);
        _rawAddress = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_raw, 0);
        _poller = Check(Libc.EpollCreate(Libc.EpollCloseOnExec), "epoll_create1");
        const int flags = Libc.SocketNonBlock | Libc.SocketCloseOnExec;
        _wake = Check(Libc.EventDescriptor(0, flags), "eventfd");
        Control(Libc.EpollAdd, _wake, WakeIndex, Libc.EpollIn);
    }

    public int Watched { get; private set; }

    public void Watch(IPollSource source, IPollable target, Readiness interest)
    {
        var descriptor = ((IDescriptor)source).Descriptor;
        if (descriptor >= _targets.Length)
            Array.Resize(ref _targets, Math.Max(descriptor + 1, _targets.Length * 2));
        ref var slot = ref _targets[descriptor];
        if (slot.Target == target && slot.Interest == interest)
            return;

        // Errors are reported to those, too, who asked for nothing: once then, or the loop would
        // spin for as long as reading is paused.
        var events = interest == Readiness.None
            ? Libc.EpollEdge
            : ((interest & Readiness.Read) != 0 ? Libc.EpollIn : 0)
            | ((interest & Readiness.Write) != 0 ? Libc.EpollOut : 0);
        var isNew = slot.Target is null;
        Control(isNew ? Libc.EpollAdd : Libc.EpollModify, descriptor, descriptor, events);
        Watched += isNew ? 1 : 0;
        slot = (target, interest);
    }

    public void Forget(IPollSource source)
    {
        var descriptor = ((IDescriptor)source).Descriptor;
        if ((uint)descriptor >= (uint)_targets.Length || _targets[descriptor].Target is null)
            return;
        _targets[descriptor] = default;
        Watched--;
        Control(Libc.EpollDelete, descriptor, descriptor, 0);
    }

    public int Wait(Span<ReadyEvent> events, int timeoutMs)
    {
        var max = Math.Min(events.Length, _eventsMax);
        var count = Libc.EpollWait(_poller, _rawAddress, max, timeoutMs);
        if (count < 0)
        {
            // 49 of 50 signals end the wait: the turn goes on with nothing.
            var error = Marshal.GetLastPInvokeError();
            Invariant.Vital(error == Libc.Interrupted);
            return 0;
        }

        var filled = 0;
        for (var i = 0; i < count; i++)
        {
            var raw = _rawAddress + (i * EventSize);
            var descriptor = *(int*)(raw + DataOffset);
            if (descriptor == WakeIndex)
                DrainWake();
            else if (_targets[descriptor].Target is { } target)
                events[filled++] = new ReadyEvent(target, Translate(*(uint*)raw));
        }
        return filled;
    }

    public void Wake()
    {
        var one = 1UL;
        Libc.Write(_wake, (byte*)&one, sizeof(ulong));      // EAGAIN: it is awake already
    }

    public void Dispose()
    {
        Libc.Close(_wake);
        Libc.Close(_poller);
    }

    private static Readiness Translate(uint raw)
    {
        if ((raw & (Libc.EpollError | Libc.EpollHangUp)) != 0)
            return Readiness.Read | Readiness.Write;
        return ((raw & Libc.EpollIn) != 0 ? Readiness.Read : Readiness.None)
            | ((raw & Libc.EpollOut) != 0 ? Readiness.Write : Readiness.None);
    }

    private void DrainWake()
    {
        ulong count;
        Libc.Read(_wake, (byte*)&count, sizeof(ulong));
    }

    private void Control(int what, int descriptor, int data, uint events)
    {
        Span<byte> raw = stackalloc byte[16];
        fixed (byte* address = raw)
        {
            *(uint*)address = events;
            *(long*)(address + DataOffset) = data;
            Check(Libc.EpollControl(_poller, what, descriptor, address), "epoll_ctl");
        }
    }

    private static int Check(int result, string call)
    {
        if (result >= 0)
            return result;
        var error = Marshal.GetLastPInvokeError();
        throw new NetworkException($"{call}: {Marshal.GetPInvokeErrorMessage(error)}");
    }
}
