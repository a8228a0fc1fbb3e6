using System;
using System.Collections.Generic;
using System.Linq;
using Reactor.Protocol;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Rtmp;
using Reactor.Testing.Mp4;

namespace Reactor.Testing.Simulation;

/// <summary>What the recorders wrote, held against what was published.</summary>
public static class Archive
{
    private const int PayloadBytesMax = 1 << 20;

    /// <summary>What a recorder gathers and the disk takes may be lost with the process.</summary>
    private const int LossUs = 3_000_000;

    /// <summary>Each file is whole FLV, and a player could have seen what it holds.</summary>
    /// <remarks>It may lack frames: a disk that is full, slow or failing cost them.</remarks>
    /// <returns>Frames in all files.</returns>
    public static long Check(World world)
    {
        var frames = 0L;
        var latest = new Dictionary<Publication, long>();
        foreach (var name in world.Disk.Names.Where(name => name.EndsWith(".mp4")))
        {
            if (!world.Disk.WasTorn(name))
                frames += CheckMp4(world, name);
        }
        foreach (var name in world.Disk.Names.Where(name => name.EndsWith(".flv")))
        {
            if (world.Disk.WasTorn(name))
                continue;                       // nobody promised anything of those
            var view = Check(world, name);
            frames += view?.Frames ?? 0;
            if (view?.Publication is { } last)
                latest[last] = Math.Max(latest.GetValueOrDefault(last), view.LatestSentUs);
        }
        if (world.IsRecordingSure)
            LittleIsLost(world, latest);
        return frames;
    }

    /// <summary>What was published long enough before the end of the process is there.</summary>
    private static void LittleIsLost(World world, Dictionary<Publication, long> latest)
    {
        foreach (var publication in world.Ledger.Publications)
        {
            var beforeUs = publication.KilledUs - LossUs;
            var isSure = publication is { IsPrompt: true, VideoHeader: >= 0 }
                && publication.BeganUs < beforeUs
                && world.Ledger.HadName(publication);
            var last = isSure ? publication.LastBefore(beforeUs) : 0;
            if (last > latest.GetValueOrDefault(publication))
            {
                world.Checks.Fail(
                    "of a recording a kill costs no more than its last seconds",
                    $"{publication.Name}: {latest.GetValueOrDefault(publication)} of {last} us");
            }
        }
    }

    private static Viewing? Check(World world, string name)
    {
        ReadOnlySpan<byte> bytes = world.Disk.Read(name);
        if (bytes.IsEmpty)
            return null;                        // its first write failed
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
                    view ??= IsOurs(world, tag.Payload.Written) ? NewView(world, name) : null;
                    view?.See(tag.Type, tag.TimestampMs, tag.Payload.Written, world.Time.NowUs);
                }
                tag.Payload.Release();
            }
        }
        catch (ProtocolException broken)
        {
            world.Checks.Fail("a recording is FLV", $"{name}: {broken.Message}");
        }
        var mayEndAnywhere = world.HasDiskFailed || world.Disk.WasCut(name);
        if (whole != world.Disk.Read(name).Length && !mayEndAnywhere)
            world.Checks.Fail("a recording ends with a whole tag", name);
        return view;
    }

    /// <returns>Frames that were seen.</returns>
    private static long CheckMp4(World world, string name)
    {
        var bytes = world.Disk.Read(name);
        if (bytes.Length == 0)
            return 0;                           // it had no part, or its first write failed
        var walk = new Mp4Walk();
        var whole = 0;
        try
        {
            whole = walk.ReadFile(bytes);
        }
        catch (Mp4Exception broken)
        {
            world.Checks.Fail("a recording is MP4", $"{name}: {broken.Message}");
        }
        var mayEndAnywhere = world.HasDiskFailed || world.Disk.WasCut(name);
        if (whole != bytes.Length && !mayEndAnywhere)
            world.Checks.Fail("a recording ends with a whole fragment", name);
        if (walk.Frames.Count == 0 || !IsOurs(world, walk.Frames[0].Bytes))
            return 0;                           // what a stranger published
        var view = new HlsViewing(world.Checks, world.Ledger, StreamOf(name), name);
        foreach (var frame in walk.Frames)
        {
            view.Forgive();                     // what is slow may miss some
            view.See(frame);
        }
        return view.Frames;
    }

    /// <summary>Whether it is known who published it: it was no stranger.</summary>
    private static bool IsOurs(World world, ReadOnlySpan<byte> payload) =>
        Frames.TryRead(payload, out var id, out _) && world.Ledger.Find(id) is not null;

    private static Viewing NewView(World world, string name) =>
        new(world.Checks, world.Ledger, StreamOf(name), name) { IsSlow = true };

    /// <summary>A file is called APP/STREAM_TIME, below its folder.</summary>
    private static string StreamOf(string name) =>
        Uri.UnescapeDataString(name[(name.IndexOf('/') + 1)..name.LastIndexOf('_')]);
}
