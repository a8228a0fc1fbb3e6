using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Reactor.Primitives;

/// <summary>Bytes that grow, in packets of one size, until they are given away.</summary>
/// <remarks>
/// Packets of others can stand among them, shared as they are. Invariant: every packet here is
/// owned, and while <see cref="_isOpen"/> the last one is ours alone and is written on.
/// </remarks>
public sealed class PieceList(PacketPool pool)
{
    /// <summary>Memory is taken by so much.</summary>
    public const int PieceBytes = 64 << 10;

    private readonly List<Packet> _pieces = [];
    private bool _isOpen;

    public bool IsEmpty => _pieces.Count == 0;

    /// <summary>All of them in order; borrowed, until something is added.</summary>
    public ReadOnlySpan<Packet> All => CollectionsMarshal.AsSpan(_pieces);

    /// <summary>The piece that was written to last.</summary>
    public Packet Last => _pieces[^1];

    /// <summary>Makes <see cref="Last"/> one that has room.</summary>
    /// <param name="bytes">How much there is to be, in one piece.</param>
    public Packet Open(int bytes = 1)
    {
        if (!_isOpen || Last.Capacity - Last.Length < bytes)
            _pieces.Add(pool.Rent(PieceBytes));
        _isOpen = true;
        return Last;
    }

    /// <summary>Copies bytes to the end.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var free = Open().Free;
            var taken = bytes[..Math.Min(bytes.Length, free.Length)];
            Last.Append(taken);
            bytes = bytes[taken.Length..];
        }
    }

    /// <summary>Puts a packet to the end as it is, which gets one more owner.</summary>
    public void Share(Packet packet)
    {
        _pieces.Add(packet.Retain());
        _isOpen = false;
    }

    /// <summary>Gives all away, owned by the caller.</summary>
    public Packet[] Take()
    {
        Packet[] pieces = [.. _pieces];
        Forget();
        return pieces;
    }

    /// <summary>Gives all back to the pool.</summary>
    public void Drop()
    {
        foreach (var piece in _pieces)
            piece.Release();
        Forget();
    }

    private void Forget()
    {
        _pieces.Clear();
        _isOpen = false;
    }
}
