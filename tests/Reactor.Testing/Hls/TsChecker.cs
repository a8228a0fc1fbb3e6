using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace Reactor.Testing.Hls;

/// <summary>
/// Reads a transport stream, segment by segment, and knows every rule that it should keep.
/// </summary>
/// <remarks>
/// Written from ISO 13818-1 apart from TsWriter, so that the writer is not proved by its own
/// author's reading. Counters and clocks are held against those of the segment before.
/// </remarks>
public sealed class TsChecker
{
    private const int PacketLength = 188;
    private const long PcrStepMax = 100 * 90;
    private const long LeadMax = 10_000 * 90;

    private readonly Dictionary<int, int> _counters = [];
    private readonly Dictionary<int, TsElementary> _streams = [];
    private byte[] _pmt = [];
    private int _pmtPid = -1;
    private int _pcrPid = -1;
    private long _pcr = -1;
    private int _segment = -1;
    private bool _mayLeap;
    private bool _beginsAnew;

    /// <summary>
    /// Whether frames come of a stranger: what is in a picture is not looked at, and tracks may be
    /// seconds apart.
    /// </summary>
    public bool IsHostile { get; init; }

    /// <summary>
    /// Whether each segment counts anew, for the same bytes at another server (§2.4.3.5).
    /// </summary>
    public bool AreAlone { get; init; }

    /// <summary>All frames of all segments, in the order of their beginnings.</summary>
    public List<TsFrame> Frames { get; } = [];

    /// <summary>Packets that bear nothing but the clock.</summary>
    public int ClockPackets { get; private set; }

    /// <summary>Bytes of all segments.</summary>
    public long Bytes { get; private set; }

    /// <summary>Reads one segment whole.</summary>
    /// <exception cref="TsException">It breaks a rule.</exception>
    public void Read(ReadOnlySpan<byte> segment, bool isDiscontinuity = false)
    {
        Must(segment.Length > 0 && segment.Length % PacketLength == 0, "whole packets");
        _segment++;
        _beginsAnew = isDiscontinuity || _segment == 0;
        _mayLeap = _beginsAnew || AreAlone;
        if (AreAlone)
            _counters.Clear();
        foreach (var stream in _streams.Values)
            stream.MayLeap |= isDiscontinuity;
        var hasClock = false;
        Bytes += segment.Length;
        for (var at = 0; at < segment.Length; at += PacketLength)
        {
            var packet = segment.Slice(at, PacketLength);
            var pid = BinaryPrimitives.ReadUInt16BigEndian(packet[1..]) & 0x1FFF;
            Must(at > 0 || pid == 0, "a PAT first");
            Must(at != PacketLength || pid == _pmtPid, "a PMT second");
            hasClock |= ReadPacket(packet, pid, isDiscontinuity, hasClock);
        }
        Must(hasClock, "a clock in each segment");
        foreach (var stream in _streams.Values)
            Add(stream.End());
    }

    /// <returns>Whether it bears the clock.</returns>
    private bool ReadPacket(
        ReadOnlySpan<byte> packet, int pid, bool isDiscontinuity, bool hadClock)
    {
        Must(packet[0] == 0x47, "sync");
        Must((packet[1] & 0x80) == 0 && (packet[3] & 0xC0) == 0, "no error, no scrambling");
        var isStart = (packet[1] & 0x40) != 0;
        var hasField = (packet[3] & 0x20) != 0;
        var hasPayload = (packet[3] & 0x10) != 0;
        Must(hasField || hasPayload, "a field or a payload");
        var field = hasField ? packet.Slice(4, 1 + packet[4]) : default;
        CheckAlone(pid, field.Length > 1 ? field[1] : 0, packet[3] & 15, hasPayload);
        CheckCounter(pid, packet[3] & 15, hasPayload);
        Must(field.Length <= (hasPayload ? 183 : 184), "a field that fits");
        Must(hasPayload || field.Length == 184, "a field that fills the packet");
        var hasClock = TryReadField(field, pid, isDiscontinuity, out var isRandomAccess);
        var payload = packet[(4 + field.Length)..];
        if (pid == 0 || pid == _pmtPid)
        {
            ReadTable(payload, pid, isStart, isDiscontinuity);
            return hasClock;
        }
        Must(_streams.TryGetValue(pid, out var stream), "a PID of the program");
        if (!hasPayload)
        {
            ClockPackets += hasClock ? 1 : 0;
            return hasClock;
        }
        Must(hadClock || hasClock, "a clock before the first frame");
        if (isStart)
        {
            Add(stream!.End());
            stream.Begin(payload, isRandomAccess, _segment, _pcr);
            Must(IsHostile || _pcr <= stream.Dts, $"{_pcr} arrives before {stream.Dts}");
            Must(IsHostile || stream.Dts - _pcr <= LeadMax, "arrival not long before decoding");
        }
        else
        {
            stream!.Add(payload);
        }
        return hasClock;
    }

    /// <summary>The first packet of each track says that counting begins, and no other.</summary>
    private void CheckAlone(int pid, int flags, int counter, bool hasPayload)
    {
        if (!AreAlone || pid == 0 || pid == _pmtPid)
            return;
        var isFirst = !_counters.ContainsKey(pid);
        Must(((flags & 0x80) != 0) == isFirst, "counting begins anew once a segment");
        Must(!isFirst || counter == (hasPayload ? 0 : 15), $"PID {pid:X} begins at 0");
    }

