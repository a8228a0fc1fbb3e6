using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Load.Traffic;
using Reactor.Protocol.Rtmp;

namespace Reactor.Load.Tests;

[TestFixture]
public sealed class StreamScriptTests
{
    [Test]
    public void A_script_keeps_the_bitrate_that_was_asked_for(
        [Values(500_000, 1_000_000, 20_000_000)] int bitsPerSecond)
    {
        const int seconds = 102;                // whole GOPs, and whole turns of the variation
        var bits = Frames(bitsPerSecond, seconds).Sum(frame => frame.Bytes * 8L);

        Assert.That(bits / seconds, Is.EqualTo(bitsPerSecond).Within(1).Percent);
    }

    [Test]
    public void Ten_seconds_have_300_video_and_431_audio_messages_in_the_order_of_time()
    {
        var frames = Frames(1_000_000, seconds: 10);

        Assert.That(frames.Count(frame => frame.Track == MessageType.Video), Is.EqualTo(300));
        Assert.That(frames.Count(frame => frame.Track == MessageType.Audio), Is.EqualTo(431));
        Assert.That(frames.Select(frame => frame.TimeMs), Is.Ordered);
    }

    [Test]
    public void Every_two_seconds_comes_a_keyframe()
    {
        var keyframes = Frames(1_000_000, seconds: 7).Where(frame => frame.IsKeyframe);

        Assert.That(keyframes.Select(frame => frame.TimeMs), Is.EqualTo([0, 2000, 4000, 6000]));
    }

    [Test]
    public void Each_track_counts_from_zero_without_a_gap()
    {
        foreach (var track in Frames(1_000_000, seconds: 3).GroupBy(frame => frame.Track))
        {
            var numbers = track.Select(frame => (int)frame.Sequence);
            Assert.That(numbers, Is.EqualTo(Enumerable.Range(0, track.Count())));
        }
    }

    private static List<ScriptedFrame> Frames(int bitsPerSecond, int seconds)
    {
        var script = new StreamScript(bitsPerSecond);
        var frames = new List<ScriptedFrame>();
        for (; script.Next.TimeMs < seconds * 1000; script.Advance())
            frames.Add(script.Next);
        return frames;
    }
}
