using System;
using System.Collections.Generic;

namespace Reactor.Protocol.Codecs;

/// <summary>Collects parameter sets, each behind a start code.</summary>
internal sealed class ParameterSets
{
    private readonly List<byte> _bytes = [];

    public int Count { get; private set; }

    public void Add(ReadOnlySpan<byte> nalu)
    {
        Count++;
        _bytes.AddRange((ReadOnlySpan<byte>)[0, 0, 0, 1]);
        _bytes.AddRange(nalu);
    }

    public byte[] ToArray() => [.. _bytes];
}
