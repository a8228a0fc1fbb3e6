using System;
using Reactor.Protocol.Flv;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Reactor.Protocol.Mp4;

/// <summary>A track of a recording: its samples become payloads of RTMP again.</summary>
/// <remarks>
/// H.264, AAC and MP3 as old FLV has them, so that every player knows them; all others as Enhanced
/// RTMP. It reads what <see cref="VideoEntry"/> and <see cref="AudioEntry"/> write.
/// </remarks>
public sealed class Mp4StoredTrack
{
    /// <summary>Bytes that are put before a sample, at most.</summary>
    public const int HeadLengthMax = 8;

    /// <summary>What makes an inter frame's first byte of a keyframe's: 0x17 and 0x27.</summary>
    private const byte InterFrame = 0x10;

    private readonly byte[] _head;
    private readonly bool _hasComposition;

    private Mp4StoredTrack(
        uint id, int timescale, bool isVideo, byte[] header, byte[] head, bool hasComposition)
    {
        (Id, Timescale, IsVideo, Header) = (id, timescale, isVideo, header);
        (_head, _hasComposition) = (head, hasComposition);
    }

    public bool IsVideo { get; }

    /// <summary>The payload of a sequence header; empty where the codec has none.</summary>
    public byte[] Header { get; }

    internal uint Id { get; }

    /// <summary>Ticks in a second; at least 1.</summary>
    internal int Timescale { get; }

    /// <summary>Writes what stands before a sample in a payload.</summary>
    /// <returns>Bytes written.</returns>
    public int WriteHead(Span<byte> to, in Mp4StoredSample sample)
    {
        _head.CopyTo(to);
        if (IsVideo && !sample.IsSync)
            to[0] += InterFrame;
        if (!_hasComposition)
            return _head.Length;
        var offset = sample.CompositionMs;
        to[_head.Length] = (byte)(offset >> 16);
        WriteUInt16BigEndian(to[(_head.Length + 1)..], (ushort)offset);
        return _head.Length + 3;
    }

    /// <param name="trak">What the box holds.</param>
    /// <exception cref="ProtocolException">It is none of ours.</exception>
    internal static Mp4StoredTrack Read(ReadOnlySpan<byte> trak)
    {
        var id = ReadUInt32BigEndian(BoxReader.FindFull(trak, "tkhd"u8, version: 0, 12)[8..]);
        var mdia = BoxReader.Find(trak, "mdia"u8);
        var mdhd = BoxReader.FindFull(mdia, "mdhd"u8, version: 0, 12);
        var timescale = ReadInt32BigEndian(mdhd[8..]);
        var handler = FourCc.Of(BoxReader.FindFull(mdia, "hdlr"u8, version: 0, 8)[4..8]);
        var isVideo = handler == FourCc.Of("vide"u8);
        if (timescale <= 0 || !(isVideo || handler == FourCc.Of("soun"u8)))
            throw BoxReader.Broken($"a track of {handler} with {timescale} ticks");
        var stbl = BoxReader.Find(BoxReader.Find(mdia, "minf"u8), "stbl"u8);
        var entries = new BoxReader(BoxReader.FindFull(stbl, "stsd"u8, version: 0, 4)[4..]);
        var boxesAt = SampleEntry.HeadLength
            + (isVideo ? VideoEntry.FieldsLength : AudioEntry.FieldsLength);
        if (!entries.TryRead() || entries.Body.Length < boxesAt)
            throw BoxReader.Broken("no sample entry");
        var boxes = entries.Body[boxesAt..];
        var (header, head, hasComposition) = isVideo
            ? OfVideo(entries.Type, boxes)
            : OfAudio(entries.Type, entries.Body[SampleEntry.HeadLength..boxesAt], boxes);
        return new Mp4StoredTrack(id, timescale, isVideo, header, head, hasComposition);
    }

