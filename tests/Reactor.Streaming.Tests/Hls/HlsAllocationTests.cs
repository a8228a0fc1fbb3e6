using System;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Streaming.Hls;
using Reactor.Testing;

namespace Reactor.Streaming.Tests.Hls;

[TestFixture]
public sealed class HlsAllocationTests
{
    private const int FramesInSegment = 50;

    [Test]
    public void A_frame_allocates_nothing_and_a_segment_little()
    {
        var pool = new PacketPool();
        var segmenter = new HlsSegmenter(new HlsSettings(), pool, "a", 1);
        var avc = pool.Copy([0x17, 0, 0, 0, 0, .. HlsFeed.AvcC]);
        var aac = pool.Copy([0xAF, 0, 0x12, 0x10]);
        var key = pool.Copy([0x17, 1, 0, 0, 0, 0, 0, 0x4E, 0x20, 0x65, .. new byte[19_999]]);
        var inter = pool.Copy([0x27, 1, 0, 0, 0, 0, 0, 0x13, 0x88, 0x41, .. new byte[4999]]);
        var sound = pool.Copy([0xAF, 1, 0x21, .. new byte[200]]);
        segmenter.Begin();
        Send(segmenter, FrameKind.Video, FrameRole.Config, 0, avc);
        Send(segmenter, FrameKind.Audio, FrameRole.Config, 0, aac);
        var frame = 0;
        for (; frame < FramesInSegment * 24; frame++)
            Film(frame);

        var bytes = Allocated.By(() =>
        {
            for (var i = 0; i < FramesInSegment * 10; i++)
                Film(frame++);
        });

        // Ten segments: each an object, a list of its packets, and no more.
        Assert.That(bytes, Is.LessThan(10 * 400));
        segmenter.Clear();
        foreach (var packet in (Packet[])[avc, aac, key, inter, sound])
            packet.Release();
        Assert.That(pool.Outstanding, Is.Zero);

        void Film(int i)
        {
            var isKey = i % FramesInSegment == 0;
            var role = isKey ? FrameRole.Keyframe : FrameRole.None;
            Send(segmenter, FrameKind.Video, role, i * 40, isKey ? key : inter);
            Send(segmenter, FrameKind.Audio, FrameRole.None, i * 40, sound);
            Send(segmenter, FrameKind.Audio, FrameRole.None, (i * 40) + 20, sound);
        }
    }

    private static void Send(
        HlsSegmenter segmenter, FrameKind kind, FrameRole role, long timeMs, Packet payload) =>
        segmenter.OnFrame(
            new MediaFrame(kind, role, 10_000 + timeMs, (uint)timeMs, payload),
            DateTimeOffset.UnixEpoch.AddMilliseconds(timeMs));
}
