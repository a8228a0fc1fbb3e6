using System;
using System.Collections.Generic;

namespace Reactor.Testing.Simulation;

/// <summary>One message as it was published.</summary>
/// <param name="Sort">What it is.</param>
/// <param name="Hash">Of the payload as players are to see it.</param>
/// <param name="Timestamp">The publisher's, modulo 2^32.</param>
/// <param name="SentUs">When its publisher gave it to its link.</param>
/// <param name="VideoHeader">Index of the video header in force; −1 for none.</param>
/// <param name="AudioHeader">Index of the audio header in force; −1 for none.</param>
/// <param name="Previous">Index of the message of the same track before it; −1 for none.</param>
public readonly record struct Published(
    FrameSort Sort,
    ulong Hash,
    uint Timestamp,
    long SentUs,
    int VideoHeader,
    int AudioHeader,
    int Previous);

/// <summary>All that one publisher sent from its acceptance to its end.</summary>
public sealed class Publication(uint id, string name, long nowUs)
{
    private readonly List<string> _names = [name];
    private bool _wasSeen;
    private bool _wasRefused;

    private readonly int[] _last = [-1, -1, -1];

    public uint Id => id;

    /// <summary>The live stream's, as its publisher called it.</summary>
    public string Name => name;

    /// <summary>Whether an operator moved it to another name, or tried to.</summary>
    public bool WasMoved { get; private set; }

    /// <summary>When its first message may have been sent.</summary>
    public long FirstUs => nowUs;

    /// <summary>When its publisher was told that it may; 0 before.</summary>
    public long BeganUs { get; set; }

    public List<Published> Messages { get; } = [];

    /// <summary>Index of the video header in force; −1 before the first one.</summary>
    public int VideoHeader { get; private set; } = -1;

    public int AudioHeader { get; private set; } = -1;

    /// <summary>When the last message was given to the link.</summary>
    public long LastUs { get; private set; }

    /// <summary>Whether its link takes what is sent at once.</summary>
    public bool IsPrompt { get; set; }

    /// <summary>Whether its publisher goes on, as far as one can be sure.</summary>
    public bool IsLive { get; set; }

    /// <summary>Whether it was ever to be seen by this name.</summary>
    public bool IsNamed(string other) => _names.Contains(other);

    /// <summary>An operator moves it: nobody is sure by which name it goes on.</summary>
    public void MayMoveTo(string other)
    {
        WasMoved = true;
        IsLive = false;
        _names.Add(other);
    }

    /// <summary>It is sure by which name it goes on; until then nobody may have listened.</summary>
    public void EndMove(long nowUs) => BeganUs = nowUs;

    /// <summary>It was not moved.</summary>
    public void StaysFrom(string other) => _names.Remove(other);

    /// <summary>It may not be published: nobody may have seen anything of it.</summary>
    public void Refuse(Checks checks)
    {
        _wasRefused = true;
        if (_wasSeen)
            checks.Fail("nothing of a publisher that was refused is played", name);
    }

    /// <summary>Somebody sees it.</summary>
    public void See(Checks checks)
    {
        _wasSeen = true;
        if (_wasRefused)
            checks.Fail("nothing of a publisher that was refused is played", name);
    }

    /// <summary>When the server was killed out of a calm while it went on; 0 for never.</summary>
    public long KilledUs { get; set; }

    /// <summary>When the last frame before a moment was sent; 0 for none.</summary>
    public long LastBefore(long us)
    {
        var last = Messages.FindLastIndex(
            message => message.SentUs < us && !IsHeader(message.Sort));
        return last < 0 ? 0 : Messages[last].SentUs;
    }

    /// <summary>Video, audio, or data.</summary>
    public static int TrackOf(FrameSort sort) => sort switch
    {
        FrameSort.VideoHeader or FrameSort.Keyframe or FrameSort.Inter => 0,
        FrameSort.AudioHeader or FrameSort.Audio => 1,
        _ => 2,
    };

    public static bool IsHeader(FrameSort sort) =>
        sort is FrameSort.VideoHeader or FrameSort.AudioHeader or FrameSort.Metadata;

    public void Add(FrameSort sort, ulong hash, uint timestamp, long sentUs)
    {
        var index = Messages.Count;
        if (sort == FrameSort.VideoHeader)
            VideoHeader = index;
        if (sort == FrameSort.AudioHeader)
            AudioHeader = index;
        var track = TrackOf(sort);
        Messages.Add(new Published(
            sort, hash, timestamp, sentUs, VideoHeader, AudioHeader, _last[track]));
        if (!IsHeader(sort))
            _last[track] = index;
        LastUs = sentUs;
    }
}

