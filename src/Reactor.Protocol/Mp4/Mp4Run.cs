using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Reactor.Primitives;

namespace Reactor.Protocol.Mp4;

/// <summary>The samples of one track that wait for their fragment.</summary>
/// <remarks>
/// A sample lasts until the next one is decoded, so that a gap is a long sample; how long the last
/// one lasts is told with it, and mended when the next one comes or the run is cut.
/// Invariants: each slice is owned; times rise by one at least; <see cref="Bytes"/> is the sum.
/// </remarks>
internal sealed class Mp4Run
{
    private readonly List<Mp4Sample> _samples = [];
    private readonly List<Mp4Slice> _slices = [];

    public int Count => _samples.Count;

    public long Bytes { get; private set; }

    /// <summary>When the first sample is decoded.</summary>
    public long DecodeTime { get; private set; }

    public ReadOnlySpan<Mp4Sample> Samples => CollectionsMarshal.AsSpan(_samples);

    /// <summary>When the last sample was decoded, also of the run before; −1 before any.</summary>
    public long LastTime { get; private set; } = -1;

    /// <param name="time">When it is decoded; later than <see cref="LastTime"/>.</param>
    /// <param name="offset">What to add for when it is shown.</param>
    /// <param name="duration">As far as it is known.</param>
    /// <param name="isSync">Whether decoding can begin here.</param>
    /// <param name="slice">Its bytes, owned by the run from now on.</param>
    public void Add(long time, int offset, long duration, bool isSync, Mp4Slice slice)
    {
        Invariant.Holds(time > LastTime && slice.Length > 0);
        EndLast(time);
        if (Count == 0)
            DecodeTime = time;
        LastTime = time;
        _samples.Add(new Mp4Sample(Bounded(duration), slice.Length, offset, isSync));
        _slices.Add(slice);
        Bytes += slice.Length;
    }

    /// <summary>Says when the sample after the last one is decoded.</summary>
    public void EndLast(long time)
    {
        if (Count > 0 && time > LastTime)
            CollectionsMarshal.AsSpan(_samples)[^1] =
                _samples[^1] with { Duration = Bounded(time - LastTime) };
    }

    /// <summary>Gives the slices away, and begins anew behind them.</summary>
    public void MoveTo(List<Mp4Slice> target)
    {
        target.AddRange(_slices);
        Forget();
    }

    /// <summary>Lets times begin anew.</summary>
    public void Reset()
    {
        Invariant.Holds(Count == 0);
        LastTime = -1;
    }

    public void Drop()
    {
        foreach (var slice in _slices)
            slice.Packet.Release();
        Forget();
    }

    private void Forget()
    {
        _slices.Clear();
        _samples.Clear();
        Bytes = 0;
    }

    private static uint Bounded(long duration) => (uint)Math.Clamp(duration, 1, uint.MaxValue);
}
