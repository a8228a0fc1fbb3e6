using System;
using Reactor.Testing.Hls;
using Reactor.Testing.Mp4;

namespace Reactor.Testing.Simulation;

/// <summary>Reads segments one after another: transport streams, or MP4 behind their init.
/// </summary>
/// <param name="areAlone">Whether each segment follows from its own frames alone.</param>
/// <param name="isHostile">Whether a stranger published it.</param>
internal sealed class SegmentReader(bool areAlone, bool isHostile = false)
{
    private readonly Mp4Walk _mp4 = new();
    private TsChecker _ts = new() { AreAlone = areAlone, IsHostile = isHostile };
    private string? _init;

    /// <summary>Whether what has to be read before a segment was read.</summary>
    public bool IsReadyFor(ListedSegment segment) =>
        segment.Init is null || segment.Init == _init;

    /// <exception cref="Mp4Exception">It breaks a rule.</exception>
    public void ReadInit(string uri, ReadOnlySpan<byte> bytes)
    {
        _mp4.ReadInit(bytes);
        _init = uri;
    }

    /// <exception cref="TsException">It breaks a rule.</exception>
    /// <exception cref="Mp4Exception">It breaks a rule.</exception>
    public void Read(ListedSegment segment, ReadOnlySpan<byte> bytes)
    {
        if (segment.Init is null)
        {
            _ts.Read(bytes, segment.IsDiscontinuity);
            return;
        }
        if (segment.IsDiscontinuity)
            _mp4.Leap();
        _mp4.ReadFragments(bytes);
        if (_mp4.Frames.Count == 0)
            throw new Mp4Exception("a segment has samples");
    }

    /// <summary>Shows what was read since the last time, if somebody looks.</summary>
    public void Show(HlsViewing? view)
    {
        foreach (var frame in _ts.Frames)
            view?.See(frame);
        foreach (var frame in _mp4.Frames)
            view?.See(frame);
        _ts.Frames.Clear();
        _mp4.Frames.Clear();
    }

    /// <summary>What comes next does not follow what came before.</summary>
    public void Skip()
    {
        _ts = new TsChecker { AreAlone = areAlone, IsHostile = isHostile };
        _mp4.Leap();
    }
}
