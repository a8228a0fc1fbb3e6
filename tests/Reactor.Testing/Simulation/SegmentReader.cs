using System;
using System.Collections.Generic;
using Reactor.Testing.Hls;
using Reactor.Testing.Mp4;

namespace Reactor.Testing.Simulation;

/// <summary>A part that came, among those that a segment is joined of.</summary>
/// <param name="Part">As the playlist had it.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Target">No part was longer then, in seconds.</param>
internal readonly record struct TakenPart(ListedPart Part, int Length, decimal Target);

/// <summary>Reads segments one after another: transport streams, or MP4 behind their init.
/// </summary>
/// <param name="areAlone">Whether each segment follows from its own frames alone.</param>
/// <param name="isHostile">Whether a stranger published it.</param>
internal sealed class SegmentReader(bool areAlone, bool isHostile = false)
{
    private readonly Mp4Walk _mp4 = new();
    private TsChecker _ts = new() { AreAlone = areAlone, IsHostile = isHostile };
    private string? _init;
    private bool _follows;

    /// <summary>Whether what has to be read before a segment was read.</summary>
    public bool IsReadyFor(ListedSegment segment) =>
        segment.Init is null || segment.Init == _init;

    /// <exception cref="Mp4Exception">It breaks a rule.</exception>
    public void ReadInit(string uri, ReadOnlySpan<byte> bytes)
    {
        _mp4.ReadInit(bytes);
        _init = uri;
    }

    /// <summary>Reads a segment, and shows it, if somebody looks.</summary>
    /// <param name="segment">As the playlist has it.</param>
    /// <param name="bytes">What is in it.</param>
    /// <param name="parts">What it was joined of; empty where it came in one piece.</param>
    /// <param name="view">Who looks.</param>
    /// <exception cref="TsException">It breaks a rule.</exception>
    /// <exception cref="Mp4Exception">It breaks a rule.</exception>
    public void Read(
        ListedSegment segment, byte[] bytes, IReadOnlyList<TakenPart> parts, HlsViewing? view)
    {
        view?.BeginSegment(segment, isNext: _follows);
        _follows = true;
        if (segment.Init is null)
        {
            _ts.Read(bytes, segment.IsDiscontinuity);
            Show(view);
        }
        else
        {
            if (segment.IsDiscontinuity)
                _mp4.Leap();
            ReadFragments(bytes, parts, view);
        }
        view?.EndSegment();
    }

    /// <summary>What comes next does not follow what came before.</summary>
    public void Skip()
    {
        _ts = new TsChecker { AreAlone = areAlone, IsHostile = isHostile };
        _mp4.Leap();
        _follows = false;
    }

    private void ReadFragments(
        ReadOnlySpan<byte> bytes, IReadOnlyList<TakenPart> parts, HlsViewing? view)
    {
        var hasSamples = false;
        foreach (var (part, length, target) in parts)
        {
            view?.BeginPart(part, target);
            _mp4.ReadFragments(bytes[..length]);
            bytes = bytes[length..];
            hasSamples |= Show(view);
        }
        _mp4.ReadFragments(bytes);
        if (!Show(view) && !hasSamples)
            throw new Mp4Exception("a segment has samples");
    }

    /// <returns>Whether there was something.</returns>
    private bool Show(HlsViewing? view)
    {
        var count = _ts.Frames.Count + _mp4.Frames.Count;
        foreach (var frame in _ts.Frames)
            view?.See(frame);
        foreach (var frame in _mp4.Frames)
            view?.See(frame);
        _ts.Frames.Clear();
        _mp4.Frames.Clear();
        return count > 0;
    }
}
