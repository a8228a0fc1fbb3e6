using System;
using Reactor.Primitives;

namespace Reactor.Protocol.MpegTs;

/// <summary>Lays out frames in transport stream packets, segment by segment.</summary>
/// <remarks>
/// ISO 13818-1 §2.4. Each segment begins with PAT and PMT and can be read alone, while continuity
/// counters and the clock go on from one to the next. Bytes are written once, into pieces of the
/// pool; a segment is a list of them, which all viewers share. Times are in ticks of 90 kHz and do
/// not wrap here; what is written is modulo 2^33. Two writers that have the same frames write the
/// same bytes where segments are given numbers: then nothing goes on from one to the next, and the
/// first packet of each track says so (§2.4.3.5).
/// Invariant: between two frames every packet is complete.
/// </remarks>
public sealed class TsWriter(PacketPool pool)
{
    public const int PacketLength = 188;

    public const int TicksPerMs = 90;

    /// <summary>The longest frame of audio: the length of its PES packet is told.</summary>
    public const int AudioBytesMax = 0xFFFF - PesHeaderBytesMax;

    /// <summary>
    /// How much earlier than to be decoded a frame is taken to arrive: room for sound that comes
    /// before the picture, and for frames that are packed together.
    /// </summary>
    private const long ClockLead = 700 * TicksPerMs;

    /// <summary>The clock may be missing for 100 ms at most (§2.7.2).</summary>
    private const long ClockStepMax = 98 * TicksPerMs;

    /// <summary>A frame need not bear the clock again after less than this.</summary>
    private const long ClockStepMin = 30 * TicksPerMs;

    /// <summary>Beyond this it is a leap, which the clock is not led through.</summary>
    private const long ClockLeap = 10_000 * TicksPerMs;

    private const int TablesLength = 2 * PacketLength;
    private const int HeaderLength = 4;
    private const int PayloadBytesMax = PacketLength - HeaderLength;
    private const int PesHeaderBytesMax = 19;

    // Flags of an adaptation field (§2.4.3.5).
    private const byte Discontinuity = 0x80;
    private const byte RandomAccess = 0x40;
    private const byte HasClock = 0x10;

    private readonly PieceList _pieces = new(pool);
    private readonly byte[] _counters = new byte[4];
    private TsProgram _program;
    private int _version = -1;
    private (TsProgram Program, int Version) _before;
    private long _clock = long.MinValue;
    private long _clockWritten;
    private bool _hasClock;
    private bool _isClockDue;
    private bool _isDiscontinuity;
    private int _countedAnew;
    private TsTrack _track;
    private byte _flags;
    private bool _isStart;
    private int _left;
    private int _at;
    private int _room;

    private enum Counter
    {
        Video,
        Audio,
        Pat,
        Pmt,
    }

    /// <summary>Bytes of the segment so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Begins a segment: tables first.</summary>
    /// <param name="program">Not empty. Another one than before needs a discontinuity.</param>
    /// <param name="isDiscontinuity">Whether the clock may leap.</param>
    /// <param name="number">
    /// The segment's, where its bytes are to follow from that and its frames alone.
    /// </param>
    public void BeginSegment(TsProgram program, bool isDiscontinuity, long? number = null)
    {
        Invariant.Holds(_left == 0 && _pieces.IsEmpty && !program.IsEmpty);
        _before = (_program, _version);
        if (number is { } alone)
            CountAnew(program, alone);
        else if (program != _program)
            _version = (_version + 1) & 31;
        _program = program;
        _isClockDue = true;
        _isDiscontinuity |= isDiscontinuity;

        Span<byte> section = stackalloc byte[PayloadBytesMax - 1];
        WriteTable(TsTables.PatPid, Counter.Pat, section[..TsTables.WritePat(section)]);
        WriteTable(
            TsTables.PmtPid, Counter.Pmt, section[..TsTables.WritePmt(section, program, _version)]);
    }

    /// <summary>The tables, one of each a segment, are counted by its number.</summary>
    private void CountAnew(TsProgram program, long number)
    {
        _version = program.Number;
        Array.Clear(_counters);
        _counters[(int)Counter.Pat] = _counters[(int)Counter.Pmt] = (byte)(number & 15);
        _countedAnew = (1 << (int)TsTrack.Video) | (1 << (int)TsTrack.Audio);
        _hasClock = false;
        _clock = long.MinValue;
    }