/// <summary>Every publication of the world, by the number that stands in its frames.</summary>
public sealed class Ledger
{
    private readonly List<Publication> _publications = [];
    private readonly Dictionary<string, string> _origins = [];
    private readonly Dictionary<string, string> _renamed = [];
    private readonly HashSet<string> _relayed = [];

    /// <summary>One stream is another, which a relay brings there.</summary>
    public void Relay(string origin, string stream)
    {
        _origins[stream] = origin;
        _relayed.Add(stream);
    }

    /// <summary>Whoever publishes by one name is seen by another, and only by that.</summary>
    public void Rename(string published, string shown)
    {
        _origins[shown] = published;
        _origins[published] = "";
        _renamed[published] = shown;
    }

    /// <summary>By which name that is played which is published by this one.</summary>
    public string ShownAs(string published) => _renamed.GetValueOrDefault(published, published);

    /// <summary>Whether who plays a stream may see this message.</summary>
    public bool IsOf(ReadOnlySpan<byte> payload, string stream) =>
        Frames.TryRead(payload, out var id, out _) && Find(id) is { } publication
        && publication.IsNamed(OriginOf(stream));

    public bool IsRelayed(string stream) => _relayed.Contains(stream);

    /// <summary>Under which name that is published which is played under this one.</summary>
    public string OriginOf(string stream) => _origins.GetValueOrDefault(stream, stream);

    public Publication Begin(string name, long nowUs)
    {
        var publication = new Publication((uint)_publications.Count, name, nowUs);
        _publications.Add(publication);
        return publication;
    }

    public IReadOnlyList<Publication> Publications => _publications;

    /// <summary>An operator ends whoever publishes this: nobody is sure to go on.</summary>
    public void Doubt(string name)
    {
        foreach (var publication in _publications)
            publication.IsLive &= publication.Name != name;
    }

    /// <summary>Whether nobody took the name away from it before it was killed.</summary>
    public bool HadName(Publication one) => !_publications.Exists(other =>
        other.Name == one.Name && other.BeganUs > one.BeganUs && other.BeganUs <= one.KilledUs);

    /// <summary>The server is no more: whatever is published from now on goes nowhere.</summary>
    /// <param name="published">What was published there; nulls were not accepted.</param>
    /// <param name="nowUs">The moment.</param>
    /// <param name="isCalm">Whether it was disturbed by nothing before.</param>
    public static void Kill(IEnumerable<Publication?> published, long nowUs, bool isCalm)
    {
        foreach (var publication in published)
        {
            if (publication is not { IsLive: true })
                continue;
            publication.IsLive = false;
            publication.KilledUs = isCalm ? nowUs : 0;
        }
    }

    public Publication? Find(uint id) =>
        id < _publications.Count ? _publications[(int)id] : null;

    /// <summary>When a message of this stream was last sent; 0 for never.</summary>
    public long LastUs(string name)
    {
        name = OriginOf(name);
        var last = 0L;
        foreach (var publication in _publications)
        {
            if (publication.Name == name && publication.LastUs > last)
                last = publication.LastUs;
        }
        return last;
    }

    /// <summary>When a publisher that goes on sent its first message after that.</summary>
    /// <param name="name">The live stream's.</param>
    /// <param name="us">After that.</param>
    /// <param name="isStart">Whether only that counts with which a player may begin.</param>
    public long FirstAfter(string name, long us, bool isStart = false)
    {
        name = OriginOf(name);
        var first = long.MaxValue;
        foreach (var publication in _publications)
        {
            if (publication.Name != name || !publication.IsLive)
                continue;                       // one that was replaced sends into the void
            foreach (var message in publication.Messages)
            {
                var counts = !isStart || message.Sort is FrameSort.Keyframe or FrameSort.Audio;
                if (counts && message.SentUs > us && message.SentUs < first)
                    first = message.SentUs;
            }
        }
        return first;
    }

    /// <summary>Whether somebody has published this stream all the time since then.</summary>
    public bool IsLiveSince(string name, long us) => _publications.Exists(publication =>
        publication.IsLive && publication.Name == OriginOf(name)
        && publication.BeganUs <= us);
}
