using System;
using Reactor.Protocol.Flv;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Reactor.Protocol.Mp4;

/// <summary>The head of a recording that <see cref="Mp4Init"/> has written, read again.</summary>
public sealed class Mp4Head
{
    /// <summary>No head of ours is longer: two configurations, and the boxes around them.</summary>
    public const int BytesMax = (2 * Mp4Track.ConfigBytesMax) + (8 << 10);

    private Mp4Head(int length, long durationMs)
    {
        Length = length;
        DurationMs = durationMs;
    }

    /// <summary>Bytes: where the first fragment begins.</summary>
    public int Length { get; }

    /// <summary>0 while it is not known.</summary>
    public long DurationMs { get; }

    /// <summary>Null for none.</summary>
    public Mp4StoredTrack? Video { get; private set; }

    /// <summary>Null for none; one of both there is.</summary>
    public Mp4StoredTrack? Audio { get; private set; }

    /// <param name="bytes">The first ones of a file.</param>
    /// <exception cref="ProtocolException">They are no whole head, or none of ours.</exception>
    public static Mp4Head Read(ReadOnlySpan<byte> bytes)
    {
        if (Mp4Box.Read(bytes) is not { } type || type.Type != FourCc.Of("ftyp"u8)
            || type.Length > bytes.Length)
        {
            throw BoxReader.Broken("no ftyp at the beginning");
        }
        var rest = bytes[(int)type.Length..];
        if (Mp4Box.Read(rest) is not { } movie || movie.Type != FourCc.Of("moov"u8)
            || movie.Length > rest.Length)
        {
            throw BoxReader.Broken("no whole moov behind ftyp");
        }
        var moov = rest[Mp4Box.HeadLength..(int)movie.Length];
        var mvhd = BoxReader.FindFull(moov, "mvhd"u8, version: 1, 28);
        var timescale = ReadUInt32BigEndian(mvhd[16..]);
        var duration = ReadUInt64BigEndian(mvhd[20..]);
        if (timescale == 0 || duration > uint.MaxValue)
            throw BoxReader.Broken($"{duration} ticks of 1/{timescale} s");
        var head = new Mp4Head(
            (int)(type.Length + movie.Length), (long)duration * 1000 / timescale);
        var boxes = new BoxReader(moov);
        while (boxes.TryRead())
        {
            if (boxes.Type == FourCc.Of("trak"u8))
                head.Take(Mp4StoredTrack.Read(boxes.Body));
        }
        return head.Video is null && head.Audio is null
            ? throw BoxReader.Broken("no track")
            : head;
    }

    /// <exception cref="ProtocolException">There is none of that number.</exception>
    internal Mp4StoredTrack TrackOf(uint id) =>
        Video?.Id == id ? Video
        : Audio?.Id == id ? Audio
        : throw BoxReader.Broken($"no track {id}");

    private void Take(Mp4StoredTrack track)
    {
        if ((track.IsVideo ? Video : Audio) is not null)
            throw BoxReader.Broken("two tracks of a kind");
        if (track.IsVideo)
            Video = track;
        else
            Audio = track;
    }
}