    /// <summary>Gives away what was written since the last cut; the segment goes on.</summary>
    public Packet[] CutPart()
    {
        Invariant.Holds(_left == 0);
        return _pieces.Take();
    }

    /// <summary>
    /// Gives the rest of the segment away, packets owned by the caller, and forgets it.
    /// </summary>
    public Packet[] EndSegment()
    {
        var pieces = CutPart();
        Bytes = 0;
        return pieces;
    }

    /// <summary>Forgets a segment that was begun; one of tables alone as if it never was.</summary>
    public void DropSegment()
    {
        if (Bytes == TablesLength)
        {
            _counters[(int)Counter.Pat]--;
            _counters[(int)Counter.Pmt]--;
            (_program, _version) = _before;
        }
        _pieces.Drop();
        Bytes = 0;
        _left = _room = 0;
    }

    /// <summary>Begins a PES packet; what it holds follows by <see cref="Write"/>.</summary>
    /// <param name="track">One that the program has.</param>
    /// <param name="pts">When it is shown; not before <paramref name="dts"/>.</param>
    /// <param name="dts">When it is decoded; later than the one before it on its track.</param>
    /// <param name="isRandomAccess">Whether decoding can begin here.</param>
    /// <param name="length">Bytes that follow; of audio <see cref="AudioBytesMax"/>.</param>
    public void BeginFrame(TsTrack track, long pts, long dts, bool isRandomAccess, int length)
    {
        Invariant.Holds(_left == 0 && Bytes > 0 && length > 0 && pts >= dts);
        Invariant.Holds(track == TsTrack.Video || length <= AudioBytesMax);
        MoveClock(dts - ClockLead, track);
        _track = track;
        _flags |= isRandomAccess ? RandomAccess : (byte)0;
        _isStart = true;

        Span<byte> header = stackalloc byte[PesHeaderBytesMax];
        var headerLength = WritePesHeader(header, track, pts, dts, length);
        _left = headerLength + length;
        Write(header[..headerLength]);
    }

