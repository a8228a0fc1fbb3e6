using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Reactor.Testing.Mp4;

/// <summary>Reads a fragmented MP4, and knows the rules that it should keep.</summary>
/// <remarks>
/// Written from ISO 14496-12 apart from Mp4Writer, and able to read what ffmpeg writes, so that the
/// writer is not proved by its own author's reading. Numbers and times are held against those of
/// the fragments before.
/// </remarks>
public sealed class Mp4Walk
{
    private readonly Dictionary<uint, Mp4Described> _tracks = [];
    private readonly Dictionary<uint, long> _ends = [];
    private uint _sequence;
    private int _fragments;

    public IReadOnlyCollection<Mp4Described> Tracks => _tracks.Values;

    public Mp4Described? Video => _tracks.Values.SingleOrDefault(track => track.IsVideo);

    public Mp4Described? Audio => _tracks.Values.SingleOrDefault(track => !track.IsVideo);

    /// <summary>All samples so far: of each fragment the video, then the audio.</summary>
    public List<Mp4Frame> Frames { get; } = [];

    public IEnumerable<Mp4Frame> Pictures => Frames.Where(frame => frame.IsVideo);

    public IEnumerable<Mp4Frame> Sounds => Frames.Where(frame => !frame.IsVideo);

    /// <summary>Milliseconds that the head tells; 0 where it does not.</summary>
    public long DurationMs { get; private set; }

    /// <summary>Whether the times of the next fragments may be any: a discontinuity.</summary>
    public void Leap() => _ends.Clear();

    /// <summary>Reads the head of a file, alone. Of another one tracks and times begin anew.
    /// </summary>
    /// <exception cref="Mp4Exception">It breaks a rule.</exception>
    public void ReadInit(ReadOnlySpan<byte> bytes)
    {
        var boxes = new Mp4Boxes(bytes);
        Must(boxes.TryRead() && boxes.Type == "ftyp", "ftyp first");
        Must(boxes.TryRead() && boxes.Type == "moov", "then moov");
        ReadMovie(boxes.Body);
        Must(boxes.Rest.IsEmpty, "nothing behind moov");
    }

    /// <summary>Reads one fragment or several, to the last byte.</summary>
    /// <exception cref="Mp4Exception">They break a rule.</exception>
    public void ReadFragments(ReadOnlySpan<byte> bytes)
    {
        Must(ReadBoxes(bytes) == bytes.Length, "whole boxes");
    }

    /// <summary>Reads a file: its head, its fragments, and an index, if there is one.</summary>
    /// <returns>Bytes up to the last whole fragment; a killed writer may have left more.</returns>
    /// <exception cref="Mp4Exception">It breaks a rule, other than by ending too early.</exception>
    public int ReadFile(ReadOnlySpan<byte> bytes)
    {
        var boxes = new Mp4Boxes(bytes);
        Must(boxes.TryRead() && boxes.Type == "ftyp", "ftyp first");
        if (!boxes.TryRead())
            return 0;
        Must(boxes.Type == "moov", "then moov");
        ReadMovie(boxes.Body);
        var head = bytes.Length - boxes.Rest.Length;
        return head + ReadBoxes(boxes.Rest);
    }

    private int ReadBoxes(ReadOnlySpan<byte> bytes)
    {
        var boxes = new Mp4Boxes(bytes);
        var whole = 0;
        while (boxes.TryRead())
        {
            if (boxes.Type == "moof")
            {
                var moof = boxes.Whole;
                if (!boxes.TryRead())
                    break;
                Must(boxes.Type == "mdat", "mdat behind moof");
                ReadFragment(moof, boxes.Body);
            }
            else
            {
                Must(boxes.Type is "styp" or "sidx" or "mfra" or "free", $"no {boxes.Type} here");
            }
            whole = bytes.Length - boxes.Rest.Length;
        }
        return whole;
    }

    private void ReadMovie(ReadOnlySpan<byte> moov)
    {
        _tracks.Clear();
        _ends.Clear();
        var boxes = new Mp4Boxes(moov);
        ReadOnlySpan<byte> extends = default;
        while (boxes.TryRead())
        {
            if (boxes.Type == "trak")
                ReadTrack(boxes.Body);
            else if (boxes.Type == "mvex")
                extends = boxes.Body;
            else if (boxes.Type == "mvhd" && boxes.Body[0] == 1)
                DurationMs = (long)ReadUInt64BigEndian(boxes.Body[24..]);
        }
        Must(boxes.Rest.IsEmpty, "moov of whole boxes");
        Must(_tracks.Count is 1 or 2, "one track or two");
        var defaults = new Mp4Boxes(extends);
        var count = 0;
        while (defaults.TryRead())
        {
            if (defaults.Type == "mehd")
                Must(ReadUInt64BigEndian(defaults.Body[4..]) == (ulong)DurationMs, "one duration");
            if (defaults.Type != "trex")
                continue;
            var id = ReadUInt32BigEndian(defaults.Body[4..]);
            Must(_tracks.ContainsKey(id), "a trex of a track");
            Must(ReadUInt32BigEndian(defaults.Body[8..]) == 1, "the only sample entry");
            _tracks[id] = _tracks[id] with
            {
                Duration = ReadUInt32BigEndian(defaults.Body[12..]),
                Length = ReadUInt32BigEndian(defaults.Body[16..]),
                Flags = ReadUInt32BigEndian(defaults.Body[20..]),
            };
            count++;
        }
        Must(count == _tracks.Count, "a trex for each track");
    }

