using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Reactor.Primitives;

/// <summary>Segments of one gathering write: pieces of packets, and headers made for it.</summary>
/// <remarks>
/// One list serves the whole loop: an outbox fills it, a socket sends it, and it is forgotten.
/// Headers are written into a scratch area, because they differ from player to player while
/// the payload is shared: copied for one player, it still lies there for the next. An outbox adds
/// its oldest message whole, and the list leaves out what the socket has taken already
/// (<see cref="Begin"/>). The vector has the layout of <c>struct iovec</c>, so on Linux the kernel
/// reads it where it lies.
/// Invariants: every segment points into pinned memory that outlives the write; the first
/// _copiesHeld pieces in _copies lie in the scratch area as they are told there, in this order.
/// </remarks>
public sealed unsafe class GatherList
{
    /// <summary>
    /// Up to here a piece is copied beside its header: for bytes that all players share, and
    /// that are in the cache, this costs less than what a second segment costs the kernel.
    /// </summary>
    private const int CopyBytesMax = 8192;

    /// <summary>Copies that are remembered: in one turn a player is rarely sent more.</summary>
    private const int CopiesMax = 16;

    private readonly Segment[] _segments;
    private readonly byte[] _scratch;
    private readonly byte* _scratchAddress;
    private readonly Copy[] _copies = new Copy[CopiesMax];
    private int _copiesUsed;
    private int _copiesHeld;
    private int _scratchUsed;
    private int _skip;

    /// <param name="segmentsMax">Segments in one write; Linux takes 1,024 (IOV_MAX).</param>
    /// <param name="scratchBytes">Room for headers.</param>
    public GatherList(int segmentsMax, int scratchBytes)
    {
        _segments = GC.AllocateArray<Segment>(segmentsMax, pinned: true);
        _scratch = GC.AllocateArray<byte>(scratchBytes, pinned: true);
        _scratchAddress = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_scratch, 0);
        Vector = Marshal.UnsafeAddrOfPinnedArrayElement(_segments, 0);
    }

    /// <summary>Segments gathered so far.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes gathered so far.</summary>
    public int Bytes { get; private set; }

    /// <summary>Address of the first segment, laid out as <c>struct iovec</c>.</summary>
    public nint Vector { get; }

    /// <summary>The bytes of one segment.</summary>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            Invariant.Holds((uint)index < (uint)Count);
            return new((void*)_segments[index].Address, (int)_segments[index].Length);
        }
    }

    /// <summary>Starts anew.</summary>
    /// <param name="skip">Bytes to leave out at the start: the socket took them before.</param>
    public void Begin(int skip)
    {
        Count = 0;
        Bytes = 0;
        _scratchUsed = 0;
        _copiesUsed = 0;
        _skip = skip;
    }

    /// <summary>Whether so many segments and header bytes still fit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool HasRoom(int segments, int scratchBytes) =>
        Count + segments <= _segments.Length && _scratchUsed + scratchBytes <= _scratch.Length;

    /// <summary>Adds a piece of a packet, which must stay owned until the write is done.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="offset">Where the piece begins.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="keepFree">Scratch bytes that something behind the piece needs.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Packet packet, int offset, int length, int keepFree = 0)
    {
        Invariant.Holds(offset >= 0 && length >= 0 && offset <= packet.Length - length);
        if (length <= CopyBytesMax && length <= _scratch.Length - _scratchUsed - keepFree)
        {
            CopyOnce(packet, offset, length);
            return;
        }
        Add((byte*)packet.Address + offset, length);
    }

    /// <summary>Room for a header; write it, then call <see cref="AddScratch"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Scratch(int length) => _scratch.AsSpan(_scratchUsed, length);

    /// <summary>Adds what was written into <see cref="Scratch"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddScratch(int length)
    {
        Invariant.Holds(length >= 0 && length <= _scratch.Length - _scratchUsed);
        if (_copiesUsed < _copiesHeld && _copies[_copiesUsed].At < _scratchUsed + length)
            _copiesHeld = _copiesUsed;          // written over
        AddUsed(length);
    }

    /// <summary>Copies a piece, unless it lies there from the player before.</summary>
    private void CopyOnce(Packet packet, int offset, int length)
    {
        var copy = new Copy(packet, packet.Uses, offset, length, _scratchUsed);
        if (_copiesUsed >= _copiesHeld || _copies[_copiesUsed] != copy)
        {
            packet.Written.Slice(offset, length).CopyTo(_scratch.AsSpan(_scratchUsed));
            _copiesHeld = _copiesUsed;
            if (_copiesUsed < CopiesMax)
                _copies[_copiesHeld++] = copy;
        }
        _copiesUsed = Math.Min(_copiesUsed + 1, CopiesMax);
        AddUsed(length);
    }

    private void AddUsed(int length)
    {
        var address = _scratchAddress + _scratchUsed;
        _scratchUsed += length;
        Add(address, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(byte* address, int length)
    {
        if (_skip > 0)
        {
            var left = Math.Min(_skip, length);
            _skip -= left;
            address += left;
            length -= left;
        }
        if (length == 0)
            return;
        Bytes += length;
        if (Count > 0 && _segments[Count - 1].End == (nint)address)
        {
            _segments[Count - 1].Length += (nuint)length;
            return;
        }
        _segments[Count++] = new Segment { Address = (nint)address, Length = (nuint)length };
    }

    /// <summary>What lies in the scratch area of a packet, as it was in one of its uses.</summary>
    private readonly record struct Copy(Packet Packet, int Uses, int Offset, int Length, int At);

    [StructLayout(LayoutKind.Sequential)]
    private struct Segment
    {
        public nint Address;
        public nuint Length;

        public readonly nint End => Address + (nint)Length;
    }
}