    private void CheckCounter(int pid, int counter, bool hasPayload)
    {
        if (_counters.TryGetValue(pid, out var before))
            Must(counter == ((before + (hasPayload ? 1 : 0)) & 15), $"counter of PID {pid:X}");
        _counters[pid] = counter;
    }

    private bool TryReadField(
        ReadOnlySpan<byte> field, int pid, bool isDiscontinuity, out bool isRandomAccess)
    {
        isRandomAccess = field.Length > 1 && (field[1] & 0x40) != 0;
        if (field.Length < 2)
            return false;
        var flags = field[1];
        Must((flags & 0x2F) == 0, "no flags beside clock, access and discontinuity");
        Must(
            (flags & 0x80) == 0 || isDiscontinuity || AreAlone,
            "discontinuity only where the playlist says");
        var used = (flags & 0x10) != 0 ? 8 : 2;
        Must(field.Length >= used, "a field of its length");
        Must(field[used..].IndexOfAnyExcept((byte)0xFF) < 0, "stuffing");
        if ((flags & 0x10) == 0)
            return false;
        Must(pid == _pcrPid, "the clock where the PMT says");
        var pcr = ((long)BinaryPrimitives.ReadUInt32BigEndian(field[2..]) << 1)
            | ((uint)field[6] >> 7);
        Must((field[6] & 0x7E) == 0x7E && (field[6] & 1) == 0 && field[7] == 0, "reserved bits");
        pcr = TsElementary.Unwrap(pcr, _beginsAnew ? -1 : _pcr);
        if (!_mayLeap)
            Must(pcr > _pcr && pcr - _pcr <= PcrStepMax, $"clock from {_pcr} to {pcr}");
        _mayLeap = _beginsAnew = false;
        _pcr = pcr;
        return true;
    }

    private void ReadTable(ReadOnlySpan<byte> payload, int pid, bool isStart, bool isDiscontinuity)
    {
        Must(isStart && payload[0] == 0, "one section a packet");
        var length = BinaryPrimitives.ReadUInt16BigEndian(payload[2..]) & 0x0FFF;
        var section = payload.Slice(1, 3 + length);
        Must(payload[(4 + length)..].IndexOfAnyExcept((byte)0xFF) < 0, "stuffing behind a section");
        Must((section[1] & 0xF0) == 0xB0, "long syntax");
        Must(Crc(section) == 0, "CRC");
        Must((section[5] & 0xC1) == 0xC1 && section[6] == 0 && section[7] == 0, "current, alone");
        var body = section[8..^4];
        if (pid == 0)
        {
            Must(section[0] == 0 && body.Length == 4, "one program");
            _pmtPid = BinaryPrimitives.ReadUInt16BigEndian(body[2..]) & 0x1FFF;
            return;
        }
        Must(section[0] == 2, "a PMT");
        if (_pmt.Length > 0 && !body.SequenceEqual(_pmt.AsSpan()[8..^4]))
        {
            Must(isDiscontinuity, "the same program without a discontinuity");
            Must(section[5] != _pmt[5], "a new version of another program");
        }
        else if (_pmt.Length > 0)
        {
            Must(section[5] == _pmt[5], "the same version of the same program");
        }
        _pmt = section.ToArray();
        ReadProgram(body);
    }

    private void ReadProgram(ReadOnlySpan<byte> body)
    {
        _pcrPid = BinaryPrimitives.ReadUInt16BigEndian(body) & 0x1FFF;
        var pids = new HashSet<int>();
        body = body[(4 + (BinaryPrimitives.ReadUInt16BigEndian(body[2..]) & 0x0FFF))..];
        while (!body.IsEmpty)
        {
            var pid = BinaryPrimitives.ReadUInt16BigEndian(body[1..]) & 0x1FFF;
            Must(pids.Add(pid), "a PID for each track");
            if (!_streams.TryGetValue(pid, out var stream) || stream.StreamType != body[0])
                _streams[pid] = new TsElementary(body[0], IsHostile, stream?.Dts);
            body = body[(5 + (BinaryPrimitives.ReadUInt16BigEndian(body[3..]) & 0x0FFF))..];
        }
        Must(pids.Contains(_pcrPid), "the clock on a track");
        foreach (var pid in new List<int>(_streams.Keys))
        {
            if (!pids.Contains(pid))
                _streams.Remove(pid);
        }
    }

    private void Add(TsFrame? frame)
    {
        if (frame is not null)
            Frames.Add(frame);
    }

    /// <summary>0 over a section with its check sum (annex A), by long division.</summary>
    private static uint Crc(ReadOnlySpan<byte> section)
    {
        var rest = 0xFFFF_FFFFu;
        for (var bit = 0; bit < section.Length * 8; bit++)
        {
            var next = (uint)(section[bit / 8] >> (7 - (bit % 8))) & 1;
            var isSet = (rest >> 31) != next;
            rest <<= 1;
            if (isSet)
                rest ^= 0x04C1_1DB7;
        }
        return rest;
    }

    internal static void Must(bool holds, string rule)
    {
        if (!holds)
            throw new TsException(rule);
    }
}
