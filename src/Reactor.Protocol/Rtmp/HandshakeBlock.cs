using System;

namespace Reactor.Protocol.Rtmp;

/// <summary>Collects what one step of a handshake needs, however it was cut.</summary>
/// <remarks>Invariant: between calls fewer bytes are held than the step under way needs.</remarks>
internal sealed class HandshakeBlock
{
    /// <summary>C1, C2, S1 and S2 all have this many bytes (RTMP 1.0 §5.2.3).</summary>
    public const int Length = 1536;

    private readonly byte[] _bytes = new byte[Length];
    private int _filled;

    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Takes from the input until <paramref name="count"/> bytes are there.</summary>
    /// <returns>True when they are; the next call then starts anew.</returns>
    public bool Fill(ref ReadOnlySpan<byte> input, int count)
    {
        var taken = Math.Min(count - _filled, input.Length);
        input[..taken].CopyTo(_bytes.AsSpan(_filled));
        input = input[taken..];
        _filled += taken;
        if (_filled < count)
            return false;
        _filled = 0;
        return true;
    }
}
