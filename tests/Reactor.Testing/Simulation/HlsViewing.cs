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

    private readonly int[] _last = [-1, -1];
    private readonly bool[] _mayMiss = [true, true];
    private readonly HashSet<uint> _entered = [];
    private Publication? _publication;
    private int _videoHeader = -1;

    /// <summary>Frames that were seen.</summary>
    public long Frames { get; private set; }

    /// <summary>The next frame of each track may come after a gap.</summary>
    public void Forgive() => Array.Fill(_mayMiss, true);

    /// <summary>Looks at a frame, or at several frames of sound in one packet.</summary>
    public void See(TsFrame frame)
    {
        if (frame.IsVideo)
            SeePicture(frame.Bytes, frame.StreamType == HevcStream);
        else
            SeeSound(frame.Bytes);
    }

    /// <summary>Looks at a sample of MP4, whose headers stand in its track.</summary>
    public void See(Mp4Frame frame)
    {
        if (!Simulation.Frames.TryRead(frame.Bytes, out var id, out var index))
            throw Failed("a player receives only what was published", "a sample");
        if (frame.IsVideo && Simulation.Frames.TryRead(frame.Track.Config, out _, out var header))
            _videoHeader = (int)header;
        var sort = SeeOne(
            id, (int)index, frame.Track.Codec == "hvc1",
            frame.IsVideo ? frame.Bytes.AsSpan(LengthBytes) : frame.Bytes);
        if (frame.IsSync == (sort == FrameSort.Inter))
            throw Failed("a sample says whether decoding can begin there", $"{id}/{index}");
    }

    private void SeePicture(ReadOnlySpan<byte> bytes, bool isHevc)
    {
        var units = NaluReader.AnnexB(bytes);
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
                SeeOne(id, (int)index, isHevc, nalu);
        }
    }

    private void SeeSound(ReadOnlySpan<byte> bytes)
    {
        while (AdtsHeader.TryRead(bytes, out var header))
        {
            var frame = bytes[AdtsHeader.Length..header.FrameLength];
            if (!Simulation.Frames.TryRead(frame, out var id, out var index))
                throw Failed("a player receives only what was published", "sound");
            SeeOne(id, (int)index, isHevc: false, frame);
            bytes = bytes[header.FrameLength..];
        }
    }

    private FrameSort SeeOne(uint id, int index, bool isHevc, ReadOnlySpan<byte> frame)
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
