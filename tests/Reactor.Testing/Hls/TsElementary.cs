using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Reactor.Protocol.Codecs;
using static Reactor.Testing.Hls.TsChecker;

namespace Reactor.Testing.Hls;

/// <summary>One track of a transport stream: its PES packets, put together and checked.</summary>
/// <param name="streamType">As the PMT says.</param>
/// <param name="isHostile">Whether a picture's contents are a stranger's affair.</param>
/// <param name="lastDts">Of the same PID under another program, if there was one.</param>
internal sealed class TsElementary(byte streamType, bool isHostile, long? lastDts)
{
    private const long LeapMax = 40_000 * 90;

    private readonly List<byte> _bytes = [];
    private long _pts;
    private bool _isRandomAccess;
    private bool _isOpen;
    private int _length;
    private int _segment;

    public byte StreamType => streamType;

    /// <summary>Of the last frame that began.</summary>
    public long Dts { get; private set; } = lastDts ?? -1;

    /// <summary>Whether the next frame may have any time.</summary>
    public bool MayLeap { get; set; }

    /// <param name="payload">Of its first packet.</param>
    /// <param name="isRandomAccess">As that packet says.</param>
    /// <param name="segment">Its number.</param>
    /// <param name="pcr">The clock, which all times are near to.</param>
    public void Begin(ReadOnlySpan<byte> payload, bool isRandomAccess, int segment, long pcr)
    {
        var isVideo = streamType is 0x1B or 0x24;
        Must(payload.Length >= 14 && payload[0] == 0 && payload[1] == 0 && payload[2] == 1,
            "a PES packet's start code");
        Must(payload[3] == (isVideo ? 0xE0 : 0xC0), "a stream id of its kind");
        _length = BinaryPrimitives.ReadUInt16BigEndian(payload[4..]);
        Must(_length > 0 || isVideo, "a length");
        Must((payload[6] & 0xF0) == 0x80, "neither scrambled nor prior");
        var times = payload[7] >> 6;
        Must((payload[7] & 0x3F) == 0 && times >= 2, "times and nothing else");
        Must(payload[8] == (times == 3 ? 10 : 5), "a header of its length");
        var dtsBefore = Dts;
        _pts = ReadTime(payload[9..], times, pcr);
        Dts = times == 3 ? ReadTime(payload[14..], 1, pcr) : _pts;
        Must(_pts >= Dts, $"decoded before shown: {Dts} <= {_pts}");
        Must(times == 2 || _pts != Dts, "one time where both are the same");
        if (dtsBefore >= 0 && !MayLeap)
        {
            Must(Dts > dtsBefore, $"decoding in order: {dtsBefore} < {Dts}");
            Must(isHostile || Dts - dtsBefore < LeapMax, "no leap");
        }
        MayLeap = false;
        _length = _length == 0 ? 0 : _length - 3 - payload[8];
        _isRandomAccess = isRandomAccess;
        _segment = segment;
        _isOpen = true;
        Add(payload[(9 + payload[8])..]);
    }

    public void Add(ReadOnlySpan<byte> payload)
    {
        Must(_isOpen, "a beginning before its rest");
        _bytes.AddRange(payload);
    }

    /// <summary>The frame is complete.</summary>
    /// <returns>Null when none was begun.</returns>
    public TsFrame? End()
    {
        if (!_isOpen)
            return null;
        _isOpen = false;
        byte[] bytes = [.. _bytes];
        _bytes.Clear();
        Must(_length == 0 || bytes.Length == _length, $"{_length} bytes, not {bytes.Length}");
        switch (streamType)
        {
            case 0x1B or 0x24 when isHostile:
                break;
            case 0x1B or 0x24:
                CheckPicture(bytes);
                break;
            case 0x0F:
                CheckAdts(bytes);
                break;
            default:
                Must(Mp3Header.TryRead(bytes, out _), "a frame of MP3");
                break;
        }
        return new TsFrame(streamType, _pts, Dts, _isRandomAccess, _segment, bytes);
    }

    /// <summary>The number nearest to another one that is the same modulo 2^33.</summary>
    internal static long Unwrap(long ticks, long near)
    {
        if (near < 0)
            return ticks;
        var step = (ticks - near) & 0x1_FFFF_FFFF;
        return near + (step < 1L << 32 ? step : step - (1L << 33));
    }

    private static long ReadTime(ReadOnlySpan<byte> bytes, int which, long near)
    {
        Must(bytes[0] >> 4 == which && (bytes[0] & bytes[2] & bytes[4] & 1) == 1, "marker bits");
        var ticks = ((long)(bytes[0] & 0x0E) << 29)
            | ((long)(BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]) & 0xFFFE) << 14)
            | (long)(BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]) >> 1);
        return Unwrap(ticks, near);
    }

    private void CheckPicture(byte[] bytes)
    {
        var isAvc = streamType == 0x1B;
        var types = new List<int>();
        Must(
            bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0, 0, 0, 1]), "a long start code first");
        var units = NaluReader.AnnexB(bytes);
        while (units.TryRead(out var nalu))
            types.Add(isAvc ? nalu[0] & 31 : nalu[0] >> 1 & 63);
        var delimiter = isAvc ? 9 : 35;
        Must(types.Count > 1 && types[0] == delimiter, "a delimiter first");
        Must(types.LastIndexOf(delimiter) == 0, "one delimiter");
        foreach (var set in isAvc ? (int[])[7, 8] : [32, 33, 34])
            Must(!_isRandomAccess || types.Contains(set), $"parameter set {set} before a keyframe");
    }

    private static void CheckAdts(ReadOnlySpan<byte> bytes)
    {
        Must(!bytes.IsEmpty, "a frame of AAC");
        for (; !bytes.IsEmpty; bytes = bytes[Adts(bytes)..])
        {
        }
    }

    private static int Adts(ReadOnlySpan<byte> bytes)
    {
        Must(AdtsHeader.TryRead(bytes, out var header), "whole ADTS frames");
        return header.FrameLength;
    }
}
