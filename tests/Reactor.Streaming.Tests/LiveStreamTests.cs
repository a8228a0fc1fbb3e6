using System.Collections.Generic;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;

namespace Reactor.Streaming.Tests;

[TestFixture]
public sealed class LiveStreamTests
{
    [Test]
    public void Frames_reach_every_subscriber_in_the_order_of_the_publisher()
    {
        var feed = new Feed();
        var log = new List<string>();
        feed.Stream.Subscribe(new Watcher(log, "a "));
        feed.Stream.Subscribe(new Watcher(log, "b "));

        feed.Key(1);
        feed.Audio(0);                          // Q63: not put in order

        Assert.That(
            log, Is.EqualTo(new[] { "a Video 1", "b Video 1", "a Audio 0", "b Audio 0" }));
    }

    [Test]
    public void The_length_of_a_GOP_is_from_one_keyframe_to_the_next()
    {
        var feed = new Feed();
        feed.Key(0);
        feed.Inter(960);
        Assert.That(feed.Stream.GopMs, Is.Zero);
        feed.Key(1000);
        feed.Inter(1040);

        Assert.That(feed.Stream.GopMs, Is.EqualTo(1000));
        feed.Stream.EndPublish(nowMs: 5000);
        Assert.That(feed.Stream.GopMs, Is.Zero);
    }

    [Test]
    public void A_subscriber_may_leave_or_take_others_along_while_a_frame_is_delivered()
    {
        var feed = new Feed();
        var log = new List<string>();
        var watchers = new List<Watcher>();
        for (var i = 0; i < 4; i++)
        {
            watchers.Add(new Watcher(log, $"{i} "));
            feed.Stream.Subscribe(watchers[i]);
        }
        watchers[1].OnNext = () =>
        {
            feed.Stream.Unsubscribe(watchers[0]);
            feed.Stream.Unsubscribe(watchers[1]);
            feed.Stream.Unsubscribe(watchers[2]);
        };

        feed.Audio(5);
        feed.Audio(6);

        Assert.That(
            log, Is.EqualTo(new[] { "0 Audio 5", "1 Audio 5", "3 Audio 5", "3 Audio 6" }));
        Assert.That(feed.Stream.SubscriberCount, Is.EqualTo(1));
    }

    [Test]
    public void Whoever_subscribes_during_a_delivery_hears_of_the_next_frame()
    {
        var feed = new Feed();
        var late = new Watcher();
        var first = new Watcher();
        first.OnNext = () =>
        {
            first.OnNext = null;
            feed.Stream.Subscribe(late);
        };
        feed.Stream.Subscribe(first);

        feed.Audio(5);
        feed.Audio(6);

        Assert.That(late.Log, Is.EqualTo(new[] { "Audio 6" }));
    }

    [Test]
    public void A_publisher_that_ends_within_a_delivery_leaves_the_list_in_order()
    {
        var feed = new Feed();
        var log = new List<string>();
        var first = new Watcher(log, "a ");
        first.OnNext = () =>
        {
            feed.Stream.Unsubscribe(first);
            feed.Stream.EndPublish(0);
        };
        feed.Stream.Subscribe(first);
        feed.Stream.Subscribe(new Watcher(log, "b "));
        feed.Stream.Subscribe(new Watcher(log, "c "));

        feed.Audio(5);

        Assert.That(log, Is.EqualTo(new[]
        {
            "a Audio 5", "b unpublished", "c unpublished", "b Audio 5", "c Audio 5",
        }));
    }

    [Test]
    public void A_fault_of_one_subscriber_does_not_leave_the_stream_delivering()
    {
        var feed = new Feed();
        var bad = new Watcher { OnNext = () => throw new InvariantException("bad") };
        feed.Stream.Subscribe(bad);
        Assert.Throws<InvariantException>(() => feed.Audio(0));

        var good = new Watcher();
        feed.Stream.Unsubscribe(bad);
        feed.Stream.Subscribe(good);
        good.OnNext = () => feed.Stream.Unsubscribe(good);
        feed.Audio(1);
        feed.Audio(2);

        Assert.That(good.Frames, Has.Count.EqualTo(1));
    }

    [Test]
    public void Nothing_at_all_is_relayed_to_nobody([Values] MessageKind kind)
    {
        var feed = new Feed();
        var watcher = new Watcher();
        feed.Stream.Subscribe(watcher);

        feed.Send((MessageType)kind, 0);        // Q17; and @setDataFrame around nothing

        Assert.That(watcher.Frames, Is.Empty);
        Assert.That(feed.Stream.Skipped, Is.EqualTo(1));
    }

    [Test]
    public void Data_events_pass_and_only_metadata_is_kept()
    {
        var feed = new Feed();
        var watcher = new Watcher();
        feed.Stream.Subscribe(watcher);
        feed.Key(100);

        feed.Data("onTextData");                // Q45
        feed.Data("onMetaData");
        feed.Data("onCuePoint");

        Assert.That(
            watcher.Frames.ConvertAll(frame => frame.Role),
            Is.EqualTo(new[]
            {
                FrameRole.Keyframe, FrameRole.None, FrameRole.Config, FrameRole.None,
            }));
        Assert.That(watcher.Frames.ConvertAll(frame => frame.TimeMs), Is.All.EqualTo(
            watcher.Frames[0].TimeMs));
        Assert.That(feed.Stream.Codecs.Metadata, Is.Not.Null);
    }

    [Test]
    public void Nothing_is_kept_without_a_publisher()
    {
        var feed = new Feed();
        feed.Data("onMetaData");
        feed.Video(0, Feed.AvcHeader);
        feed.Send(MessageType.Audio, 0, Feed.AacHeader);
        feed.Key(0);
        Assert.That(feed.Pool.Outstanding, Is.EqualTo(4));

        feed.Stream.EndPublish(nowMs: 7);

        Assert.That(feed.Stream.Codecs.Count + feed.Stream.Gops.Count, Is.Zero);
        Assert.That(feed.Stream.Codecs.Metadata, Is.Null);
        Assert.That(feed.Stream.Codecs.HasVideo || feed.Stream.Codecs.HasAudio, Is.False);
        Assert.That(feed.Stream.IsPublished, Is.False);
        Assert.That(feed.Stream.WasPublished);
        Assert.That(feed.Pool.Outstanding, Is.Zero);
    }

    [Test]
    public void Subscribers_outlive_the_publisher_and_see_one_clock()
    {
        var feed = new Feed();
        var watcher = new Watcher();
        feed.Stream.Subscribe(watcher);
        feed.Key(100_000);
        feed.Stream.EndPublish(0);
        feed.Stream.BeginPublish(feed, 0);
        feed.Key(0);

        Assert.That(watcher.Log, Is.EqualTo(new[]
        {
            "Video 100000", "unpublished", "published", "Video 0",
        }));
        Assert.That(watcher.Frames[1].TimeMs, Is.GreaterThan(watcher.Frames[0].TimeMs));
    }

    [Test]
    public void The_hub_forgets_a_stream_that_nobody_needs()
    {
        var hub = new StreamHub();
        var key = new StreamKey("live", "a");
        var stream = hub.GetOrAdd(key, new GopCacheLimits(1, 1, 1));
        var watcher = new Watcher();
        stream.Subscribe(watcher);

        hub.Release(stream);
        Assert.That(hub.Find(key), Is.SameAs(stream));

        stream.Unsubscribe(watcher);
        hub.Release(stream);
        Assert.That(hub.Count, Is.Zero);
    }

    public enum MessageKind
    {
        Audio = MessageType.Audio,
        Video = MessageType.Video,
        Data = MessageType.Data,
    }
}
