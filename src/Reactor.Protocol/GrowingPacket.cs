using System;
using Reactor.Primitives;

namespace Reactor.Protocol;

/// <summary>Bytes whose number nobody knows yet, in one packet that grows as they arrive.</summary>
/// <remarks>
/// A field of its reader, never copied. It holds nothing until the first byte; whoever ends with
/// it calls <see cref="Take"/> or <see cref="Release"/>. The bound is the reader's to check.
/// </remarks>
/// <param name="pool">Where the packet comes from.</param>
/// <param name="firstBytes">The room at first; it doubles from there.</param>
internal struct GrowingPacket(PacketPool pool, int firstBytes)
{
    private Packet? _packet;

    public readonly int Length => _packet?.Length ?? 0;

    public readonly ReadOnlySpan<byte> Written => _packet is null ? [] : _packet.Written;

    public readonly ReadOnlyMemory<byte> Memory => _packet?.Memory ?? default;

    public void Append(scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        bytes.CopyTo(Room(bytes.Length));
        Advance(bytes.Length);
    }

    /// <summary>At least so much room behind what is written; count it afterwards.</summary>
    public Span<byte> Room(int count)
    {
        _packet ??= pool.Rent(Math.Max(count, firstBytes));
        if (count > _packet.Capacity - _packet.Length)
        {
            var larger = pool.Rent(Math.Max(_packet.Length + count, _packet.Capacity * 2));
            larger.Append(_packet.Written);
            _packet.Release();
            _packet = larger;
        }
        return _packet.Free;
    }

    public readonly void Advance(int count) => _packet!.Advance(count);

    /// <summary>The packet, from now on the caller's; null if nothing was written.</summary>
    public Packet? Take()
    {
        var taken = _packet;
        _packet = null;
        return taken;
    }

    /// <summary>As <see cref="Take"/>, but with an empty packet if nothing was written.</summary>
    public Packet TakeAny() => Take() ?? pool.Rent(0);

    public void Release() => Take()?.Release();
}
