using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using NUnit.Framework.Constraints;
using Reactor.Primitives;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Mp4;
using Reactor.Protocol.Rtmp;
using Reactor.Protocol.Tests.Codecs;
using Reactor.Testing.Mp4;

namespace Reactor.Protocol.Tests.Mp4;

/// <summary>What the writer has written is read again, and nothing else.</summary>
[TestFixture]
public sealed class Mp4ReadTests
{
    private static readonly byte[] AvcHeader = [0x17, 0, 0, 0, 0, .. ConfigSamples.Main.Bytes];
    private static readonly byte[] AacHeader = [0xAF, 0, 0x12, 0x10];

    private readonly PacketPool _pool = new();

    [Test]
    public void Payloads_of_H264_and_AAC_come_back_byte_for_byte_at_their_times()
    {
        var tags = new Tags(_pool);
        var sent = new List<(bool IsVideo, uint TimeMs, byte[] Payload)>
        {
            (true, 1000, [0x17, 1, 0, 0, 80, 0, 0, 0, 2, 0x65, 0x88]),
            (false, 1000, [0xAF, 1, 0x21, 7, 8]),
            (false, 1023, [0xAF, 1, 0x21, 9]),
            (true, 1040, [0x27, 1, 0xFF, 0xFF, 0xD8, 0, 0, 0, 3, 0x41, 0x9A, 1]),
        };
        tags.Video(0, AvcHeader);
        tags.Audio(0, AacHeader);
        foreach (var (isVideo, timeMs, payload) in sent)
            Assert.That(isVideo ? tags.Video(timeMs, payload) : tags.Audio(timeMs, payload));
        tags.Cut();

        var (head, read) = Read([.. tags.File]);
        Assert.That(head.Video!.Header, Is.EqualTo(AvcHeader));
        Assert.That(head.Audio!.Header, Is.EqualTo(AacHeader));
        Assert.That(read, Is.EqualTo(sent));
    }

    [Test]
    public void A_real_stream_of_AV1_and_Opus_comes_back_but_for_temporal_delimiters()
    {
        var (file, frames) = SampleMp4.Write(_pool);

        var (head, read) = Read(file);
        var walk = new Mp4Walk();
        walk.ReadFile(file);
        Assert.That(
            read.Where(each => each.IsVideo).Select(each => each.Payload[5..]),
            Is.EqualTo(walk.Pictures.Select(picture => picture.Bytes)));
        Assert.That(
            read.Where(each => !each.IsVideo).Select(each => each.Payload),
            Is.EqualTo(frames.Where(frame => frame.Type == MessageType.Audio)
                .Select(frame => frame.Payload)));
        Assert.That(
            read.Select(each => each.TimeMs), Is.Ordered.And.EqualTo(
                frames.Select(frame => frame.TimeMs).Order()).Within(1));
        Assert.That(head.Audio!.Header.AsSpan(5, 8).ToArray(), Is.EqualTo("OpusHead"u8.ToArray()));
    }

    [Test]
    public void Of_what_is_cut_off_or_changed_nothing_is_taken_but_a_refusal()
    {
        var (file, _) = SampleMp4.Write(_pool);
        var head = Mp4Head.Read(file);
        var moof = Mp4Box.Read(file.AsSpan(head.Length))!.Value;
        for (var length = 0; length < head.Length; length++)
            Assert.That(() => Mp4Head.Read(file.AsSpan(0, length)), Refuses(), $"{length} bytes");
        for (var length = 0; length < moof.Length; length++)
        {
            Assert.That(
                () => Mp4FragmentReader.Read(file.AsSpan(head.Length, length), head), Refuses(),
                $"{length} bytes");
        }
    }

    /// <summary>A count is no reason to set memory aside.</summary>
    [Test]
    public void A_count_of_samples_that_are_not_there_is_refused()
    {
        var (file, _) = SampleMp4.Write(_pool);
        var head = Mp4Head.Read(file);
        var length = Mp4Box.Read(file.AsSpan(head.Length))!.Value.Length;
        var moof = file.AsSpan(head.Length, (int)length).ToArray();
        var count = moof.AsSpan().IndexOf("trun"u8) + 8;
        moof[count] = 0x10;                     // 2^28 more

        Assert.That(() => Mp4FragmentReader.Read(moof, head), Refuses());
    }

    [Test]
    public void An_index_comes_back_and_no_other_tail_is_taken_for_one()
    {
        var (file, _) = SampleMp4.Write(_pool);
        var head = Mp4Head.Read(file);
        var track = Mp4VideoTrack.Read(
            VideoTagHeader.Read(AvcHeader), AvcHeader, known: null)!;
        var index = new FlvIndex();
        for (var i = 0u; i < 5; i++)
            index.Add(i * 1000, 500 + i);
        var bytes = Mp4Index.Write(track, index);

        Assert.That(Mp4Index.LengthOf(bytes.AsSpan(bytes.Length - 16)), Is.EqualTo(bytes.Length));
        Assert.That(Mp4Index.LengthOf(file.AsSpan(file.Length - 16)), Is.Null);
        var read = Mp4Index.Read(bytes, head);
        Assert.That(
            Enumerable.Range(0, read.Count).Select(i => read[i]),
            Is.EqualTo(Enumerable.Range(0, 5).Select(i => index[i])));
        for (var length = 0; length < bytes.Length; length++)
            Assert.That(() => Mp4Index.Read(bytes.AsSpan(0, length), head), Refuses());
    }

    private static EqualConstraint<ProtocolError> Refuses() =>
        Throws.InstanceOf<ProtocolException>()
            .With.Property(nameof(ProtocolException.Error)).EqualTo(ProtocolError.Mp4);

    private static (Mp4Head, List<(bool IsVideo, uint TimeMs, byte[] Payload)>) Read(byte[] file)
    {
        var head = Mp4Head.Read(file);
        var payloads = new List<(bool, uint, byte[])>();
        long at = head.Length;
        while (Mp4Box.Read(file.AsSpan((int)at)) is { } moof)
        {
            var samples = Mp4FragmentReader.Read(file.AsSpan((int)at, (int)moof.Length), head);
            foreach (var sample in samples)
            {
                var front = new byte[Mp4StoredTrack.HeadLengthMax];
                var length = sample.Track.WriteHead(front, sample);
                payloads.Add((
                    sample.Track.IsVideo, sample.TimeMs,
                    [
                        .. front[..length],
                        .. file.AsSpan((int)(at + sample.Offset), sample.Length),
                    ]));
            }
            at += moof.Length;
            at += Mp4Box.Read(file.AsSpan((int)at))!.Value.Length;
        }
        Assert.That(at, Is.EqualTo(file.Length));
        return (head, payloads);
    }
}
