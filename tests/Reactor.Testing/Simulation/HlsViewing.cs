using System;
using System.Collections.Generic;
using Reactor.Protocol.Codecs;
using Reactor.Testing.Hls;
using Reactor.Testing.Mp4;

namespace Reactor.Testing.Simulation;

/// <summary>What one viewer saw in segments, held against what was published.</summary>
/// <param name="checks">Told what is wrong.</param>
/// <param name="ledger">All that was published.</param>
/// <param name="stream">app/name.</param>
/// <param name="whom">For messages.</param>
public sealed class HlsViewing(Checks checks, Ledger ledger, string stream, object whom)
{
    private const byte HevcStream = 0x24;
    private const int LengthBytes = 4;
    private const int FrameSamples = 1024;
    private const double TickMs = 1 / 90.0;

    private readonly int[] _last = [-1, -1];
    private readonly bool[] _mayMiss = [true, true];
    private readonly HashSet<uint> _entered = [];
    private readonly HlsTimes _times =
        new((sentence, detail) => checks.Failed(sentence, $"{whom}: {detail}"));

    private Publication? _publication;
    private int _videoHeader = -1;

    /// <summary>Frames that were seen.</summary>
    public long Frames { get; private set; }

    /// <summary>The next frame of each track may come after a gap.</summary>
    public void Forgive() => Array.Fill(_mayMiss, true);

    /// <summary>Its publisher is seen anew, from a keyframe on that may have been seen before.
    /// </summary>
    public void BeginAnew()
    {
        Array.Fill(_last, -1);
        _videoHeader = -1;
        Forgive();
    }

    /// <summary>Another segment begins.</summary>
    /// <param name="segment">As the playlist has it.</param>
    /// <param name="isNext">Whether it is the one behind the last one.</param>
    public void BeginSegment(ListedSegment segment, bool isNext)
    {
        if (!isNext || segment.IsDiscontinuity)
            Forgive();
        _times.BeginSegment(segment, isNext);
    }

    /// <summary>A part of it begins; no part was longer than the target then.</summary>
    public void BeginPart(ListedPart part, decimal target) => _times.BeginPart(part, target);

    /// <summary>All frames of it were seen.</summary>
    public void EndSegment() => _times.EndSegment();

    /// <summary>Looks at a frame, or at several frames of sound in one packet.</summary>
    public void See(TsFrame frame)
    {
        if (frame.IsVideo)
            SeePicture(frame);
        else
            SeeSound(frame);
    }

    /// <summary>Looks at a sample of MP4, whose headers stand in its track.</summary>
    public void See(Mp4Frame frame)
    {
        if (!Simulation.Frames.TryRead(frame.Bytes, out var id, out var index))
            throw Failed("a player receives only what was published", "a sample");
        if (frame.IsVideo && Simulation.Frames.TryRead(frame.Track.Config, out _, out var header))
            _videoHeader = (int)header;
        var tick = 1000.0 / frame.Track.Timescale;
        var sort = SeeOne(
            id, (int)index, frame.Track.Codec == "hvc1",
            frame.IsVideo ? frame.Bytes.AsSpan(LengthBytes) : frame.Bytes,
            new ContainerTime(
                frame.TimeMs, frame.ShowMs, frame.TimeMs + (frame.Duration * tick), tick));
        if (frame.IsSync == (sort == FrameSort.Inter))
            throw Failed("a sample says whether decoding can begin there", $"{id}/{index}");
    }

    private void SeePicture(TsFrame frame)
    {
        var isHevc = frame.StreamType == HevcStream;
        var decoded = frame.Dts * TickMs;
        var time = new ContainerTime(decoded, frame.Pts * TickMs, decoded, TickMs);
        var units = NaluReader.AnnexB(frame.Bytes);
        while (units.TryRead(out var nalu))
        {
            if (!Simulation.Frames.TryRead(nalu, out var id, out var index))
                continue;                       // a delimiter, or a set that is always the same
            var isSet = isHevc
                ? HevcConfig.TypeOf(nalu[0]) == HevcConfig.Pps
                : AvcConfig.TypeOf(nalu[0]) == AvcConfig.Pps;
            if (isSet)
                _videoHeader = (int)index;
            else
                SeeOne(id, (int)index, isHevc, nalu, time);
        }
    }

    private void SeeSound(TsFrame packet)
    {
        ReadOnlySpan<byte> bytes = packet.Bytes;
        var time = packet.Pts * TickMs;
        while (AdtsHeader.TryRead(bytes, out var header))
        {
            var frame = bytes[AdtsHeader.Length..header.FrameLength];
            if (!Simulation.Frames.TryRead(frame, out var id, out var index))
                throw Failed("a player receives only what was published", "sound");
            SeeOne(
                id, (int)index, isHevc: false, frame, new ContainerTime(time, time, time, TickMs));
            bytes = bytes[header.FrameLength..];
            time += FrameSamples * 1000.0 / header.SampleRate;
        }
    }

    private FrameSort SeeOne(
        uint id, int index, bool isHevc, ReadOnlySpan<byte> frame, ContainerTime time)
    {
        if (ledger.Find(id) is not { } publication || !publication.IsNamed(ledger.OriginOf(stream))
            || index >= publication.Messages.Count)
        {
            throw Failed("a player receives only what was published", $"{id}/{index}");
        }
        var message = publication.Messages[index];
        var payload = Simulation.Frames.Restore(message.Sort, isHevc, frame);
        if (message.Hash != Simulation.Frames.Hash(payload))
            throw Failed("what a player receives is byte-identical", $"{id}/{index}");
        if (publication != _publication)
            Enter(publication);
        SeeOrder(message, index);
        _times.See(
            publication, index, Simulation.Frames.CompositionMs(message.Sort, isHevc), time);
        Frames++;
        return message.Sort;
    }

    private void Enter(Publication publication)
    {
        if (!_entered.Add(publication.Id))
            throw Failed("a player never goes back to an earlier publisher", $"{publication.Id}");
        _publication = publication;
        Array.Fill(_last, -1);
        Forgive();
    }

    private void SeeOrder(in Published message, int index)
    {
        var track = Publication.TrackOf(message.Sort);
        if (index <= _last[track])
            throw Failed("frames come once and in order", $"{index} after {_last[track]}");
        if (track == 0 && message.VideoHeader != _videoHeader)
        {
            throw Failed(
                "a frame comes behind the headers that it needs",
                $"video {index} needs {message.VideoHeader}, has {_videoHeader}");
        }
        if (message.Previous != _last[track] && message.Sort == FrameSort.Inter)
        {
            throw Failed(
                "a picture starts at a keyframe, also after a gap",
                $"inter frame {index} after {_last[track]}");
        }
        if (message.Previous != _last[track] && !_mayMiss[track])
        {
            throw Failed(
                "nothing is missing between segments without a discontinuity",
                $"track {track}: {index} after {_last[track]} of {_publication!.Id}");
        }
        _mayMiss[track] = false;
        _last[track] = index;
    }

    private FindingException Failed(string sentence, string detail) =>
        checks.Failed(sentence, $"{whom}: {detail}");
}
