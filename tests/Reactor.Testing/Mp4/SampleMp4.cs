using System;
using System.Collections.Generic;
using System.IO;
using Reactor.Primitives;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Mp4;
using Reactor.Protocol.Rtmp;

namespace Reactor.Testing.Mp4;

/// <summary>A recording in MP4, as our writer makes it of what an encoder has published.</summary>
public static class SampleMp4
{
    /// <summary>Some seconds of AV1 and Opus: a fragment with each keyframe.</summary>
    /// <param name="pool">Balanced afterwards.</param>
    /// <returns>The file, and the frames that are in it.</returns>
    public static (byte[] File, List<(MessageType Type, uint TimeMs, byte[] Payload)> Frames) Write(
        PacketPool pool)
    {
        var (file, writer) = (new MemoryStream(), new Mp4Writer(pool));
        var frames = new List<(MessageType, uint, byte[])>();
        Mp4VideoTrack? video = null;
        Mp4AudioTrack? audio = null;
        using var reader = new FlvReader(pool, 1 << 20);
        ReadOnlySpan<byte> input = Samples.Load("ertmp-av1-opus.flv").AsSpan(0, 150_000);
        while (reader.TryRead(ref input, out var tag))
        {
            var payload = tag.Payload.Written;
            var isVideo = tag.Type == MessageType.Video;
            if (isVideo)
                video = Mp4VideoTrack.Read(VideoTagHeader.Read(payload), payload, video);
            else if (tag.Type == MessageType.Audio)
                audio = Mp4AudioTrack.Read(AudioTagHeader.Read(payload), payload, audio);
            if (video is not null && audio is not null && IsFrame(tag))
            {
                var isKeyframe = isVideo && VideoTagHeader.Read(payload).IsKeyframe;
                if (isKeyframe)
                    Cut(file, pool, writer, video, audio);
                Add(writer, tag);
                frames.Add((tag.Type, tag.TimestampMs, payload.ToArray()));
            }
            tag.Payload.Release();
        }
        Cut(file, pool, writer, video, audio);
        return (file.ToArray(), frames);
    }

    /// <summary>Two frames of AAC, and the index of them, in less than a kilobyte.</summary>
    /// <param name="pool">Balanced afterwards.</param>
    public static byte[] WriteSmall(PacketPool pool)
    {
        var (file, writer) = (new MemoryStream(), new Mp4Writer(pool));
        byte[] header = [0xAF, 0, 0x12, 0x10];
        var audio = Mp4AudioTrack.Read(AudioTagHeader.Read(header), header, known: null)!;
        Cut(file, pool, writer, video: null, audio);
        var index = new FlvIndex();
        index.Add(0, file.Length);
        for (var i = 0u; i < 2; i++)
        {
            var payload = pool.Copy([0xAF, 1, 0x21, (byte)i]);
            Add(writer, new FlvTag(MessageType.Audio, i * 23, payload));
            payload.Release();
        }
        Cut(file, pool, writer, video: null, audio);
        file.Write(Mp4Index.Write(audio, index));
        return file.ToArray();
    }

    private static bool IsFrame(FlvTag tag) => tag.Type switch
    {
        MessageType.Video => VideoTagHeader.Read(tag.Payload.Written).Kind,
        MessageType.Audio => AudioTagHeader.Read(tag.Payload.Written).Kind,
        _ => TagKind.SequenceHeader,
    } == TagKind.Frames;

    private static void Add(Mp4Writer writer, FlvTag tag)
    {
        var payload = tag.Payload.Written;
        Invariant.Holds(tag.Type == MessageType.Video
            ? writer.TryAdd(VideoTagHeader.Read(payload), tag.Payload, tag.TimestampMs)
            : writer.TryAdd(AudioTagHeader.Read(payload), tag.Payload, tag.TimestampMs));
    }

    private static void Cut(
        MemoryStream file, PacketPool pool, Mp4Writer writer,
        Mp4VideoTrack? video, Mp4AudioTrack? audio)
    {
        if (file.Length == 0)
        {
            writer.Begin(video, audio);
            var head = Mp4Init.Write(pool, video, audio);
            file.Write(head.Written);
            head.Release();
        }
        if (writer.IsEmpty)
            return;
        var slices = new List<Mp4Slice>();
        writer.Cut(slices);
        foreach (var slice in slices)
        {
            file.Write(slice.Bytes);
            slice.Packet.Release();
        }
    }
}
