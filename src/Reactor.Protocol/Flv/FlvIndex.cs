using System.Collections.Generic;

namespace Reactor.Protocol.Flv;

/// <summary>Where a file's keyframes are, in bounded room.</summary>
/// <remarks>
/// When it is full, every second entry goes and from then on only every second keyframe is taken,
/// so that any length of file is covered evenly. Invariant: times and positions rise.
/// </remarks>
public sealed class FlvIndex
{
    /// <summary>
    /// A quarter of an hour of keyframes every two seconds, before the first thinning; two values
    /// each, so that all of it is within the bounds of AMF.
    /// </summary>
    public const int EntriesMax = 450;

    private readonly List<FlvIndexEntry> _entries = [];
    private long _seen;
    private int _step = 1;

    public int Count => _entries.Count;

    public FlvIndexEntry this[int index] => _entries[index];

    /// <summary>Adds a keyframe; whatever does not lie behind the last one is left out.</summary>
    public void Add(uint timeMs, long position)
    {
        var isBehind = _entries.Count == 0
            || (timeMs >= _entries[^1].TimeMs && position > _entries[^1].Position);
        if (!isBehind)
            return;
        if (_seen++ % _step != 0)
            return;
        if (_entries.Count == EntriesMax)
        {
            Thin();
            if ((_seen - 1) % _step != 0)
                return;
        }
        _entries.Add(new FlvIndexEntry(timeMs, position));
    }

    /// <summary>The last keyframe at or before a time; null before the first.</summary>
    public FlvIndexEntry? FindBefore(uint timeMs)
    {
        int low = 0, high = _entries.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_entries[middle].TimeMs <= timeMs)
                low = middle + 1;
            else
                high = middle;
        }
        return low == 0 ? null : _entries[low - 1];
    }

    private void Thin()
    {
        for (var i = 0; i < _entries.Count / 2; i++)
            _entries[i] = _entries[i * 2];
        _entries.RemoveRange(_entries.Count / 2, _entries.Count - (_entries.Count / 2));
        _step *= 2;
    }
}

/// <summary>One keyframe of a file.</summary>
/// <param name="TimeMs">Its timestamp.</param>
/// <param name="Position">Where its tag begins, in bytes from the start of the file.</param>
public readonly record struct FlvIndexEntry(uint TimeMs, long Position);