    private static (byte[] Header, byte[] Head, bool HasComposition) OfVideo(
        FourCc type, ReadOnlySpan<byte> boxes)
    {
        if (type == FourCc.Avc1 || type == FourCc.Of("avc3"u8))
            return ([0x17, 0, 0, 0, 0, .. BoxReader.Find(boxes, "avcC"u8)], [0x17, 1], true);
        ReadOnlySpan<byte> config =
            type == FourCc.Hvc1 ? BoxReader.Find(boxes, "hvcC"u8)
            : type == FourCc.Av01 ? BoxReader.Find(boxes, "av1C"u8)
            : type == FourCc.Vp09 ? BoxReader.Find(boxes, "vpcC"u8)
            : throw BoxReader.Broken($"video of {type}");
        var letters = Letters(type);
        return ([0x90, .. letters, .. config], [0x91, .. letters], type == FourCc.Hvc1);
    }

    private static (byte[] Header, byte[] Head, bool HasComposition) OfAudio(
        FourCc type, ReadOnlySpan<byte> fields, ReadOnlySpan<byte> boxes)
    {
        if (type == FourCc.Mp4a)
            return OfMp4a(fields, BoxReader.FindFull(boxes, "esds"u8, version: 0, 32));
        var letters = Letters(type);
        byte[] header =
            type == FourCc.Opus ? [0x90, .. letters, .. OpusHead(BoxReader.Find(boxes, "dOps"u8))]
            : type == FourCc.Flac
                ? [0x90, .. letters, .. BoxReader.FindFull(boxes, "dfLa"u8, version: 0, 4)]
            : type == FourCc.Ac3 || type == FourCc.Eac3 ? []
            : throw BoxReader.Broken($"audio of {type}");
        return (header, [0x91, .. letters], false);
    }

    /// <summary>
    /// The object type, and behind it the decoder's configuration, if there is one; its descriptor
    /// has a tag and a length of four bytes.
    /// </summary>
    private static (byte[] Header, byte[] Head, bool HasComposition) OfMp4a(
        ReadOnlySpan<byte> fields, ReadOnlySpan<byte> esds)
    {
        const int typeAt = 13;
        const int configAt = typeAt + 13;
        if (esds[typeAt] != AudioEntry.Aac)
            return ([], [Mp3Flags(fields)], false);
        var config = esds[(configAt + AudioEntry.DescriptorHeadLength)..];
        var length = 0;
        foreach (var part in esds.Slice(configAt + 1, AudioEntry.DescriptorHeadLength - 1))
            length = (length << 7) | (part & 0x7F);
        return esds[configAt] != 5 || length == 0 || length > config.Length
            ? throw BoxReader.Broken("AAC without its configuration")
            : ([0xAF, 0, .. config[..length]], [0xAF, 1], false);
    }

    /// <summary>MP3 in FLV: | 2: 4 | rate 2 | 16 bit: 1 | stereo 1 |.</summary>
    private static byte Mp3Flags(ReadOnlySpan<byte> fields)
    {
        var channels = ReadUInt16BigEndian(fields[8..]);
        var rate = ReadUInt16BigEndian(fields[16..]) switch
        {
            >= 44_100 or 0 => 3,
            >= 22_050 => 2,
            _ => 1,
        };
        return (byte)(0x22 | (rate << 2) | (channels > 1 ? 1 : 0));
    }

    /// <summary>An identification header again: little-endian, and of version 1 (RFC 7845 §5.1).
    /// </summary>
    private static byte[] OpusHead(ReadOnlySpan<byte> fields)
    {
        if (fields.Length < 11)
            throw BoxReader.Broken("dOps is too short");
        var copy = fields.ToArray();
        copy[0] = 1;
        AudioEntry.TurnOpus(copy);
        return [.. "OpusHead"u8, .. copy];
    }

    private static byte[] Letters(FourCc type)
    {
        var letters = new byte[4];
        WriteUInt32BigEndian(letters, type.Value);
        return letters;
    }
}
