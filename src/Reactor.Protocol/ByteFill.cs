using System;

namespace Reactor.Protocol;

/// <summary>So many bytes in one piece, however the input was cut.</summary>
/// <remarks>
/// A field of its reader, never copied. What is whole in the input is handed on where it lies;
/// only what is cut is copied. Nothing is held between two pieces that were taken.
/// </remarks>
/// <param name="bytesMax">The longest piece that is asked for.</param>
internal struct ByteFill(int bytesMax)
{
    private readonly byte[] _held = new byte[bytesMax];
    private int _count;

    /// <summary>Takes a piece, or what there is of it.</summary>
    /// <param name="input">Shortened by what was taken.</param>
    /// <param name="count">The same at each call until it was taken.</param>
    /// <param name="bytes">The piece; valid until the next call, and as long as the input.</param>
    public bool TryTake(
        ref ReadOnlySpan<byte> input, int count, out ReadOnlySpan<byte> bytes)
    {
        if (_count == 0 && input.Length >= count)
        {
            bytes = input[..count];
            input = input[count..];
            return true;
        }
        var taken = Math.Min(count - _count, input.Length);
        input[..taken].CopyTo(_held.AsSpan(_count));
        input = input[taken..];
        _count += taken;
        bytes = _held.AsSpan(0, _count);
        if (_count < count)
            return false;
        _count = 0;
        return true;
    }
}
