using System;
using System.Collections.Generic;
using System.Text;
using Reactor.Primitives;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;

namespace Reactor.Protocol.Flv;

/// <summary>What a file says of itself in its onMetaData (FLV §E.5).</summary>
public readonly record struct FlvSummary(
    uint DurationMs, long FileBytes, bool HasAudio, bool HasVideo);

/// <summary>The onMetaData of a file, of one length from the first byte to the last.</summary>
/// <remarks>
/// A recording begins with it, and only at the end is known what belongs in it: so it has room for
/// the whole index from the start, filled up by a member that nobody reads, and is written again in
/// its place. What the publisher said of width, codecs and rates is kept.
/// </remarks>
public sealed class FlvMetadata
{
    private const int KeptBytesMax = 8192;
    private const int KeptMembersMax = 64;
    private const int EntryBytes = 18;
    private const int OwnBytes = 512;
    private const int StringHeadBytes = 3;

    /// <summary>The name, the head of the array, and its end.</summary>
    private const int AroundBytes = 13 + 5 + 3;

    /// <summary>ffmpeg gives all metadata up that has a string of 1,024 bytes in it.</summary>
    private const int FillerBytesMax = 1000;

    private const string Filler = "filler";

    private static readonly HashSet<string> Ours =
    [
        "duration", "filesize", "hasAudio", "hasVideo", "hasKeyframes", "lastkeyframetimestamp",
        "lasttimestamp", "canSeekToEnd", "keyframes", Filler,
    ];

    private readonly List<KeyValuePair<string, AmfValue>> _kept = [];

    /// <param name="published">The publisher's onMetaData message, or nothing.</param>
    public FlvMetadata(ReadOnlySpan<byte> published)
    {
        var bytes = 0;
        foreach (var (name, value) in MembersOf(published))
        {
            var length = LengthOf(name, value);
            if (Ours.Contains(name) || !IsPlain(value) || bytes + length > KeptBytesMax
                || _kept.Count == KeptMembersMax)
            {
                continue;
            }
            bytes += length;
            _kept.Add(new(name, value));
        }
        Length = bytes + OwnBytes + (FlvIndex.EntriesMax * EntryBytes);
    }

    /// <summary>Whether the file said that there is sound in it.</summary>
    public bool HasAudio { get; private init; }

    /// <summary>Whether the file said that there is a picture in it.</summary>
    public bool HasVideo { get; private init; }

    /// <summary>The onMetaData that a file has already, to be written again in its place.</summary>
    /// <param name="payload">Of the file's first tag.</param>
    /// <returns>Null when it has no room for an index: it is not of this class.</returns>
    public static FlvMetadata? TryContinue(ReadOnlySpan<byte> payload)
    {
        bool hasAudio = false, hasVideo = false, hasRoom = false;
        foreach (var (name, value) in MembersOf(payload))
        {
            hasAudio |= name == "hasAudio" && value.AsBoolean() == true;
            hasVideo |= name == "hasVideo" && value.AsBoolean() == true;
            hasRoom |= name == Filler;
        }
        var metadata = new FlvMetadata(payload) { HasAudio = hasAudio, HasVideo = hasVideo };
        if (!hasRoom || metadata.Length > payload.Length)
            return null;
        metadata.Length = payload.Length;
        return metadata;
    }

    /// <summary>Bytes of the tag's payload.</summary>
    public int Length { get; private set; }

    /// <summary>Writes the payload: exactly <see cref="Length"/> bytes.</summary>
    public void Write(Span<byte> to, FlvSummary summary, FlvIndex index)
    {
        var body = new Amf0Writer(to[..Length]);
        body.String("onMetaData");
        body.BeginEcmaArray(_kept.Count + Ours.Count);
        foreach (var (name, value) in _kept)
        {
            body.Key(name);
            body.Value(value);
        }
        var last = index.Count == 0 ? 0 : index[index.Count - 1].TimeMs;
        body.Member("duration", summary.DurationMs / 1000.0);
        body.Member("lasttimestamp", summary.DurationMs / 1000.0);
        body.Member("lastkeyframetimestamp", last / 1000.0);
        body.Member("filesize", (double)summary.FileBytes);
        body.Member("hasAudio", summary.HasAudio);
        body.Member("hasVideo", summary.HasVideo);
        body.Member("hasKeyframes", index.Count > 0);
        body.Member("canSeekToEnd", false);
        body.Key("keyframes");
        WriteIndex(ref body, index);

        body.Key(Filler);
        Fill(ref body, Length);
        body.EndObject();
        Invariant.Holds(body.Length == Length);
    }

