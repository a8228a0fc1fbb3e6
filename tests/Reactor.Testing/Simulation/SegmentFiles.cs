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
                Check(world.Disk, name, IsStrangers(world, name));
            }
            catch (Exception broken) when (broken is not FindingException)
            {
                world.Checks.Fail(
                    "a playlist on the disk names only what is there, and whole",
                    $"{name}: {broken.Message}");
            }
        }
    }

    private static void Check(SimulatedDisk disk, string name, bool isHostile)
    {
        if (disk.WasTorn(name))
            return;
        var playlist = new PlaylistChecker { MayBeShort = true };
        var ts = new TsChecker { IsHostile = isHostile };
        playlist.Read(Encoding.ASCII.GetString(disk.Read(name)));
        foreach (var segment in playlist.Segments)
        {
            var file = $"{name[..^PlaylistName.Length]}{segment.Uri}";
            var bytes = disk.Read(file);
            if (disk.WasTorn(file))
                ts = new TsChecker { IsHostile = isHostile };
            else
                ts.Read(bytes, segment.IsDiscontinuity);
        }
    }

    /// <summary>A stranger's times need not make sense.</summary>
    private static bool IsStrangers(World world, string name)
    {
        var stream = name.Split('/')[^2];
        return !world.Ledger.Publications.Any(publication => publication.IsNamed(stream));
    }

    private static bool IsPlaylist(string name) => name.EndsWith(PlaylistName);
}
