using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;
using Reactor.Streaming;
using Reactor.Streaming.Hls;
using Reactor.Testing.Hls;
using Reactor.Testing.Mp4;

namespace Reactor.Testing.Fuzzing;

/// <summary>
/// A publisher's messages, cut into segments of both kinds, which keep the rules.
/// </summary>
/// <remarks>
/// | what 2 | seconds 2 | step, in 10 ms: 4 | length 8 | payload |. What: audio, video, a publisher
/// that comes again, or a pause in real time.
/// </remarks>
public sealed class HlsTarget : FuzzTarget, IPublisher
{
    private static readonly byte[] AvcC = Convert.FromHexString(
        "0164001EFFE100186764001EACD940B424D8088000000300800000190F8A14CB01000668FBE3CB22C0FDF8"
        + "F800");

    private static readonly byte[][] Heads =
    [
        [0x17, 0, 0, 0, 0, .. AvcC],
        [0x17, 0, 0, 0, 0, 1, 0x64, 0, 0x1F, 0xFF, 0xE0, 0],
        [0x17, 1, 0, 0, 0, 0, 0, 0, 2, 0x65, 0x88],
        [0x17, 1, 0, 0, 40, 0, 0, 0, 1, 0x65, 0x88, 0, 0, 1, 0x41, 1],
        [0x27, 1, 0, 0, 0, 0, 0, 0, 2, 0x41, 0x9A],
        [0x27, 1, 0xFF, 0xFF, 0xD8, 0, 0, 0, 2, 0x41, 0x9A],
        [0x17, 2, 0, 0, 0],
        [0x1C, 1, 0, 0, 0, 0, 0, 0, 2, 0x26, 1],
        [0x93, .. "hvc1"u8, 0, 0, 0, 2, 0x26, 1],
        [0x93, .. "av01"u8, 1],
        [0x90, .. "av01"u8, .. Convert.FromHexString("812400000A0E20000024CFA70DBFFF3404340080")],
        [0x91, .. "av01"u8, 0x12, 0, 0x32, 1, 7],
        [0xA1, .. "av01"u8, 0x12, 0],
        [0x90, .. "vp09"u8, 0, 0x1F, 0x80, 1, 1, 1, 0, 0],
        [0x91, .. "vp09"u8, .. Convert.FromHexString("824983420000000000EFC00000")],
        [0xA1, .. "vp09"u8, 0x86],
        [0x17, 0, 0, 0, 0, 0, 0, 0, 1, 0x67, 0x64, 0, 0x1F, 0, 0, 0, 1, 0x68],
        [0x17, 1, 0, 0, 0, 0, 0, 0, 1, 0x65, 0x88, 0, 0, 1, 0x65],
    ];

    private static readonly byte[][] Sounds =
    [
        [0xAF, 0, 0x12, 0x10],
        [0xAF, 0, 0x11, 0x90],
        [0xAF, 1, 0x21, 1, 2, 3],
        [0xAF, 1, 0xFF, 0xF1, 0x50, 0x80, 0x01, 0x1F, 0xFC, 1],
        [0x2F, 0xFF, 0xFB, 0x90, 0x64],
        [0x2F, 0xFF, 0xF3, 0x80, 0x64],
        [0xB0, 1],
        [0x90, .. "Opus"u8, .. "OpusHead"u8, 1, 2, 0x38, 1, 0x80, 0xBB, 0, 0, 0, 0, 0],
        [0x91, .. "Opus"u8, 0xF8, 1, 2],
        [0x91, .. "Opus"u8, 0x03, 0x3F],
        [0x90, .. "fLaC"u8, .. "fLaC"u8, .. Convert.FromHexString(
            "80000022100010000000000000000BB802F00000000000000000000000000000000000000000")],
        [0x91, .. "fLaC"u8, 0xFF, 0xF8, 0x6A, 0x18, 0, 0x12],
        [0x91, .. "ac-3"u8, 0x0B, 0x77, 0, 0, 0x14, 0x40, 0x4F, 0x84],
        [0x91, .. "ec-3"u8, 0x0B, 0x77, 0, 0xFF, 0x3F, 0x86, 0x7F, 0xE0],
    ];

    public override string Name => "hls";

    /// <summary>A message comes whole.</summary>
    protected override bool IsResumable => false;

    public override byte[] Generate(Random random)
    {
        var script = new List<byte>();
        for (var i = random.Next(400); i > 0; i--)
        {
            var what = random.Next(60) == 0 ? random.Next(2, 4) : random.Next(2);
            var from = what == 0 ? Sounds : Heads;
            var payload = from[random.Next(from.Length)].ToArray();
            if (random.Next(10) == 0)
                payload[random.Next(payload.Length)] = (byte)random.Next(256);
            var seconds = random.Next(30) == 0 ? random.Next(4) : 0;
            script.Add((byte)((what << 6) | (seconds << 4) | random.Next(16)));
            script.Add((byte)payload.Length);
            script.AddRange(payload);
        }
        return [.. script];
    }

