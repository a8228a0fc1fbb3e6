using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NUnit.Framework;

namespace Reactor.Tests.Harness;

/// <summary>One packet or picture as ffmpeg's framemd5 muxer prints it; times in ms.</summary>
internal readonly record struct FramePrint(long Dts, long Pts, string Hash);

/// <summary>What a film holds, or what a player received of it.</summary>
/// <param name="Video">Packets of the video track as they were muxed.</param>
/// <param name="Audio">Packets of the audio track.</param>
/// <param name="Pictures">The video once decoded; its times are in frames, not in ms.</param>
internal sealed record Recording(
    IReadOnlyList<FramePrint> Video,
    IReadOnlyList<FramePrint> Audio,
    IReadOnlyList<FramePrint> Pictures)
{
    /// <summary>The audio once decoded; its times are in samples.</summary>
    public IReadOnlyList<FramePrint> Sounds { get; private init; } = [];

    /// <summary>The last words of an ffmpeg command line that writes a recording.</summary>
    public static string[] OutputTo(TemporaryFolder folder) =>
    [
        // Video first, so that both sides number the tracks alike; a question mark: if any.
        "-map", "0:v?", "-map", "0:a?", "-c", "copy", "-f", "framemd5", Packets(folder),
        "-map", "0:v?", "-map", "0:a?", "-fps_mode", "passthrough", "-f", "framemd5",
        Decoded(folder),
    ];

    public static Recording ReadFrom(TemporaryFolder folder)
    {
        var packets = File.ReadAllLines(Packets(folder));
        var decoded = File.ReadAllLines(Decoded(folder));
        return new Recording(
            Track(packets, "video"), Track(packets, "audio"), Track(decoded, "video"))
        {
            Sounds = Track(decoded, "audio"),
        };
    }

    /// <summary>The whole of the other: every packet, at the same distance in time.</summary>
    public void ShouldEqual(Recording source)
    {
        ShouldEndAs(source);
        Assert.Multiple(() =>
        {
            Assert.That(Video, Has.Count.EqualTo(source.Video.Count), "video packets");
            Assert.That(Audio, Has.Count.EqualTo(source.Audio.Count), "audio packets");
        });
    }

    /// <summary>The packets and pictures of the other, whatever their times.</summary>
    public void ShouldHold(Recording source) => Assert.Multiple(() =>
    {
        Assert.That(Hashes(Video), Is.EqualTo(Hashes(source.Video)), "video");
        ShouldShow(source);
    });

    /// <summary>The same, where the video's packets were wrapped otherwise.</summary>
    public void ShouldShow(Recording source) => Assert.Multiple(() =>
    {
        Assert.That(Hashes(Audio), Is.EqualTo(Hashes(source.Audio)), "audio");
        Assert.That(Hashes(Pictures), Is.EqualTo(Hashes(source.Pictures)), "pictures");
    });

    /// <summary>The other from some keyframe of it on, and nothing left out after that.</summary>
    /// <returns>How many video packets of the other came before.</returns>
    public int ShouldEndAs(Recording source)
    {
        var missed = source.Video.Count - Video.Count;
        var unheard = source.Audio.Count - Audio.Count;
        var unseen = source.Pictures.Count - Pictures.Count;
        Assert.That(missed, Is.Not.Negative, "video packets out of nowhere");
        Assert.That(unheard, Is.Not.Negative, "audio packets out of nowhere");

        var rest = new Recording(
            [.. source.Video.Skip(missed)],
            [.. source.Audio.Skip(unheard)],
            [.. source.Pictures.Skip(unseen)]);
        Assert.Multiple(() =>
        {
            Assert.That(missed % Film.FramesInGop, Is.Zero, "joined beside a keyframe");
            Assert.That(unseen, Is.EqualTo(missed), "pictures lost in decoding");
            ShouldHold(rest);
            Assert.That(Distances(), Is.EqualTo(rest.Distances()), "times");
        });
        return missed;
    }

    /// <summary>The same of a film that its publisher did not send to the end.</summary>
    /// <param name="film">The whole of it.</param>
    /// <param name="sent">How many pictures were sent.</param>
    public int ShouldEndAt(Recording film, int sent)
    {
        var heard = PlacesOf(Audio.TakeLast(1), film.Audio).Single() + 1;
        Assert.That(
            film.Audio[heard - 1].Dts, Is.EqualTo(film.Video[sent - 1].Dts).Within(500), "sound");
        var cut = new Recording(
            [.. film.Video.Take(sent)],
            [.. film.Audio.Take(heard)],
            [.. film.Pictures.Take(sent - Film.FramesReordered)]);
        var shown = Pictures.SkipLast(Film.FramesReordered);
        return (this with { Pictures = [.. shown] }).ShouldEndAs(cut);
    }

    /// <summary>Where in the film each packet stands; -1 for one that is not of the film.</summary>
    public static IEnumerable<int> PlacesOf(
        IEnumerable<FramePrint> packets, IReadOnlyList<FramePrint> film)
    {
        var places = Enumerable.Range(0, film.Count).ToDictionary(place => film[place].Hash);
        return packets.Select(packet => places.GetValueOrDefault(packet.Hash, -1));
    }

    /// <summary>What tells packets or pictures apart.</summary>
    public static List<string> Hashes(IEnumerable<FramePrint> frames) =>
        [.. frames.Select(frame => frame.Hash)];

    /// <summary>All times, of both tracks, counted from the first packet of either.</summary>
    private List<(long Dts, long Pts)> Distances()
    {
        var all = Video.Concat(Audio).ToList();
        var start = all.Count == 0 ? 0 : all[0].Dts;
        return [.. all.Select(frame => (frame.Dts - start, frame.Pts - start))];
    }

    private static List<FramePrint> Track(string[] lines, string kind)
    {
        var track = lines
            .Where(line => line.StartsWith("#media_type") && line.EndsWith(kind))
            .Select(line => line["#media_type ".Length..].Split(':')[0])
            .SingleOrDefault();
        return
        [
            .. lines.Where(line => !line.StartsWith('#'))
                .Select(line => line.Split(',', StringSplitOptions.TrimEntries))
                .Where(cells => cells[0] == track)
                .Select(cells => new FramePrint(        // a sequence header may follow: S=1, ...
                    long.Parse(cells[1]), long.Parse(cells[2]), cells[5])),
        ];
    }

    private static string Packets(TemporaryFolder folder) =>
        Path.Combine(folder.Path, "packets.txt");

    private static string Decoded(TemporaryFolder folder) =>
        Path.Combine(folder.Path, "decoded.txt");
}