    /// <summary>The next bytes of the frame that was begun.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        Invariant.Holds(bytes.Length <= _left);
        while (!bytes.IsEmpty)
        {
            if (_room == 0)
                OpenPacket();
            var taken = Math.Min(bytes.Length, _room);
            bytes[..taken].CopyTo(_pieces.Last.Free[_at..]);
            bytes = bytes[taken..];
            _at += taken;
            _room -= taken;
            _left -= taken;
            if (_room == 0)
                ClosePacket();
        }
    }

    /// <summary>Moves the clock on, in packets of its own where no frame can bear it.</summary>
    private void MoveClock(long moment, TsTrack track)
    {
        _clock = _isDiscontinuity ? moment : Math.Max(_clock, moment);
        if (_isClockDue && _hasClock && !_isDiscontinuity)
            _clock = Math.Max(_clock, _clockWritten + 1);   // it never stands still (§2.4.2.2)
        if (_hasClock && !_isDiscontinuity && _clock - _clockWritten <= ClockLeap)
        {
            while (_clock - _clockWritten > ClockStepMax)
                WriteClock(_clockWritten + ClockStepMax);
        }
        if (track == _program.ClockTrack)
        {
            if (_isClockDue || _clock - _clockWritten >= ClockStepMin)
                _flags |= TakeClock(_clock);
        }
        else if (_isClockDue)
        {
            WriteClock(_clock);
        }
    }

    /// <returns>The flags of the packet that is to bear it.</returns>
    private byte TakeClock(long moment)
    {
        _clockWritten = moment;
        _hasClock = true;
        _isClockDue = false;
        var flags = (byte)(HasClock | (_isDiscontinuity ? Discontinuity : 0));
        _isDiscontinuity = false;
        return flags;
    }

    /// <summary>A packet with nothing but the clock; it is not counted (§2.4.3.3).</summary>
    private void WriteClock(long moment)
    {
        _track = _program.ClockTrack;
        _flags = TakeClock(moment);
        _isStart = false;
        OpenPacket();
        ClosePacket();
    }

    /// <summary>
    /// | 47: 8 | 0 | starts 1 | 0 | PID 13 | 00 | field 1 | payload 1 | counter 4 |, and the
    /// adaptation field, which is made as long as the payload is short.
    /// </summary>
    private void OpenPacket()
    {
        var packet = NextPacket();
        var isAnew = (_countedAnew >> (int)_track) & 1;
        _countedAnew &= ~(isAnew << (int)_track);
        _flags |= (byte)(isAnew * Discontinuity);
        var fieldLength = _flags == 0 ? 0 : (_flags & HasClock) != 0 ? 8 : 2;
        var payload = Math.Min(_left, PayloadBytesMax - fieldLength);
        fieldLength = PayloadBytesMax - payload;
        ref var counter = ref _counters[(int)_track];

        var header = new ByteWriter(packet);
        header.Byte(0x47);
        header.UInt16((ushort)((_isStart ? 0x4000 : 0) | TsTables.PidOf(_track)));
        if (payload == 0)
            header.Byte((byte)(0x20 | ((counter - 1) & 15)));
        else
            header.Byte((byte)((fieldLength > 0 ? 0x30 : 0x10) | (counter++ & 15)));
        if (fieldLength > 0)
            header.Byte((byte)(fieldLength - 1));
        if (fieldLength > 1)
        {
            header.Byte(_flags);
            if ((_flags & HasClock) != 0)
                WriteClock(ref header, _clockWritten);
            header.Take(HeaderLength + fieldLength - header.Length).Fill(0xFF);
        }
        _flags = 0;
        _isStart = false;
        _at = header.Length;
        _room = payload;
    }

    private void ClosePacket()
    {
        _pieces.Last.Advance(PacketLength);
        Bytes += PacketLength;
    }

    private void WriteTable(int pid, Counter counter, ReadOnlySpan<byte> section)
    {
        var packet = new ByteWriter(NextPacket());
        packet.Byte(0x47);
        packet.UInt16((ushort)(0x4000 | pid));
        packet.Byte((byte)(0x10 | (_counters[(int)counter]++ & 15)));
        packet.Byte(0);                         // the section begins at once
        packet.Bytes(section);
        packet.Take(PacketLength - packet.Length).Fill(0xFF);
        ClosePacket();
    }

    private Span<byte> NextPacket() => _pieces.Open(PacketLength).Free[..PacketLength];

    // | base 33 | 1's 6 | extension 9, of 27 MHz |
    private static void WriteClock(ref ByteWriter to, long moment)
    {
        var ticks = moment & 0x1_FFFF_FFFF;
        to.UInt32((uint)(ticks >> 1));
        to.UInt16((ushort)(((uint)(ticks & 1) << 15) | 0x7E00));
    }

    /// <summary>
    /// | 000001: 24 | stream id 8 | length 16 | 10 | 00 | 0 | aligned 1 | 00 | PTS 1 | DTS 1 |
    /// | 0: 6 | header length 8 | PTS 40 | DTS 40, unless it is the same |
    /// </summary>
    private static int WritePesHeader(
        Span<byte> to, TsTrack track, long pts, long dts, int length)
    {
        var times = pts == dts ? 5 : 10;
        var rest = 3 + times + length;
        var header = new ByteWriter(to);
        header.UInt24(1);
        header.Byte((byte)(track == TsTrack.Video ? 0xE0 : 0xC0));
        header.UInt16((ushort)(rest <= 0xFFFF ? rest : 0));         // 0, of video: not told
        header.Byte(0x84);
        header.Byte((byte)(pts == dts ? 0x80 : 0xC0));
        header.Byte((byte)times);
        WriteTime(ref header, pts == dts ? 0x20 : 0x30, pts);
        if (pts != dts)
            WriteTime(ref header, 0x10, dts);
        return header.Length;
    }

    // | which 4 | top 3 | 1 | middle 15 | 1 | low 15 | 1 |
    private static void WriteTime(ref ByteWriter to, int which, long ticks)
    {
        to.Byte((byte)((uint)which | (uint)((ticks >> 29) & 0x0E) | 1));
        to.UInt16((ushort)((ticks >> 14) | 1));
        to.UInt16((ushort)((ticks << 1) | 1));
    }
}
