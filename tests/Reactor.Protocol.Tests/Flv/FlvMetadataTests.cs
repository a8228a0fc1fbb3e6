using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Tests.Amf;

namespace Reactor.Protocol.Tests.Flv;

/// <summary>The onMetaData of recordings: of one length, however much is known.</summary>
[TestFixture]
public sealed class FlvMetadataTests
{
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(FlvIndex.EntriesMax)]
    [TestCase(100_000)]
    public void It_has_one_length_and_reads_back(int keyframes)
    {
        var published = AmfWire.Of((ref Amf0Writer body) =>
        {
            body.String("onMetaData");
            body.BeginEcmaArray(4);
            body.Member("width", 1280.0);
            body.Member("encoder", new string('x', 300));
            body.Member("duration", 77.0);              // ours is the one that counts
            body.Key("nested");
            body.BeginObject();
            body.EndObject();
            body.EndObject();
        });
        var metadata = new FlvMetadata(published);
        var index = new FlvIndex();
        for (var i = 0; i < keyframes; i++)
            index.Add((uint)i * 1000, 20_000 + (i * 5000L));

        var bytes = new byte[metadata.Length + 10];
        metadata.Write(bytes, new FlvSummary(90_500, 123_456, true, false), index);
        var read = bytes[..metadata.Length];

        var members = FlvMetadata.MembersOf(read)
            .ToDictionary(each => each.Key, each => each.Value);
        Assert.Multiple(() =>
        {
            Assert.That(bytes[^10..], Is.All.Zero);
            Assert.That(members["width"].AsNumber(), Is.EqualTo(1280));
            Assert.That(members["encoder"].AsString(), Has.Length.EqualTo(300));
            Assert.That(members["duration"].AsNumber(), Is.EqualTo(90.5));
            Assert.That(members["filesize"].AsNumber(), Is.EqualTo(123_456));
            Assert.That(members["hasAudio"].AsBoolean(), Is.True);
            Assert.That(members["hasVideo"].AsBoolean(), Is.False);
            Assert.That(members["hasKeyframes"].AsBoolean(), Is.EqualTo(keyframes > 0));
            Assert.That(members, Does.Not.ContainKey("nested"));
        });
        var again = FlvMetadata.ReadIndex(read);
        Assert.That(again.Count, Is.EqualTo(index.Count));
        for (var i = 0; i < again.Count; i++)
            Assert.That(again[i], Is.EqualTo(index[i]));
    }

    [Test]
    public void What_a_file_has_is_continued_in_its_length_and_what_is_cut_is_not()
    {
        var metadata = new FlvMetadata(Published());
        var index = new FlvIndex();
        index.Add(0, 17_000);
        index.Add(1000, 18_000);
        var first = new byte[metadata.Length];
        metadata.Write(first, new FlvSummary(1500, 20_000, true, false), index);

        var continued = FlvMetadata.TryContinue(first);
        Assert.That(continued, Is.Not.Null);
        Assert.That(
            (continued!.Length, continued.HasAudio, continued.HasVideo),
            Is.EqualTo((first.Length, true, false)));
        index.Add(2000, 21_000);
        var second = new byte[continued.Length];
        continued.Write(second, new FlvSummary(2500, 22_000, true, true), index);
        Assert.That(FlvMetadata.ReadIndex(second).Count, Is.EqualTo(3));
        Assert.That(
            FlvMetadata.MembersOf(second).Single(each => each.Key == "width").Value.AsNumber(),
            Is.EqualTo(1280));

        Assert.That(FlvMetadata.TryContinue(Published()), Is.Null, "it has no room");
        for (var length = 0; length < first.Length; length += 1 + (length / 400))
        {
            Assert.That(FlvMetadata.TryContinue(first.AsSpan(0, length)), Is.Null);
            Assert.That(FlvMetadata.ReadIndex(first.AsSpan(0, length)).Count, Is.AnyOf(0, 2));
        }
    }

    [Test]
    public void A_player_is_told_only_what_it_can_use()
    {
        var metadata = new FlvMetadata(Published());
        var index = new FlvIndex();
        index.Add(0, 17_000);
        var written = new byte[metadata.Length];
        metadata.Write(written, new FlvSummary(1500, 20_000, true, false), index);
        var pool = new PacketPool();

        var bare = FlvMetadata.Bare(written, pool)!;
        var members = FlvMetadata.MembersOf(bare.Written);
        Assert.That(bare.Length, Is.LessThan(400));
        Assert.That(members.Select(each => each.Key), Does.Contain("width").And.Contain("duration")
            .And.Not.Contain("keyframes").And.Not.Contain("filler"));
        bare.Release();
        Assert.That(FlvMetadata.Bare([2, 0, 3, 1, 2, 3], pool), Is.Null);
        Assert.That(pool.Outstanding, Is.Zero);
    }

    [Test]
    public void A_bomb_of_metadata_is_left_out()
    {
        var published = AmfWire.Of((ref Amf0Writer body) =>
        {
            body.String("onMetaData");
            body.BeginEcmaArray(900);
            for (var i = 0; i < 900; i++)
                body.Member($"member{i}", new string('y', 60));
            body.EndObject();
        });

        Assert.That(new FlvMetadata(published).Length, Is.LessThan(20_000));
        Assert.That(new FlvMetadata([]).Length, Is.LessThan(10_000));
        Assert.That(new FlvMetadata([2, 0, 10, 1, 2]).Length, Is.LessThan(10_000));
    }

    [Test]
    public void An_index_of_any_length_is_even_and_within_its_bound(
        [Values(1, 449, 451, 5000)] int n)
    {
        var index = new FlvIndex();
        for (var i = 0; i < n; i++)
            index.Add((uint)i * 2000, i * 100L);

        Assert.That(index.Count, Is.InRange(Math.Min(n, 225), FlvIndex.EntriesMax));
        var steps = Enumerable.Range(1, Math.Max(0, index.Count - 1))
            .Select(i => index[i].TimeMs - index[i - 1].TimeMs).Distinct();
        Assert.That(steps.Count(), Is.LessThanOrEqualTo(1));
    }

    private static byte[] Published() => AmfWire.Of((ref Amf0Writer body) =>
    {
        body.String("onMetaData");
        body.BeginEcmaArray(2);
        body.Member("width", 1280.0);
        body.Member("encoder", "x");
        body.EndObject();
    });

    [Test]
    public void The_keyframe_before_a_time_is_found()
    {
        var index = new FlvIndex();
        for (var i = 1; i <= 10; i++)
            index.Add((uint)i * 1000, i * 100);
        index.Add(500, 5000);                           // goes back: left out
        index.Add(20_000, 300);

        Assert.That(index.FindBefore(999), Is.Null);
        Assert.That(index.FindBefore(1000)?.Position, Is.EqualTo(100));
        Assert.That(index.FindBefore(5999)?.Position, Is.EqualTo(500));
        Assert.That(index.FindBefore(uint.MaxValue)?.Position, Is.EqualTo(1000));
    }
}