    public long ConnectionId => 1;

    public void OnReplaced() => throw new InvalidOperationException("nobody replaces it here");

    protected override void Read(IEnumerable<byte[]> pieces, PacketPool pool, Features seen)
    {
        var script = pieces.Single();
        Play(script, pool, seen, isMp4: false);
        Play(script, pool, seen, isMp4: true);
    }

    private void Play(byte[] script, PacketPool pool, Features seen, bool isMp4)
    {
        using var run = new Publication(this, pool, seen, isMp4);
        var input = new ByteReader(script);
        while (input.TryReadByte(out var head) && input.TryReadByte(out var length)
            && input.TryRead(Math.Min(length, input.Remaining), out var payload))
        {
            run.Take(head >> 6, ((head >> 4 & 3) * 3000) + ((head & 15) * 10), payload);
        }
    }

    private sealed class Publication : ISubscriber, IDisposable
    {
        private readonly HlsTarget _publisher;
        private readonly PacketPool _pool;
        private readonly Features _seen;
        private readonly LiveStream _stream = new(new("live", "a"), new GopCacheLimits(0, 1, 1));
        private readonly HlsSegmenter _segmenter;
        private readonly TsChecker _ts = new() { IsHostile = true };
        private readonly Mp4Walk _mp4 = new();
        private readonly bool _isMp4;
        private readonly PlaylistChecker _playlist = new();
        private uint _time;
        private long _nowMs;
        private HlsInit? _init;

        public Publication(HlsTarget publisher, PacketPool pool, Features seen, bool isMp4)
        {
            (_publisher, _pool, _seen, _isMp4) = (publisher, pool, seen, isMp4);
            _segmenter = new HlsSegmenter(new HlsSettings { IsMp4 = isMp4 }, pool, "a", 1)
            {
                SegmentReady = Check,
                CodecRefused = codec => seen.Add("refused", codec),
            };
            _stream.Subscribe(this);
            _stream.BeginPublish(publisher, 0);
        }

        public void Take(int what, int stepMs, ReadOnlySpan<byte> payload)
        {
            _time += (uint)stepMs;
            _nowMs += stepMs;
            switch (what)
            {
                case 2:
                    _stream.EndPublish(_nowMs);
                    _stream.BeginPublish(_publisher, _nowMs);
                    break;
                case 3:
                    _nowMs += stepMs * 10;
                    break;
                default:
                    var packet = _pool.Copy(payload);
                    _stream.Publish(
                        what == 0 ? MessageType.Audio : MessageType.Video, _time, packet, _nowMs);
                    packet.Release();
                    break;
            }
        }

        public void OnFrame(in MediaFrame frame) =>
            _segmenter.OnFrame(frame, DateTimeOffset.UnixEpoch.AddMilliseconds(_nowMs));

        public void OnPublished() => _segmenter.Begin();

        public void OnUnpublished() => _segmenter.Pause();

        public void Dispose()
        {
            _stream.EndPublish(_nowMs);
            _segmenter.End();
            if (_segmenter.Window.Playlist() is { } last)
                _playlist.Read(Encoding.ASCII.GetString(last.Written));
            _segmenter.Clear();
        }

        private void Check(HlsSegment segment)
        {
            byte[] bytes = [.. segment.Packets.SelectMany(packet => packet.Written.ToArray())];
            _playlist.Read(
                Encoding.ASCII.GetString(_segmenter.Window.Playlist()!.Written));
            if (_isMp4)
            {
                CheckMp4(segment, bytes);
                return;
            }
            _ts.Read(bytes, segment.IsDiscontinuity);
            var kinds = _ts.Frames.Select(frame => frame.StreamType).Distinct();
            _seen.Add(
                $"a segment {segment.IsDiscontinuity} {string.Join(' ', kinds.Order())}",
                $"{segment.DurationMs} {segment.Bytes}");
        }

        private void CheckMp4(HlsSegment segment, byte[] bytes)
        {
            if (segment.Init != _init)
                _mp4.ReadInit(segment.Init!.Packet.Written);
            else if (segment.IsDiscontinuity)
                _mp4.Leap();
            _init = segment.Init;
            _mp4.ReadFragments(bytes);
            var codecs = _mp4.Tracks.Select(track => track.Codec);
            _seen.Add($"MP4 {segment.IsDiscontinuity} {string.Join(' ', codecs)}");
        }
    }
}
