using System;
using System.Buffers.Binary;
using Reactor.Primitives;
using Reactor.Protocol.Flv;

namespace Reactor.Protocol.Mp4;

/// <summary>The index at the end of a fragmented file (ISO 14496-12 §8.8.9 to §8.8.11).</summary>
/// <remarks>
/// <code>
/// mfra | tfra: track 32 | sizes 32 | count 32 | (time 64 | moof 64 | traf 8 | trun 8 | sample 8)*
///      | mfro: length of mfra 32
/// </code>
/// Each entry is a fragment that begins with a sample at which decoding can begin.
/// </remarks>
public static class Mp4Index
{
    /// <summary>Bytes at the end of the file that say how long it is: mfro.</summary>
    public const int TailLength = BoxWriter.HeadLength + 8;

    private const int EntryLength = 19;
    private const int FixedLength =
        BoxWriter.HeadLength + BoxWriter.HeadLength + 16 + BoxWriter.HeadLength + 8;

    /// <param name="track">Whose samples begin the fragments.</param>
    /// <param name="index">When these are shown, and where their moof is.</param>
    /// <returns>The box, which ends the file.</returns>
    public static byte[] Write(Mp4Track track, FlvIndex index)
    {
        var bytes = new byte[FixedLength + (index.Count * EntryLength)];
        var to = new BoxWriter(bytes);
        var mfra = to.Begin("mfra"u8);
        var tfra = to.BeginFull("tfra"u8, version: 1);
        to.UInt32((uint)track.Id);
        to.UInt32(0);                           // numbers of one byte each
        to.UInt32((uint)index.Count);
        for (var i = 0; i < index.Count; i++)
        {
            to.UInt64((ulong)((long)index[i].TimeMs * track.Timescale / 1000));
            to.UInt64((ulong)index[i].Position);
            to.Byte(1);
            to.Byte(1);
            to.Byte(1);
        }
        to.End(tfra);
        var mfro = to.BeginFull("mfro"u8);
        to.UInt32((uint)bytes.Length);
        to.End(mfro);
        to.End(mfra);
        Invariant.Holds(to.Length == bytes.Length);
        return bytes;
    }

    /// <summary>How long the index is that ends a file.</summary>
    /// <param name="tail">The last <see cref="TailLength"/> bytes of the file.</param>
    /// <returns>Null where there is none of ours.</returns>
    public static int? LengthOf(ReadOnlySpan<byte> tail)
    {
        if (tail.Length != TailLength || Mp4Box.Read(tail) is not { Length: TailLength } box
            || box.Type != FourCc.Of("mfro"u8))
        {
            return null;
        }
        var length = BinaryPrimitives.ReadUInt32BigEndian(tail[^4..]);
        return length is >= FixedLength and <= FixedLength + (FlvIndex.EntriesMax * EntryLength)
            ? (int)length
            : null;
    }

    /// <param name="mfra">The whole box.</param>
    /// <param name="head">That of its file.</param>
    /// <exception cref="ProtocolException">It is none of ours.</exception>
    public static FlvIndex Read(ReadOnlySpan<byte> mfra, Mp4Head head)
    {
        var tfra = BoxReader.FindFull(BoxReader.Find(mfra, "mfra"u8), "tfra"u8, version: 1, 12);
        var entries = tfra[12..];
        var timescale = (ulong)head.TrackOf(BinaryPrimitives.ReadUInt32BigEndian(tfra)).Timescale;
        if (entries.Length != BinaryPrimitives.ReadUInt32BigEndian(tfra[8..]) * (long)EntryLength)
            throw BoxReader.Broken("tfra is none of ours");
        var index = new FlvIndex();
        for (; !entries.IsEmpty; entries = entries[EntryLength..])
        {
            var time = BinaryPrimitives.ReadUInt64BigEndian(entries);
            var position = BinaryPrimitives.ReadUInt64BigEndian(entries[8..]);
            if (time > uint.MaxValue * timescale || position > long.MaxValue)
                throw BoxReader.Broken($"a fragment at {position}, {time} ticks");
            index.Add((uint)(time * 1000 / timescale), (long)position);
        }
        return index;
    }
}
