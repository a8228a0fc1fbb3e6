using System;
using System.Collections.Generic;
using Reactor.Protocol.Rtmp;

namespace Reactor.Testing.Simulation;

/// <summary>What one player saw of one stream, held against what was published.</summary>
/// <param name="checks">Told what is wrong.</param>
/// <param name="ledger">All that was published.</param>
/// <param name="stream">app/name.</param>
/// <param name="whom">For messages.</param>
public sealed class Viewing(Checks checks, Ledger ledger, string stream, object whom)
{
    private readonly int[] _last = [-1, -1, -1];
    private readonly bool[] _mayMiss = [true, true, true];
    private readonly bool[] _hasTime = new bool[3];
    private readonly uint[] _time = new uint[3];
    private readonly HashSet<uint> _entered = [];
    private Publication? _publication;
    private int _videoHeader = -1;
    private int _audioHeader = -1;
    private int _latest = -1;

    /// <summary>Whether it may miss frames at any time, for it does not keep up.</summary>
    public bool IsSlow { get; set; }

    /// <summary>Whether time begins anew or is the publisher's own, so that it may jump.</summary>
    public bool MayJump { get; set; }

    /// <summary>Whether publishers have to be found first, on another server.</summary>
    public bool MayMissBeginnings { get; init; }

    /// <summary>Whether headers are those of another moment: a seek in a file without a picture.
    /// </summary>
    public bool MayLackHeaders { get; init; }

    /// <summary>Frames that were seen.</summary>
    public long Frames { get; private set; }

    /// <summary>Frames that were missed after the first one of their track.</summary>
    public long Gaps { get; private set; }

    /// <summary>When a frame was last seen.</summary>
    public long LastUs { get; private set; }

    /// <summary>When the latest frame that was seen was published; 0 for none.</summary>
    public long LatestSentUs { get; private set; }

    public string Stream => stream;

    /// <summary>Whose frames came last.</summary>
    public Publication? Publication => _publication;

    /// <summary>The time of the latest message of a track, as the player was told.</summary>
    public uint TimeOf(int track) => _time[track];

    /// <summary>It is the same player that saw another stream: its time goes on.</summary>
    public void GoOnFrom(Viewing other)
    {
        other._time.CopyTo(_time, 0);
        other._hasTime.CopyTo(_hasTime, 0);
    }

    /// <summary>
    /// The next frame of each track may come after a gap: the player asked for it.
    /// </summary>
    public void Forgive()
    {
        Array.Fill(_mayMiss, true);
        WaitsSinceUs = long.MaxValue;
    }

    /// <summary>
    /// Since when it has waited: what is published from its first frame on later than that is
    /// seen from its first frame on. Never, unless told.
    /// </summary>
    public long WaitsSinceUs { get; set; } = long.MaxValue;

    /// <summary>Until then gaps are nobody's fault: the machine was frozen for long.</summary>
    public long MayMissUntilUs { get; set; }

    /// <summary>Looks at one message.</summary>
    /// <returns>What was published.</returns>
    public Published See(MessageType type, uint timestamp, ReadOnlySpan<byte> payload, long nowUs)
    {
        if (!Simulation.Frames.TryRead(payload, out var id, out var index)
            || ledger.Find(id) is not { } publication
            || !publication.IsNamed(ledger.OriginOf(stream)))
        {
            throw Failed(
                "a player receives only what was published",
                $"{type} of {payload.Length} bytes, {id}/{index} of {ledger.Find(id)?.Name}");
        }
        if (index >= publication.Messages.Count
            || publication.Messages[(int)index].Hash != Simulation.Frames.Hash(payload))
        {
            throw Failed("what a player receives is byte-identical", $"{id}/{index}");
        }

        var message = publication.Messages[(int)index];
        if (publication != _publication)
            Enter(publication);
        SeeTime(Simulation.Publication.TrackOf(message.Sort), timestamp, index);
        if (Simulation.Publication.IsHeader(message.Sort))
            SeeHeader(message.Sort, (int)index);
        else
            SeeFrame(message, (int)index, nowUs);
        return message;
    }

    private void Enter(Publication publication)
    {
        if (!_entered.Add(publication.Id))
            throw Failed("a player never goes back to an earlier publisher", $"{publication.Id}");
        var isWhole = publication.FirstUs > WaitsSinceUs;
        if (publication.WasMoved || MayMissBeginnings)
            Array.Fill(_mayMiss, true);         // it began elsewhere
        else if (_publication is null && isWhole)
            Array.Fill(_mayMiss, false);
        publication.See(checks);
        _publication = publication;
        _videoHeader = _audioHeader = _latest = -1;
        Array.Fill(_last, -1);
    }

    private void SeeTime(int track, uint timestamp, uint index)
    {
        if (_hasTime[track] && !MayJump && (int)(timestamp - _time[track]) < 0)
        {
            throw Failed(
                "time never goes back on a track",
                $"track {track}: {timestamp} after {_time[track]} at {index}");
        }
        _time[track] = timestamp;
        _hasTime[track] = true;
    }

    private void SeeHeader(FrameSort sort, int index)
    {
        ref var known = ref sort == FrameSort.AudioHeader ? ref _audioHeader : ref _videoHeader;
        if (sort == FrameSort.Metadata)
            return;
        if (index < known)
            throw Failed("headers come in order", $"{index} after {known}");
        known = index;
    }

    private void SeeFrame(in Published message, int index, long nowUs)
    {
        var track = Simulation.Publication.TrackOf(message.Sort);
        if (index <= _latest)
            throw Failed("frames come once and in order", $"{index} after {_latest}");
        if (track == 0 && message.VideoHeader != _videoHeader)
        {
            throw Failed(
                "a frame comes behind the headers that it needs",
                $"video {index} needs {message.VideoHeader}, has {_videoHeader}");
        }
        if (track == 1 && message.AudioHeader != _audioHeader && !MayLackHeaders)
        {
            throw Failed(
                "a frame comes behind the headers that it needs",
                $"audio {index} needs {message.AudioHeader}, has {_audioHeader}");
        }
        if (message.Sort == FrameSort.Inter && message.Previous != _last[0])
        {
            throw Failed(
                "a picture starts at a keyframe, also after a gap",
                $"inter frame {index} after {_last[0]}");
        }
        if (message.Previous != _last[track])
            Miss(track, index, nowUs);
        _mayMiss[track] = false;
        _last[track] = index;
        _latest = index;
        LastUs = nowUs;
        LatestSentUs = message.SentUs;
        Frames++;
    }

    private void Miss(int track, int index, long nowUs)
    {
        if (!IsSlow && !_mayMiss[track] && nowUs > MayMissUntilUs)
        {
            throw Failed(
                "nothing is missing while a player keeps up",
                $"track {track}: {index} after {_last[track]} of {_publication!.Id}");
        }
        Gaps += _last[track] >= 0 ? 1 : 0;      // a joiner has missed nothing
    }

    private FindingException Failed(string sentence, string detail) =>
        checks.Failed(sentence, $"{whom}: {detail}");
}
