using System;
using System.Buffers.Binary;
using Reactor.Primitives;

namespace Reactor.Protocol.MpegTs;

/// <summary>Writes the tables that a transport stream begins with (ISO 13818-1 §2.4.4).</summary>
/// <remarks>
/// <code>
/// | table id 8 | 1 0 11 | length 12 | id 16 | 11 | version 5 | current 1 | section 8 | last 8 |
/// PAT: | program 16 | 111 | PMT's PID 13 |                                          | CRC 32 |
/// PMT: | 111 | clock's PID 13 | 1111 | 0: 12 | for each: type 8 | 111 | PID 13 |
///      | 1111 | length 12 | descriptors |                                           | CRC 32 |
/// </code>
/// </remarks>
internal static class TsTables
{
    public const int PatPid = 0;
    public const int PmtPid = 0x1000;

    private const ushort Program = 1;
    private const int LengthOffset = 1;
    private const int CrcLength = 4;

    /// <summary>As gortmp numbers them (S5.9).</summary>
    public static int PidOf(TsTrack track) => track == TsTrack.Video ? 0x101 : 0x102;

    /// <param name="to">Room for a packet's payload.</param>
    /// <returns>Bytes written.</returns>
    public static int WritePat(Span<byte> to)
    {
        var section = Begin(to, tableId: 0, version: 0);
        section.UInt16(Program);
        section.UInt16(0xE000 | PmtPid);
        return End(to, section);
    }

    /// <param name="to">Room for a packet's payload.</param>
    /// <param name="program">Not empty.</param>
    /// <param name="version">0 to 31; another one whenever the program differs.</param>
    /// <returns>Bytes written.</returns>
    public static int WritePmt(Span<byte> to, TsProgram program, int version)
    {
        var section = Begin(to, tableId: 2, version);
        section.UInt16((ushort)(0xE000 | PidOf(program.ClockTrack)));
        section.UInt16(0xF000);
        if (program.HasVideo)
        {
            // A registration makes HEVC known to those that do not know its type (§2.6.8).
            ReadOnlySpan<byte> registration = program.VideoType == TsProgram.Hevc
                ? [5, 4, (byte)'H', (byte)'E', (byte)'V', (byte)'C']
                : [];
            WriteStream(ref section, program.VideoType, TsTrack.Video, registration);
        }
        if (program.HasAudio)
            WriteStream(ref section, program.AudioType, TsTrack.Audio, []);
        return End(to, section);
    }

    private static void WriteStream(
        ref ByteWriter section, byte type, TsTrack track, ReadOnlySpan<byte> descriptors)
    {
        section.Byte(type);
        section.UInt16((ushort)(0xE000 | PidOf(track)));
        section.UInt16((ushort)(0xF000 | descriptors.Length));
        section.Bytes(descriptors);
    }

    private static ByteWriter Begin(Span<byte> to, byte tableId, int version)
    {
        var section = new ByteWriter(to);
        section.Byte(tableId);
        section.UInt16(0);                      // length, known at the end
        section.UInt16(Program);                // in a PAT the transport stream's id
        section.Byte((byte)(0xC1 | (version << 1)));
        section.UInt16(0);
        return section;
    }

    private static int End(Span<byte> to, ByteWriter section)
    {
        var length = section.Length + CrcLength - LengthOffset - 2;
        BinaryPrimitives.WriteUInt16BigEndian(to[LengthOffset..], (ushort)(0xB000 | length));
        section.UInt32(Crc32.Of(to[..section.Length]));
        return section.Length;
    }
}