    /// <summary>The members of an onMetaData message; none when it is not one.</summary>
    public static IReadOnlyList<KeyValuePair<string, AmfValue>> MembersOf(
        ReadOnlySpan<byte> message)
    {
        if (!DataEvent.IsNamed(message, DataEvent.Metadata, out var length))
            return [];
        try
        {
            return new Amf0Reader(message[length..]).Read().Members.ToArray();
        }
        catch (ProtocolException)
        {
            return [];                          // never fail anything on metadata (Q32)
        }
    }

    /// <summary>Reads the index of a file's onMetaData; empty when there is none.</summary>
    public static FlvIndex ReadIndex(ReadOnlySpan<byte> message)
    {
        var index = new FlvIndex();
        foreach (var (name, value) in MembersOf(message))
        {
            if (name != "keyframes")
                continue;
            var times = value["times"].Items;
            var positions = value["filepositions"].Items;
            for (var i = 0; i < Math.Min(times.Length, positions.Length); i++)
            {
                var time = (times[i].AsNumber() ?? -1) * 1000;
                var position = positions[i].AsNumber() ?? -1;
                if (time is >= 0 and <= uint.MaxValue && position is >= 0 and < long.MaxValue / 2)
                    index.Add((uint)time, (long)position);
            }
        }
        return index;
    }

    /// <summary>
    /// A file's onMetaData for somebody who does not see the file: without the places of its
    /// keyframes, and without what fills up the room for them.
    /// </summary>
    /// <returns>Owned by the caller; null when the message is no such thing, or short.</returns>
    public static Packet? Bare(ReadOnlySpan<byte> message, PacketPool pool)
    {
        var members = new List<KeyValuePair<string, AmfValue>>();
        var length = AroundBytes;
        foreach (var member in MembersOf(message))
        {
            if (!IsPlain(member.Value))
                continue;
            members.Add(member);
            length += LengthOf(member.Key, member.Value);
        }
        if (members.Count == 0 || length > message.Length)
            return null;
        var packet = pool.Rent(length);
        var body = new Amf0Writer(packet.Free);
        body.String("onMetaData");
        body.BeginEcmaArray(members.Count);
        foreach (var (name, value) in members)
        {
            body.Key(name);
            body.Value(value);
        }
        body.EndObject();
        packet.Advance(body.Length);
        return packet;
    }

    private static int LengthOf(string name, AmfValue value) =>
        2 + Encoding.UTF8.GetByteCount(name) + Amf0Writer.LengthOf(value);

    private static bool IsPlain(AmfValue value) =>
        value.Kind is AmfKind.Number or AmfKind.Boolean or AmfKind.String;

    /// <summary>Blank strings, up to where only the end of the object is left to write.</summary>
    private static void Fill(ref Amf0Writer body, int length)
    {
        const int arrayHead = 5;
        const int objectEnd = 3;
        var room = length - body.Length - arrayHead - objectEnd;
        Invariant.Holds(room >= StringHeadBytes);
        const int each = StringHeadBytes + FillerBytesMax;
        var count = (room + each - 1) / each;
        body.BeginStrictArray(count);
        for (; count > 0; count--)
        {
            var share = room / count;           // none is left with less than a head
            body.String(new string(' ', share - StringHeadBytes));
            room -= share;
        }
    }

    private static void WriteIndex(ref Amf0Writer body, FlvIndex index)
    {
        body.BeginObject();
        body.Key("filepositions");
        body.BeginStrictArray(index.Count);
        for (var i = 0; i < index.Count; i++)
            body.Number(index[i].Position);
        body.Key("times");
        body.BeginStrictArray(index.Count);
        for (var i = 0; i < index.Count; i++)
            body.Number(index[i].TimeMs / 1000.0);
        body.EndObject();
    }
}
