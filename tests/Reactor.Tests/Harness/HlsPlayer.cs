using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading;
using NUnit.Framework;
using Reactor.Testing.Hls;
using Reactor.Testing.Mp4;

namespace Reactor.Tests.Harness;

/// <summary>Whoever plays HLS: ffmpeg, and our own checkers.</summary>
internal static class HlsPlayer
{
    /// <summary>With each playlist that names an init: so of what it segmented itself.</summary>
    private const string Usual = "Found duplicated MOOV Atom";

    private static readonly string[] BadLevels = ["[warning]", "[error]", "[fatal]", "[panic]"];

    /// <summary>Waits until the playlist says that it ends.</summary>
    public static void WaitForEnd(string url)
    {
        using var client = new HttpClient();
        var deadline = DateTime.UtcNow + Ffmpeg.Deadline;
        while (!Get(client, url).Contains("#EXT-X-ENDLIST"))
        {
            Assert.That(DateTime.UtcNow, Is.LessThan(deadline), "the end of the playlist");
            Thread.Sleep(200);
        }
    }

    /// <summary>Fetches all that the playlist lists; each rule that is broken fails.</summary>
    /// <param name="url">Of a playlist.</param>
    /// <param name="file">Where the segments are written, one behind the other.</param>
    public static (IReadOnlyList<ListedSegment> Segments, TsChecker Ts) Check(
        string url, string? file = null)
    {
        using var client = new HttpClient();
        var playlist = new PlaylistChecker();
        var ts = new TsChecker();
        playlist.Read(Get(client, url));
        foreach (var segment in playlist.Segments)
        {
            var bytes = client.GetByteArrayAsync(new Uri(new Uri(url), segment.Uri))
                .GetAwaiter().GetResult();
            ts.Read(bytes, segment.IsDiscontinuity);
            if (file is not null)
                File.AppendAllBytes(file, bytes);
        }
        return (playlist.Segments, ts);
    }

    /// <summary>All that a playlist lists, by its name; inits too.</summary>
    public static Dictionary<string, byte[]> Fetch(string url)
    {
        using var client = new HttpClient();
        var playlist = new PlaylistChecker();
        playlist.Read(Get(client, url));
        var names = playlist.Segments.Select(segment => segment.Uri)
            .Concat(playlist.Segments.Select(segment => segment.Init).OfType<string>());
        return names.Distinct().ToDictionary(
            name => name,
            name => client.GetByteArrayAsync(new Uri(new Uri(url), name))
                .GetAwaiter().GetResult());
    }

    /// <summary>The same where segments are MP4.</summary>
    public static (IReadOnlyList<ListedSegment> Segments, Mp4Walk Mp4) CheckMp4(string url)
    {
        using var client = new HttpClient();
        var playlist = new PlaylistChecker();
        var mp4 = new Mp4Walk();
        playlist.Read(Get(client, url));
        string? init = null;
        foreach (var segment in playlist.Segments)
        {
            if (segment.Init != init)
                mp4.ReadInit(Fetch(client, url, segment.Init!, "video/mp4"));
            else if (segment.IsDiscontinuity)
                mp4.Leap();
            init = segment.Init;
            mp4.ReadFragments(Fetch(client, url, segment.Uri, "video/iso.segment"));
        }
        return (playlist.Segments, mp4);
    }

    private static byte[] Fetch(HttpClient client, string url, string name, string type)
    {
        using var answer = client.GetAsync(new Uri(new Uri(url), name)).GetAwaiter().GetResult();
        Assert.That(answer.Content.Headers.ContentType?.MediaType, Is.EqualTo(type), name);
        return answer.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult();
    }

    /// <summary>The same of a folder: what its playlist names is there, and whole.</summary>
    public static IReadOnlyList<ListedSegment> CheckFiles(string playlistFile)
    {
        var playlist = new PlaylistChecker();
        var ts = new TsChecker();
        playlist.Read(File.ReadAllText(playlistFile));
        foreach (var segment in playlist.Segments)
        {
            var file = Path.Combine(Path.GetDirectoryName(playlistFile)!, segment.Uri);
            ts.Read(File.ReadAllBytes(file), segment.IsDiscontinuity);
        }
        return playlist.Segments;
    }

    /// <summary>
    /// Plays to the end of the playlist, without a word of complaint from demuxer or decoder.
    /// </summary>
    /// <param name="input">A playlist's URL, or a file of segments.</param>
    /// <param name="hasAac">FLV has AAC without headers: so it has to be compared.</param>
    /// <param name="onBegun">Called when it has seen what the stream is made of.</param>
    public static Recording Play(string input, bool hasAac, Action? onBegun = null)
    {
        using var folder = new TemporaryFolder();
        var packets = Path.Combine(folder.Path, "packets.txt");
        var decoded = Path.Combine(folder.Path, "decoded.txt");
        string[] begin = input.EndsWith(".m3u8") ? ["-live_start_index", "0"] : [];
        string[] filter = hasAac ? ["-bsf:a", "aac_adtstoasc"] : [];
        using var process = Ffmpeg.Start(
        [
            "-v", "level+info", .. begin, "-i", input,
            "-map", "0:v?", "-map", "0:a?", "-c", "copy", .. filter, "-f", "framemd5", packets,
            "-map", "0:v?", "-map", "0:a?", "-fps_mode", "passthrough", "-f", "framemd5", decoded,
        ]);
        if (onBegun is not null)
        {
            process.WaitForLine(line => line.Contains("Input #0, hls"), Ffmpeg.Deadline);
            onBegun();
        }
        Assert.That(process.WaitForExit(Ffmpeg.Deadline), Is.Zero, "the player's exit code");
        Assert.That(
            process.Lines.Where(line => BadLevels.Any(line.Contains) && !line.Contains(Usual)),
            Is.Empty);
        return Recording.ReadFrom(folder);
    }

    private static string Get(HttpClient client, string url) =>
        client.GetStringAsync(new Uri(url)).GetAwaiter().GetResult();
}
