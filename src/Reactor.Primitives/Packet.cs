using System;
using System.Runtime.InteropServices;
using Microsoft.Extensions.ObjectPool;

namespace Reactor.Primitives;

/// <summary>
/// Counted pooled bytes: a received payload or a reply, shared by all who send it.
/// </summary>
/// <remarks>
/// An argument is borrowed; a field is owned. Whoever stores a packet calls
/// <see cref="Retain"/> before and <see cref="Release"/> once afterwards. With a second
/// owner the bytes are final. Loop thread only: the count needs no interlock.
/// The bytes are pinned for life, so the kernel reads them where they are.
/// Invariant: 0 ≤ Length ≤ Capacity, which is the length of _bytes.
/// </remarks>
public sealed unsafe class Packet
{
    private readonly ObjectPool<Packet> _home;
    private readonly PacketPool _pool;
    private readonly byte[] _bytes;
    private int _owners;

    internal Packet(PacketPool pool, ObjectPool<Packet> home, int capacity)
    {
        _pool = pool;
        _home = home;
        Capacity = capacity;
        _bytes = GC.AllocateUninitializedArray<byte>(capacity, pinned: true);
        Address = Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, 0);
    }

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes that fit in all; kept here, where no cache line of the bytes is touched.
    /// </summary>
    public int Capacity { get; }

    /// <summary>Where the first byte lies; stable for the packet's life.</summary>
    public nint Address { get; }

    /// <summary>How often it was rented: other bytes are in it each time. Wraps around.</summary>
    public int Uses { get; private set; }

    /// <summary>What was written.</summary>
    /// <remarks>
    /// Not of _bytes: a span of an array waits for the array's length to come from memory, while
    /// what was written just now is still at hand.
    /// </remarks>
    public ReadOnlySpan<byte> Written => new((byte*)Address, Length);

    /// <summary>What was written, for those who cannot take a span.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    /// <summary>What may still be written; call <see cref="Advance"/> afterwards.</summary>
    public Span<byte> Free
    {
        get
        {
            Invariant.Vital(_owners == 1);      // with a second owner the bytes are final
            return new Span<byte>((byte*)Address + Length, Capacity - Length);
        }
    }

    /// <summary>The same, for another thread to fill while the packet is owned.</summary>
    public Memory<byte> FreeMemory
    {
        get
        {
            Invariant.Vital(_owners == 1);
            return _bytes.AsMemory(Length);
        }
    }

    /// <summary>Counts bytes that were written into <see cref="Free"/>.</summary>
    public void Advance(int count)
    {
        Invariant.Vital(_owners == 1 && count >= 0 && count <= Capacity - Length);
        Length += count;
    }

    /// <summary>Copies bytes to the end.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Free);
        Advance(bytes.Length);
    }

    /// <summary>Adds an owner.</summary>
    public Packet Retain()
    {
        Invariant.Vital(_owners > 0);           // a resting packet belongs to the pool
        _owners++;
        return this;
    }

    /// <summary>Takes an owner away; the last one gives the bytes back to the pool.</summary>
    public void Release()
    {
        Invariant.Vital(_owners > 0);
        if (--_owners == 0)
        {
            _home.Return(this);
            _pool.Left(this);
        }
    }

    internal Packet Begin()
    {
        Invariant.Vital(_owners == 0);
        _owners = 1;
        Length = 0;
        Uses++;
        return this;
    }
}
