using System;
using System.Collections.Generic;
using System.Linq;
using Reactor.Protocol;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Rtmp;

namespace Reactor.Testing.Simulation;

/// <summary>One frame of a recording: what was published, and when in the file.</summary>
internal readonly record struct RecordedFrame(uint Id, uint Index, uint TimeMs, FrameSort Sort);

/// <summary>The frames of a file as it is now, in order.</summary>
internal sealed class RecordingTags
{
    private const int PayloadBytesMax = 1 << 20;

    private readonly List<RecordedFrame> _frames = [];

    private RecordingTags()
    {
    }

    public IReadOnlyList<RecordedFrame> Frames => _frames;

    /// <summary>Whether it could be read to its last whole tag.</summary>
    public bool IsSound { get; private set; }

    /// <summary>Whether there is a picture, which a player then begins with.</summary>
    public bool HasPicture { get; private set; }

    public static RecordingTags Of(World world, string file)
    {
        if (!world.Disk.Names.Contains(file))
            return new RecordingTags();         // the power failed before its name was flushed
        var tags = new RecordingTags { IsSound = !world.Disk.WasTorn(file) };
        ReadOnlySpan<byte> bytes = world.Disk.Read(file);
        using var reader = new FlvReader(world.PeerPool, PayloadBytesMax);
        try
        {
            while (reader.TryRead(ref bytes, out var tag))
            {
                tags.Take(world, tag);
                tag.Payload.Release();
            }
        }
        catch (ProtocolException)
        {
            tags.IsSound = false;               // half a write that could not be taken back
        }
        return tags;
    }

    /// <summary>Where a player is to begin for a time.</summary>
    /// <param name="timeMs">The time.</param>
    /// <param name="hadPicture">Whether there was one when the file was opened.</param>
    public int StartFor(uint timeMs, bool hadPicture)
    {
        var start = 0;
        for (var i = 0; i < _frames.Count && _frames[i].TimeMs <= timeMs; i++)
        {
            if (!hadPicture || _frames[i].Sort == FrameSort.Keyframe)
                start = i;
        }
        return start;
    }

    private void Take(World world, FlvTag tag)
    {
        if (tag.Type == MessageType.Data
            || !Simulation.Frames.TryRead(tag.Payload.Written, out var id, out var index)
            || world.Ledger.Find(id) is not { } publication
            || index >= publication.Messages.Count)
        {
            return;
        }
        var sort = publication.Messages[(int)index].Sort;
        if (Publication.IsHeader(sort))
            return;
        HasPicture |= sort == FrameSort.Keyframe;
        _frames.Add(new RecordedFrame(id, index, tag.TimestampMs, sort));
    }
}
