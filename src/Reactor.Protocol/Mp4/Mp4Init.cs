using System;
using Reactor.Primitives;

namespace Reactor.Protocol.Mp4;

/// <summary>The head of a fragmented file, without which no fragment can be read.</summary>
/// <remarks>
/// ISO 14496-12 §4.3, §8.2: ftyp, and a moov without samples, whose mvex says that they come in
/// fragments (§8.8.1). Its length depends on the tracks alone, so that it can be written over once
/// the duration is known.
/// </remarks>
public static class Mp4Init
{
    private const int BoxesBytesMax = 2048;
    private const int DurationTimescale = 1000;
    private const uint One = 0x0001_0000;

    /// <summary>undetermined (§8.4.2.3): three letters of five bits.</summary>
    private const int Undetermined = 0x55C4;

    /// <param name="pool">Where the packet comes from.</param>
    /// <param name="video">Null for none.</param>
    /// <param name="audio">Null for none; one of both there must be.</param>
    /// <param name="durationMs">0 while it is not known.</param>
    /// <returns>Owned by the caller.</returns>
    public static Packet Write(
        PacketPool pool, Mp4VideoTrack? video, Mp4AudioTrack? audio, long durationMs = 0)
    {
        Invariant.Holds(video is not null || audio is not null);
        var packet = pool.Rent(BoxesBytesMax + (video?.SampleEntry.Length ?? 0)
            + (audio?.SampleEntry.Length ?? 0));
        var to = new BoxWriter(packet.Free);
        WriteType(ref to);
        var moov = to.Begin("moov"u8);
        WriteHeader(ref to, durationMs);
        if (video is not null)
            WriteTrack(ref to, video, "vide"u8, video.Facts.Width, video.Facts.Height);
        if (audio is not null)
            WriteTrack(ref to, audio, "soun"u8, 0, 0);
        WriteExtends(ref to, video, audio, durationMs);
        to.End(moov);
        packet.Advance(to.Length);
        return packet;
    }

    /// <summary>
    /// iso6 is what fragments rely on: offsets from the moof on, signed composition offsets.
    /// </summary>
    private static void WriteType(ref BoxWriter to)
    {
        var box = to.Begin("ftyp"u8);
        to.Bytes("iso6"u8);
        to.UInt32(0);
        to.Bytes("iso6mp41"u8);
        to.End(box);
    }

    private static void WriteHeader(ref BoxWriter to, long durationMs)
    {
        var box = to.BeginFull("mvhd"u8, version: 1);
        to.Zeros(16);                           // when it was made, and changed
        to.UInt32(DurationTimescale);
        to.UInt64((ulong)durationMs);
        to.UInt32(One);                         // speed
        to.UInt16(0x0100);                      // volume
        to.Zeros(10);
        WriteMatrix(ref to);
        to.Zeros(24);
        to.UInt32(Mp4Track.AudioId + 1);        // the next track's id
        to.End(box);
    }

    private static void WriteTrack(
        ref BoxWriter to, Mp4Track track, ReadOnlySpan<byte> handler, int width, int height)
    {
        var trak = to.Begin("trak"u8);
        var box = to.BeginFull("tkhd"u8, version: 0, flags: 3);     // enabled, and presented
        to.Zeros(8);
        to.UInt32((uint)track.Id);
        to.Zeros(8);                            // duration: that of the fragments
        to.Zeros(8);
        to.UInt16(0);                           // layer
        to.UInt16(0);                           // alternate group
        to.UInt16(track.IsVideo ? 0 : 0x0100);
        to.UInt16(0);
        WriteMatrix(ref to);
        to.UInt16(Math.Min(width, ushort.MaxValue));
        to.UInt16(0);
        to.UInt16(Math.Min(height, ushort.MaxValue));
        to.UInt16(0);
        to.End(box);

        var mdia = to.Begin("mdia"u8);
        box = to.BeginFull("mdhd"u8);
        to.Zeros(8);
        to.UInt32((uint)track.Timescale);
        to.UInt32(0);
        to.UInt16(Undetermined);
        to.UInt16(0);
        to.End(box);
        box = to.BeginFull("hdlr"u8);
        to.UInt32(0);
        to.Bytes(handler);
        to.Zeros(12 + 1);                       // and an empty name
        to.End(box);
        WriteMedia(ref to, track);
        to.End(mdia);
        to.End(trak);
    }

    private static void WriteMedia(ref BoxWriter to, Mp4Track track)
    {
        var minf = to.Begin("minf"u8);
        var box = track.IsVideo
            ? to.BeginFull("vmhd"u8, version: 0, flags: 1)
            : to.BeginFull("smhd"u8);
        to.Zeros(track.IsVideo ? 8 : 4);
        to.End(box);

        var dinf = to.Begin("dinf"u8);
        var dref = to.BeginFull("dref"u8);
        to.UInt32(1);
        box = to.BeginFull("url "u8, version: 0, flags: 1);         // in this file
        to.End(box);
        to.End(dref);
        to.End(dinf);

        var stbl = to.Begin("stbl"u8);
        var stsd = to.BeginFull("stsd"u8);
        to.UInt32(1);
        to.Bytes(track.SampleEntry);
        to.End(stsd);
        WriteEmpty(ref to, "stts"u8, 4);
        WriteEmpty(ref to, "stsc"u8, 4);
        WriteEmpty(ref to, "stsz"u8, 8);
        WriteEmpty(ref to, "stco"u8, 4);
        to.End(stbl);
        to.End(minf);
    }

    private static void WriteEmpty(ref BoxWriter to, ReadOnlySpan<byte> type, int zeros)
    {
        var box = to.BeginFull(type);
        to.Zeros(zeros);
        to.End(box);
    }

    /// <summary>Where no duration is known, free bytes keep its place.</summary>
    private static void WriteExtends(
        ref BoxWriter to, Mp4VideoTrack? video, Mp4AudioTrack? audio, long durationMs)
    {
        var mvex = to.Begin("mvex"u8);
        var box = to.BeginFull(durationMs > 0 ? "mehd"u8 : "free"u8, version: 1);
        to.UInt64((ulong)durationMs);
        to.End(box);
        if (video is not null)
            WriteDefaults(ref to, video, Mp4Fragment.Dependent);
        if (audio is not null)
            WriteDefaults(ref to, audio, Mp4Fragment.Sync);
        to.End(mvex);
    }

    private static void WriteDefaults(ref BoxWriter to, Mp4Track track, uint sampleFlags)
    {
        var box = to.BeginFull("trex"u8);
        to.UInt32((uint)track.Id);
        to.UInt32(1);                           // the only sample entry
        to.Zeros(8);                            // duration and size: each tells its own
        to.UInt32(sampleFlags);
        to.End(box);
    }

    private static void WriteMatrix(ref BoxWriter to)
    {
        to.UInt32(One);
        to.Zeros(12);
        to.UInt32(One);
        to.Zeros(12);
        to.UInt32(0x4000_0000);
    }
}