    private void ReadTrack(ReadOnlySpan<byte> trak)
    {
        var head = Mp4Boxes.Find(trak, "tkhd");
        var media = Mp4Boxes.Find(trak, "mdia");
        var mediaHead = Mp4Boxes.Find(media, "mdhd");
        var handler = Mp4Boxes.Find(media, "hdlr").Slice(8, 4);
        var isVideo = handler.SequenceEqual("vide"u8);
        Must(isVideo || handler.SequenceEqual("soun"u8), "video or sound");
        var minf = Mp4Boxes.Find(media, "minf");
        Must(!Mp4Boxes.Find(minf, isVideo ? "vmhd" : "smhd").IsEmpty, "its media header");
        Must(!Mp4Boxes.Find(minf, "dinf").IsEmpty, "where its data is");
        var table = Mp4Boxes.Find(minf, "stbl");
        foreach (var empty in (string[])["stts", "stsc", "stsz", "stco"])
            Must(Mp4Boxes.Find(table, empty).Length >= 8, $"an {empty}");
        var entries = new Mp4Boxes(Mp4Boxes.Find(table, "stsd")[8..]);
        Must(entries.TryRead() && entries.Rest.IsEmpty, "one sample entry");
        var fields = entries.Body;
        var config = new Mp4Boxes(fields[(isVideo ? 78 : 28)..]);
        Must(config.TryRead(), "a configuration");
        var track = new Mp4Described
        {
            Id = ReadUInt32BigEndian(head[(head[0] == 1 ? 20 : 12)..]),
            IsVideo = isVideo,
            Timescale = ReadUInt32BigEndian(mediaHead[(mediaHead[0] == 1 ? 20 : 12)..]),
            Codec = entries.Type,
            Entry = entries.Whole.ToArray(),
            ConfigType = config.Type,
            Config = config.Body.ToArray(),
            Width = isVideo ? ReadUInt16BigEndian(fields[24..]) : 0,
            Height = isVideo ? ReadUInt16BigEndian(fields[26..]) : 0,
            Channels = isVideo ? 0 : ReadUInt16BigEndian(fields[16..]),
        };
        Must(track.Timescale > 0, "a timescale");
        Must(_tracks.TryAdd(track.Id, track), "each id once");
        Must(_tracks.Values.Count(other => other.IsVideo == isVideo) == 1, "one track of a kind");
    }

    private void ReadFragment(ReadOnlySpan<byte> moof, ReadOnlySpan<byte> mdat)
    {
        var boxes = new Mp4Boxes(moof[8..]);
        Must(boxes.TryRead() && boxes.Type == "mfhd", "mfhd first");
        var sequence = ReadUInt32BigEndian(boxes.Body[4..]);
        Must(sequence > _sequence || sequence == 1, "numbers rise");
        _sequence = sequence;
        var used = 0L;
        var seen = new HashSet<uint>();
        while (boxes.TryRead())
        {
            Must(boxes.Type == "traf", "runs of tracks");
            used += ReadTrackFragment(boxes.Body, moof.Length + 8, mdat, seen);
        }
        Must(boxes.Rest.IsEmpty, "moof of whole boxes");
        Must(seen.Count > 0, "a track");
        Must(used == mdat.Length, "each byte of mdat is a sample's");
        _fragments++;
    }

    private long ReadTrackFragment(
        ReadOnlySpan<byte> traf, int mdatAt, ReadOnlySpan<byte> mdat, HashSet<uint> seen)
    {
        var boxes = new Mp4Boxes(traf);
        Must(boxes.TryRead() && boxes.Type == "tfhd", "tfhd first");
        var fields = new Mp4Fields(boxes.Body);
        Must((fields.Flags & 0x02_0000) != 0 && (fields.Flags & 1) == 0, "offsets from moof on");
        var id = fields.UInt32();
        Must(_tracks.TryGetValue(id, out var track) && seen.Add(id), "each track once");
        fields.Optional(0x02);                  // which sample entry
        var duration = fields.Optional(0x08) ?? track!.Duration;
        var length = fields.Optional(0x10) ?? track!.Length;
        var flags = fields.Optional(0x20) ?? track!.Flags;
        Must(boxes.TryRead() && boxes.Type == "tfdt", "then tfdt");
        var time = boxes.Body[0] == 1
            ? (long)ReadUInt64BigEndian(boxes.Body[4..])
            : ReadUInt32BigEndian(boxes.Body[4..]);
        Must(time >= 0 && time > _ends.GetValueOrDefault(id, -1), "times rise");
        var used = 0L;
        while (boxes.TryRead())
        {
            Must(boxes.Type == "trun", "then its samples");
            var run = new Mp4Fields(boxes.Body);
            var count = run.UInt32();
            var at = (int)(run.Optional(0x01) ?? 0) - mdatAt;
            var first = run.Optional(0x04);
            for (var i = 0; i < count; i++)
            {
                var step = run.Optional(0x100) ?? duration;
                var bytes = (int)(run.Optional(0x200) ?? length);
                var sampleFlags = run.Optional(0x400) ?? (i == 0 ? first : null) ?? flags;
                var offset = run.Optional(0x800) ?? 0;
                Must(at >= 0 && bytes > 0 && at + bytes <= mdat.Length, "a sample within mdat");
                Must(step > 0, "a duration");
                Frames.Add(new Mp4Frame(
                    track!, time, time + (run.Version == 0 ? offset : (int)offset), step,
                    (sampleFlags & 0x1_0000) == 0, _fragments, mdat.Slice(at, bytes).ToArray()));
                _ends[id] = time;
                time += step;
                at += bytes;
                used += bytes;
            }
            Must(run.IsAtEnd, "a trun of its length");
        }
        return used;
    }

    private static void Must([DoesNotReturnIf(false)] bool isKept, string rule)
    {
        if (!isKept)
            throw new Mp4Exception(rule);
    }
}
