using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;
using Reactor.Streaming.Hls;
using Reactor.Testing.Hls;
using Reactor.Testing.Mp4;

namespace Reactor.Streaming.Tests.Hls;

/// <summary>
/// An encoder, the live stream that it publishes, and its segments: each is checked as it comes.
/// </summary>
internal sealed class HlsFeed : IPublisher, ISubscriber, IDisposable
{
    public const long FirstSequence = 1_700_000_000;

    public static readonly byte[] AvcC = Convert.FromHexString(
        "0164001EFFE100186764001EACD940B424D8088000000300800000190F8A14CB01000668FBE3CB22C0FDF8"
        + "F800");

    public static readonly byte[] OtherAvcC = Convert.FromHexString(
        "014D4028FFE10018674D4028ECA03C0113F2E022000007D20001D4C01E30632C01000568EBE3CB20");

    public static readonly byte[] HvcC = Convert.FromHexString(
        "0101600000009000000000003CF000FCFDF8F800000F03200001001840010C01FFFF016000000300900000"
        + "03000003003C959809210001002B42010101600000030090000003000003003CA00A080B9F79656692"
        + "4CAF016808000003000800000300C84022000100074401C172B46240");

    private readonly Random _random = new(1);
    private DateTimeOffset _utc = DateTimeOffset.UnixEpoch.AddSeconds(FirstSequence);
    private bool _isPlaced;
    private long _arrivedMs;
    private HlsInit? _init;

    public HlsFeed(HlsSettings? settings = null)
    {
        Settings = settings ?? new HlsSettings();
        Stream = new LiveStream(new StreamKey("live", "a"), new GopCacheLimits(0, 1, 1));
        Ts = new TsChecker { AreAlone = Settings.IsAligned };
        Playlist = new PlaylistChecker { MayLeap = Settings.IsAligned };
        Segmenter = new HlsSegmenter(
            Settings, Pool, "a", Settings.IsAligned ? 0 : FirstSequence)
        {
            SegmentReady = Check,
            CodecRefused = Refused.Add,
            Unlike = () => UnlikeCount++,
        };
        Stream.Subscribe(this);
        Stream.BeginPublish(this, nowMs: 0);
    }

    public HlsSettings Settings { get; }

    public PacketPool Pool { get; } = new();

    public LiveStream Stream { get; }

    public HlsSegmenter Segmenter { get; }

    public TsChecker Ts { get; }

    /// <summary>What is in the segments, where they are MP4.</summary>
    public Mp4Walk Mp4 { get; } = new();

    public PlaylistChecker Playlist { get; }

    /// <summary>The bytes of all segments so far, by number.</summary>
    public Dictionary<long, byte[]> Segments { get; } = [];

    /// <summary>How often it said that its numbers would not be another server's.</summary>
    public int UnlikeCount { get; private set; }

    /// <summary>Where the same frames are sent to.</summary>
    public HlsFeed? Twin { get; set; }

    public List<string> Refused { get; } = [];

    /// <summary>Bytes of the frames that were sent.</summary>
    public long BytesIn { get; private set; }

    public IEnumerable<TsFrame> Pictures => Ts.Frames.Where(frame => frame.IsVideo);

    public IEnumerable<TsFrame> Sounds => Ts.Frames.Where(frame => !frame.IsVideo);

    /// <summary>The durations of all segments so far, in milliseconds.</summary>
    public List<int> Durations =>
        [.. Playlist.All.Select(segment => (int)(segment.Duration * 1000))];

    public List<long> Discontinuities =>
    [
        .. Playlist.All.Where(segment => segment.IsDiscontinuity)
            .Select(segment => segment.Sequence - FirstSequence),
    ];

    public void Avc(uint time, byte[]? config = null) =>
        Send(MessageType.Video, time, [0x17, 0, 0, 0, 0, .. config ?? AvcC]);

    public void Aac(uint time, string config = "1210") =>
        Send(MessageType.Audio, time, [0xAF, 0, .. Convert.FromHexString(config)]);

    public void Key(uint time, int bytes = 900, int composition = 0) =>
        Send(MessageType.Video, time, Picture(0x17, 0x65, bytes, composition));

    public void Inter(uint time, int bytes = 90, int composition = 0) =>
        Send(MessageType.Video, time, Picture(0x27, 0x41, bytes, composition));

    public void Sound(uint time, int bytes = 180) =>
        Send(MessageType.Audio, time, [0xAF, 1, .. Noise(bytes, 0x21)]);

