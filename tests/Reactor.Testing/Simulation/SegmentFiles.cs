using System;
using System.Linq;
using System.Text;
using Reactor.Testing.Hls;

namespace Reactor.Testing.Simulation;

/// <summary>HLS as files: whoever serves the folder serves what is whole, at any moment.</summary>
public static class SegmentFiles
{
    private const string PlaylistName = "index.m3u8";

    /// <summary>All that a playlist on the disk names is there, and whole.</summary>
    /// <remarks>
    /// A process may be killed in any call. Contents that the power failure took are nobody's
    /// promise: a segment is made anew every few seconds.
    /// </remarks>
    public static void Check(World world)
    {
        foreach (var name in world.Disk.Names.Where(IsPlaylist).ToList())
        {
            try
            {
                Check(world, name);
            }
            catch (Exception broken) when (broken is not FindingException)
            {
                world.Checks.Fail(
                    "a playlist on the disk names only what is there, and whole",
                    $"{name}: {broken.Message}");
            }
        }
    }

    private static void Check(World world, string name)
    {
        var disk = world.Disk;
        if (disk.WasTorn(name))
            return;
        var folder = name[..^PlaylistName.Length];
        var view = ViewOf(world, folder);
        var playlist = new PlaylistChecker { MayBeShort = true };
        var reader = new SegmentReader(world.HasAlignedHls, isHostile: view is null);
        playlist.Read(Encoding.ASCII.GetString(disk.Read(name)));
        foreach (var segment in playlist.Segments)
        {
            if (!reader.IsReadyFor(segment) && !disk.WasTorn(folder + segment.Init))
                reader.ReadInit(segment.Init!, disk.Read(folder + segment.Init));
            var bytes = disk.Read(folder + segment.Uri);
            if (disk.WasTorn(folder + segment.Uri) || !reader.IsReadyFor(segment))
                reader.Skip();
            else
                reader.Read(segment, bytes, [], view);
        }
    }

    /// <summary>Null for what a stranger published, whose times need not make sense.</summary>
    private static HlsViewing? ViewOf(World world, string folder)
    {
        var stream = Uri.UnescapeDataString(folder[(folder.IndexOf('/') + 1)..^1]);
        var origin = world.Ledger.OriginOf(stream);
        return world.Ledger.Publications.Any(publication => publication.IsNamed(origin))
            ? new HlsViewing(world.Checks, world.Ledger, stream, folder)
            : null;
    }

    private static bool IsPlaylist(string name) => name.EndsWith(PlaylistName);
}
