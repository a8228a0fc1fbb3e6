using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Rtmp;

namespace Reactor.Server.Tests.Recording;

/// <summary>A tag of a recorded file.</summary>
internal sealed record RecordedTag(MessageType Type, uint TimeMs, byte[] Payload, long Position);

/// <summary>A recorded file, read by its tags and checked by its back pointers.</summary>
internal sealed class RecordedFile
{
    public RecordedFile(byte[] bytes)
    {
        Bytes = bytes;
        var at = FlvWriter.HeaderLength;
        Assert.That(bytes.AsSpan(0, 3).SequenceEqual("FLV"u8), "it begins as an FLV file");
        while (at < bytes.Length)
        {
            var head = new ByteReader(bytes.AsSpan(at));
            Assert.That(head.TryReadByte(out var type) & head.TryReadUInt24(out var length)
                & head.TryReadUInt24(out var time) & head.TryReadByte(out var timeTop));
            var end = at + FlvWriter.TagHeaderLength + (int)length;
            Assert.That(end + 4, Is.LessThanOrEqualTo(bytes.Length), "the last tag is whole");
            var pointer = new ByteReader(bytes.AsSpan(end));
            Assert.That(pointer.TryReadUInt32(out var back));
            Assert.That(back, Is.EqualTo(end - at), "back pointer");
            Tags.Add(new RecordedTag(
                (MessageType)type, time | ((uint)timeTop << 24),
                bytes[(at + FlvWriter.TagHeaderLength)..end], at));
            at = end + 4;
        }
    }

    public byte[] Bytes { get; }

    public List<RecordedTag> Tags { get; } = [];

    /// <summary>All but the onMetaData in front.</summary>
    public IEnumerable<RecordedTag> Media => Tags.Skip(1);

    public AmfValue this[string member] =>
        FlvMetadata.MembersOf(Tags[0].Payload).Single(each => each.Key == member).Value;

    public FlvIndex Index => FlvMetadata.ReadIndex(Tags[0].Payload);
}