    /// <summary>A film of 25 pictures a second, and AAC of 44.1 kHz.</summary>
    /// <param name="fromMs">Its first picture, a keyframe.</param>
    /// <param name="toMs">Before this time it ends.</param>
    /// <param name="gopMs">From keyframe to keyframe.</param>
    /// <param name="hasAudio">Whether there is sound.</param>
    /// <param name="hasVideo">Whether there are pictures.</param>
    public void Film(
        uint fromMs, uint toMs, uint gopMs = 1000, bool hasVideo = true, bool hasAudio = true)
    {
        var sounds = 0;
        for (var time = fromMs; time < toMs; time += 40)
        {
            if (hasVideo && (time - fromMs) % gopMs == 0)
                Key(time);
            else if (hasVideo)
                Inter(time);
            for (; hasAudio && SoundTime(fromMs, sounds) < time + 40; sounds++)
                Sound(SoundTime(fromMs, sounds));
        }
    }

    public void Send(MessageType type, uint time, params byte[] payload)
    {
        Twin?.Send(type, time, payload);
        BytesIn += payload.Length;
        var packet = Pool.Copy(payload);
        try
        {
            Stream.Publish(type, time, packet, _arrivedMs);
        }
        finally
        {
            packet.Release();
        }
    }

    /// <summary>Lets real time pass, as after a pause of the encoder.</summary>
    public void Wait(int milliseconds)
    {
        _arrivedMs += milliseconds;
        _utc = _utc.AddMilliseconds(milliseconds);
    }

    public void Republish()
    {
        Stream.EndPublish(_arrivedMs);
        Stream.BeginPublish(this, _arrivedMs);
    }

    public void OnFrame(in MediaFrame frame)
    {
        if (Settings.IsAligned && !_isPlaced)
        {
            if (frame.IsConfig)
                return;
            _isPlaced = true;
            Segmenter.Begin(HlsGrid.ShiftOf(Settings, Stream.Time, _arrivedMs, _utc));
            for (var i = 0; i < Stream.Codecs.Count; i++)
                Segmenter.OnFrame(Stream.Codecs[i], _utc);
        }
        Segmenter.OnFrame(frame, _utc);
    }

    public void OnPublished()
    {
        _isPlaced = false;
        if (!Settings.IsAligned)
            Segmenter.Begin();
    }

    public void OnUnpublished() => Segmenter.Pause();

    public long ConnectionId => 1;

    public void OnReplaced() => throw new InvalidOperationException("nobody replaces it here");

    public string PlaylistText(bool isDelta = false) =>
        Encoding.ASCII.GetString(Segmenter.Window.Playlist(isDelta)!.Written);

    /// <summary>Ends it all; nothing may be left.</summary>
    public void Dispose()
    {
        if (Stream.IsPublished)
            Stream.EndPublish(_arrivedMs);
        Segmenter.Clear();
        Assert.That(Pool.Outstanding, Is.Zero);
    }

    public static byte[] Bytes(HlsSegment segment) =>
        [.. segment.Packets.SelectMany(packet => packet.Written.ToArray())];

    private static uint SoundTime(uint fromMs, int index) =>
        fromMs + (uint)(index * 1024L * 1000 / 44_100);

    private void Check(HlsSegment segment)
    {
        if (Settings.IsMp4)
            CheckMp4(segment);
        else
            Ts.Read(Bytes(segment), segment.IsDiscontinuity);
        Segments.Add(segment.Sequence, Bytes(segment));
        Playlist.Read(PlaylistText());
        Assert.That(Playlist.Segments[^1].Sequence, Is.EqualTo(segment.Sequence));
        Assert.That(Segmenter.Window.Bytes, Is.LessThanOrEqualTo(Settings.BytesMax));
    }

    private void CheckMp4(HlsSegment segment)
    {
        Assert.That(segment.Init, Is.Not.Null);
        if (segment.Init != _init)
            Mp4.ReadInit(segment.Init!.Packet.Written);
        else if (segment.IsDiscontinuity)
            Mp4.Leap();
        _init = segment.Init;
        Mp4.ReadFragments(Bytes(segment));
    }

    /// <summary>A NAL unit behind its length, with no start code in it.</summary>
    private byte[] Picture(byte head, byte type, int bytes, int composition) =>
    [
        head, 1, (byte)(composition >> 16), (byte)(composition >> 8), (byte)composition,
        (byte)(bytes >> 24), (byte)(bytes >> 16), (byte)(bytes >> 8), (byte)bytes,
        .. Noise(bytes, type),
    ];

    private byte[] Noise(int bytes, byte first)
    {
        var noise = new byte[bytes];
        _random.NextBytes(noise);
        for (var i = 0; i < bytes; i++)
            noise[i] |= 0x10;
        noise[0] = first;
        return noise;
    }
}
