using NUnit.Framework;
using Reactor.Protocol.Rtmp;

namespace Reactor.Streaming.Tests;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AudioLullTests
{
    private const int WindowPictures = 128;

    private readonly Feed _feed = new(holdsAudio: true);

    [Test]
    public void Half_the_smallest_picture_may_lie_unread_once_enough_were_seen()
    {
        See(WindowPictures - 1, bytes: 2000, audio: 300);
        Assert.That(_feed.Stream.UnreadBytesMax, Is.Zero);

        See(1, bytes: 1800);

        Assert.That(_feed.Stream.UnreadBytesMax, Is.EqualTo(900));
    }

    [TestCase(880, 900)]
    [TestCase(882, 0)]
    public void Audio_has_to_be_smaller_with_its_header(int audio, int expected)
    {
        See(WindowPictures, bytes: 1800, audio);

        Assert.That(_feed.Stream.UnreadBytesMax, Is.EqualTo(expected));
    }

    [TestCase(36, 900)]
    [TestCase(37, 0)]
    public void Pictures_have_to_come_before_the_wait_is_over(int apartMs, int expected)
    {
        See(2 * WindowPictures, bytes: 1800, apartMs: apartMs);

        Assert.That(_feed.Stream.UnreadBytesMax, Is.EqualTo(expected));
    }

    [Test]
    public void Behind_a_picture_that_could_not_be_told_nothing_lies_unread_until_they_are_known()
    {
        See(WindowPictures, bytes: 1800);
        See(1, bytes: 900);
        Assert.That(_feed.Stream.UnreadBytesMax, Is.EqualTo(900), "as much is told");
        See(1, bytes: 899);
        Assert.That(_feed.Stream.UnreadBytesMax, Is.Zero);

        See(WindowPictures - 3, bytes: 1800);
        Assert.That(_feed.Stream.UnreadBytesMax, Is.Zero);
        See(1, bytes: 1800);
        Assert.That(_feed.Stream.UnreadBytesMax, Is.EqualTo(449));
        See(WindowPictures, bytes: 1800);
        Assert.That(_feed.Stream.UnreadBytesMax, Is.EqualTo(900));
    }

    /// <summary>Some pictures, and audio beside each.</summary>
    private void See(int pictures, int bytes, int audio = 300, int apartMs = 33)
    {
        for (var i = 0; i < pictures; i++)
        {
            byte[] sound = [0xAF, 1, .. new byte[audio - 2]];
            byte[] picture = [0x27, 1, .. new byte[bytes - 2]];
            _feed.Send(MessageType.Audio, (uint)_feed.NowMs, sound);
            _feed.Video((uint)_feed.NowMs, picture);
            _feed.NowMs += apartMs;
        }
    }
}
