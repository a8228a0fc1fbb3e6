using System;
using System.Linq;
using Reactor.Protocol;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Rtmp;

namespace Reactor.Testing.Simulation;

/// <summary>What the recorders wrote, held against what was published.</summary>
public static class Archive
{
    private const int PayloadBytesMax = 1 << 20;

    /// <summary>Each file is whole FLV, and a player could have seen what it holds.</summary>
    /// <remarks>It may lack frames: a disk that is full, slow or failing cost them.</remarks>
    /// <returns>Frames in all files.</returns>
    public static long Check(World world)
    {
        var frames = 0L;
        foreach (var name in world.Disk.Names.Where(name => name.EndsWith(".flv")))
            frames += Check(world, name);
        return frames;
    }

    private static long Check(World world, string name)
    {
        ReadOnlySpan<byte> bytes = world.Disk.Read(name);
        if (bytes.IsEmpty)
            return 0;                           // its first write failed
        using var reader = new FlvReader(world.PeerPool, PayloadBytesMax);
        Viewing? view = null;
        var whole = (long)FlvWriter.HeaderLength;
        try
        {
            while (reader.TryRead(ref bytes, out var tag))
            {
                whole += FlvWriter.TagHeaderLength + tag.Payload.Length
                    + FlvWriter.BackPointerLength;
                if (tag.Type != MessageType.Data)       // its own metadata, and cue points
                {
                    view ??= ViewOf(world, name, tag.Payload.Written);
                    view?.See(tag.Type, tag.TimestampMs, tag.Payload.Written, world.Time.NowUs);
                }
                tag.Payload.Release();
            }
        }
        catch (ProtocolException broken)
        {
            world.Checks.Fail("a recording is FLV", $"{name}: {broken.Message}");
        }
        if (whole != world.Disk.Read(name).Length && !world.HasDiskFailed)
            world.Checks.Fail("a recording ends with a whole tag", name);
        return view?.Frames ?? 0;
    }

    /// <returns>Null for what a stranger published.</returns>
    private static Viewing? ViewOf(World world, string name, ReadOnlySpan<byte> first) =>
        Frames.TryRead(first, out var id, out _) && world.Ledger.Find(id) is { } publication
            ? new Viewing(world.Checks, world.Ledger, publication.Name, name) { IsSlow = true }
            : null;
}
