using System.Collections.Generic;
using System.Linq;
using Reactor.Testing.Hls;

namespace Reactor.Testing.Simulation;

/// <summary>Segments as they come, each read behind its init and shown to a viewing.</summary>
/// <remarks>
/// With parts it is known only at the end of a segment which init it has: so a segment waits for
/// an init that is not here.
/// </remarks>
/// <param name="areAlone">Whether each segment follows from its own frames alone.</param>
internal sealed class HlsReading(bool areAlone)
{
    private readonly Queue<Waiting> _waiting = new();
    private SegmentReader _reader = new(areAlone);
    private bool _isBehindGap = true;

    /// <summary>The init that has to be fetched before anything else; null for none.</summary>
    public string? Wanted => _waiting.Select(each => each.Segment.Init).FirstOrDefault();

    /// <param name="segment">As the playlist has it.</param>
    /// <param name="bytes">What is in it.</param>
    /// <param name="parts">What it was joined of.</param>
    /// <param name="view">Who looks.</param>
    public void Add(
        ListedSegment segment, byte[] bytes, IReadOnlyList<TakenPart> parts, HlsViewing view)
    {
        _waiting.Enqueue(new Waiting(segment, bytes, parts, _isBehindGap));
        _isBehindGap = false;
        ReadOn(view);
    }

    public void AddInit(string uri, byte[] bytes, HlsViewing view)
    {
        _reader.ReadInit(uri, bytes);
        ReadOn(view);
    }

    /// <summary>What comes next does not follow what came before.</summary>
    public void Skip() => _isBehindGap = true;

    /// <summary>The init of what waits is not to be had.</summary>
    public void Drop() => _waiting.Clear();

    /// <summary>What comes next is of another output.</summary>
    public void BeginAnew()
    {
        Drop();
        Skip();
        _reader = new SegmentReader(areAlone);
    }

    private void ReadOn(HlsViewing view)
    {
        while (_waiting.TryPeek(out var next) && _reader.IsReadyFor(next.Segment))
        {
            _waiting.Dequeue();
            if (next.IsBehindGap)
                _reader.Skip();
            _reader.Read(next.Segment, next.Bytes, next.Parts, view);
        }
    }

    private readonly record struct Waiting(
        ListedSegment Segment, byte[] Bytes, IReadOnlyList<TakenPart> Parts, bool IsBehindGap);
}
