using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Rtmp;
using Reactor.Testing;

namespace Reactor.Protocol.Tests.Flv;

/// <summary>A walk through a file finds the same however its bytes are cut.</summary>
[TestFixture]
public sealed class FlvScanTests
{
    private static readonly byte[] Key = [0x17, 1, 0, 1, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    private static readonly byte[] Inter = [0x27, 1, 0];
    private static readonly byte[] Sound = [0xAF];

    [Test]
    public void Keyframes_and_the_last_whole_tag_are_found_at_any_cut()
    {
        var file = File();
        foreach (var cut in Wire.EveryCutOf(file))
        {
            var scan = new FlvScan();
            foreach (var piece in cut)
                scan.Feed(piece);

            Assert.That(scan.Index.Count, Is.EqualTo(3));
            Assert.That(scan.LastKeyframe?.TimeMs, Is.EqualTo(200));
            Assert.That(scan.LastMs, Is.EqualTo(250));
            Assert.That(scan.Bytes, Is.EqualTo(file.Length));
            Assert.That(scan.HasAudio && scan.HasVideo, Is.True);
            Assert.That(scan.PictureStepMs, Is.EqualTo(50));
            Assert.That(scan.LastShownMs, Is.EqualTo(458), "the keyframe is shown 258 ms later");
        }
    }

    [Test]
    public void A_keyframe_with_configurations_before_it_begins_with_those()
    {
        byte[] picture = [0x17, 0, 0, 0, 0, 1];
        byte[] sound = [0xAF, 0, 0x12];
        var begins = new List<long>();
        var room = new byte[2000];
        var length = FlvWriter.HeaderLength;
        var head = new ByteWriter(room);
        FlvWriter.Header(ref head, true, true);
        void Add(MessageType type, uint timeMs, byte[] payload)
        {
            begins.Add(length);
            var writer = new ByteWriter(room.AsSpan(length));
            Tag(ref writer, type, timeMs, payload);
            length += writer.Length;
        }

        Add(MessageType.Video, 0, picture);
        Add(MessageType.Video, 0, Key);
        Add(MessageType.Audio, 20, Sound);
        Add(MessageType.Video, 40, picture);
        Add(MessageType.Audio, 45, sound);      // a bit later than what it stands before
        Add(MessageType.Video, 40, Key);
        Add(MessageType.Video, 80, picture);
        Add(MessageType.Video, 80, Inter);
        Add(MessageType.Video, 120, Key);

        var scan = new FlvScan();
        scan.Feed(room.AsSpan(0, length));
        Assert.That(
            Enumerable.Range(0, scan.Index.Count).Select(i => scan.Index[i].Position),
            Is.EqualTo(new[] { begins[1], begins[3], begins[8] }));
        var until = new FlvScan(begins[1], untilMs: 41);
        until.Feed(room.AsSpan((int)begins[1]..length));
        Assert.That(until.LastKeyframe, Is.EqualTo(new FlvIndexEntry(40, begins[3])));
    }

    [Test]
    public void A_file_that_is_torn_counts_up_to_its_last_whole_tag()
    {
        var file = File();
        for (var length = 0; length < file.Length; length++)
        {
            var scan = new FlvScan();
            scan.Feed(file.AsSpan(0, length));
            Assert.That(scan.Bytes, Is.LessThanOrEqualTo(length));
            Assert.That(scan.LastMs, Is.LessThanOrEqualTo(250));
        }
    }

    [TestCase(0u, 0u)]
    [TestCase(99u, 0u)]
    [TestCase(100u, 100u)]
    [TestCase(199u, 100u)]
    [TestCase(9999u, 200u)]
    public void A_walk_ends_behind_the_time_that_it_looks_for(uint until, uint keyframe)
    {
        var scan = new FlvScan(FlvWriter.HeaderLength, until);
        scan.Feed(File().AsSpan(FlvWriter.HeaderLength));

        Assert.That(scan.LastKeyframe?.TimeMs, Is.EqualTo(keyframe));
    }

    /// <remarks>Seed 75010274: whoever played from there on missed the only sound.</remarks>
    [Test]
    public void Metadata_behind_a_sound_is_no_place_to_begin_at()
    {
        var room = new byte[200];
        var writer = new ByteWriter(room);
        FlvWriter.Header(ref writer, true, false);
        Tag(ref writer, MessageType.Data, 0, []);
        var begin = writer.Length;
        Tag(ref writer, MessageType.Audio, 0, Sound);
        Tag(ref writer, MessageType.Data, 0, []);
        var scan = new FlvScan();

        scan.Feed(room.AsSpan(0, writer.Length));

        Assert.That(scan.LastFrame, Is.EqualTo(new FlvIndexEntry(0, begin)));
    }

    /// <remarks>Seed 81001346: a publisher that repeats its headers left only one.</remarks>
    [Test]
    public void Where_only_sound_is_it_begins_at_a_frame_or_at_the_headers_before_it(
        [Values] bool isLast)
    {
        byte[] config = [0xAF, 0];
        var room = new byte[200];
        var writer = new ByteWriter(room);
        FlvWriter.Header(ref writer, true, false);
        Tag(ref writer, MessageType.Audio, 0, config);
        var first = writer.Length;
        Tag(ref writer, MessageType.Audio, 0, Sound);
        var second = writer.Length;
        Tag(ref writer, MessageType.Audio, 0, config);
        if (!isLast)
            Tag(ref writer, MessageType.Audio, 0, Sound);
        var scan = new FlvScan();

        scan.Feed(room.AsSpan(0, writer.Length));

        Assert.That(
            scan.LastFrame, Is.EqualTo(new FlvIndexEntry(0, isLast ? first : second)));
    }

    [Test]
    public void What_is_no_flv_ends_it()
    {
        var scan = new FlvScan();
        scan.Feed(new byte[100]);
        Assert.That((scan.IsDone, scan.LastFrame), Is.EqualTo((true, (FlvIndexEntry?)null)));
    }

    private static byte[] File()
    {
        var room = new byte[2000];
        var writer = new ByteWriter(room);
        FlvWriter.Header(ref writer, true, true);
        for (uint i = 0; i < 6; i++)
        {
            Tag(ref writer, MessageType.Video, i * 50, i % 2 == 0 ? Key : Inter);
            Tag(ref writer, MessageType.Audio, i * 50, Sound);
            Tag(ref writer, MessageType.Data, i * 50, []);
        }
        return room[..writer.Length];
    }

    private static void Tag(ref ByteWriter writer, MessageType type, uint time, byte[] payload)
    {
        FlvWriter.TagHeader(ref writer, type, time, payload.Length);
        writer.Bytes(payload);
        FlvWriter.BackPointer(ref writer, payload.Length);
    }
}
