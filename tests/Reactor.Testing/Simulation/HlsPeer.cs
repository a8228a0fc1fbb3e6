using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Reactor.Protocol.Http;
using Reactor.Testing.Hls;
using Reactor.Testing.Mp4;

namespace Reactor.Testing.Simulation;

/// <summary>Watches by HLS: asks for the playlist again and again, and for what is new in it.
/// </summary>
public sealed class HlsPeer : AskingPeer
{
    private const int Poll = OwnPlans;
    private const int Ok = 200;
    private const int BadRequest = 400;
    private const int NotFound = 404;
    private const int Forbidden = 403;
    private const int Faulty = 500;
    private const int Unavailable = 503;
    private const int FreshUs = 1_000_000;
    private const string Readable =
        "a segment is a transport stream, or fragments behind their init";

    /// <summary>So many segments are listed at most, however short they are.</summary>
    private const int ListedMax = 100;

    /// <summary>Where a player begins: so many segments before the end.</summary>
    private const int FirstFromEnd = 3;

    private readonly Queue<ListedSegment> _wanted = new();
    private readonly HlsPartsViewing _parts = new();
    private readonly HlsReading _reading;
    private PlaylistChecker _playlist;
    private ListedSegment? _compared;
    private string _text = "";
    private long _listedUs;
    private long _knownUs;
    private long _last = -1;
    private long _askedUs;
    private long _playlistAskedUs;
    private long _kickedUs = long.MaxValue;
    private int _process;

    public HlsPeer(World world, int id, PeerPlan plan)
        : base(world, id, plan)
    {
        View = NewView();
        _reading = new HlsReading(world.HasAlignedHls);
        _playlist = NewPlaylist();
    }

    public HlsViewing View { get; private set; }

    /// <summary>Segments that were fetched.</summary>
    public int Segments { get; private set; }

    /// <summary>Whether an operator ended it, and it was refused then.</summary>
    public bool WasRefused { get; private set; }

    /// <summary>Parts that were fetched.</summary>
    public int PartsTaken { get; private set; }

    /// <summary>
    /// How long after its last frame a part was here, at worst: by the playlist's dates.
    /// </summary>
    public TimeSpan PartLag { get; private set; }

    /// <summary>When it was last given a playlist; 0 for never.</summary>
    public long ListedUs => _listedUs;

    protected override int Port => 7002;

    protected override void OnConnected()
    {
        _process = World.Kills;
        AskPlaylist();
    }

    protected override void OnPlanned(int what) => AskPlaylist();

    private PlaylistChecker NewPlaylist() => new() { MayLeap = World.HasAlignedHls };

    private HlsViewing NewView() => new(World.Checks, World.Ledger, Plan.Stream, this);

    /// <summary>An operator has ended it, and was told so.</summary>
    public void OnKicked() => _kickedUs = Time.NowUs;

    private void AskPlaylist()
    {
        var isFresh = Time.NowUs - _listedUs < FreshUs && Random.Next(2) == 0;
        _playlistAskedUs = Time.NowUs;
        Fetch($"{Plan.Stream}.m3u8{_parts.Query(_playlist, isFresh)}", TakePlaylist);
    }

    private void Fetch(string path, Action<HttpResponse> take)
    {
        _askedUs = Time.NowUs;
        Ask("GET", $"/{path}", answer =>
        {
            if (answer.Status == Forbidden && _kickedUs < long.MaxValue)
            {
                WasRefused = true;
                Meet(Fate.Leaves);              // as players do that are refused
                return;
            }
            var wasKicked = _askedUs > _kickedUs && _process == World.Kills;
            if (answer.Status == Ok && wasKicked && !World.IsDisturbedSince(_kickedUs))
                World.Checks.Fail("whom an operator ends is ended", $"{this}: {path}");
            take(answer);
        });
    }

    private void TakePlaylist(HttpResponse answer)
    {
        switch (answer.Status)
        {
            case Ok:
                World.Verdicts.OnAdmitted(this);
                ReadPlaylist(
                    World.Plants.PlaylistFor(Encoding.ASCII.GetString(answer.Body)));
                break;
            case NotFound:
                BeginAnew();
                break;
            case Forbidden when IsRefused(answer):
                break;
            case BadRequest when _parts.IsBegun:
                BeginAnew();                    // another output, whose numbers are behind
                break;
            case Faulty when World.Mishaps.MayHaveEndedHls(_playlistAskedUs):
                BeginAnew();                    // it ended while it began
                break;
            case not Unavailable:
                World.Checks.Fail("a playlist is there, or not, or not yet", $"{answer.Status}");
                break;
        }
        Continue();
    }

    /// <summary>
    /// Whether the hook does not let it in. It may have been in, while the hook did not answer,
    /// until a fault of ours ended what it watched.
    /// </summary>
    private bool IsRefused(HttpResponse answer)
    {
        var isRefused = answer.Status == Forbidden
            && World.Hook is { } hook && !hook.Allows(this);
        if (isRefused)
            Excused("it was refused");
        return isRefused;
    }

    private void ReadPlaylist(string text)
    {
        if (text != _text && (_playlist.IsEnded || SharesNothing(text)))
            BeginAnew();                        // another publisher, behind an end
        _text = text;
        // Aligned, the output behind a fault has the same numbers, and fewer segments at first.
        var isShort = _last >= 0 && World.Mishaps.MayHaveEndedHls(_knownUs);
        _playlist.MayBeShort |= isShort || Occurrences(text) >= ListedMax;
        _listedUs = Time.NowUs;
        _knownUs = _askedUs;
        Kept("a playlist keeps the rules of RFC 8216", () => _playlist.Read(text));
        if (_playlist.Parts.Target > 0)
        {
            if (_parts.Follow(_playlist))
                Skip();
            _last = _playlist.Segments[^1].Sequence;
            TakeWhole();
            return;
        }
        var isFirst = _last < 0;
        foreach (var segment in isFirst
            ? _playlist.Segments.TakeLast(FirstFromEnd)
            : _playlist.Segments)
        {
            if (segment.Sequence <= _last)
                continue;
            if (!isFirst && segment.Sequence != _last + 1)
                Skip();
            _last = segment.Sequence;
            _wanted.Enqueue(segment);
        }
    }

    /// <summary>Whether nothing is left of what was listed: it had ended meanwhile.</summary>
    private bool SharesNothing(string text)
    {
        const string tag = "#EXT-X-MEDIA-SEQUENCE:";
        var first = text.Split('\n').FirstOrDefault(line => line.StartsWith(tag)) ?? $"{tag}0";
        return _last >= 0 && long.Parse(first[tag.Length..]) > _playlist.Segments[^1].Sequence;
    }

    private static int Occurrences(string text) => text.Split("#EXTINF:").Length - 1;

    private void TakeSegment(HttpResponse answer, ListedSegment segment)
    {
        if (answer.Status == Ok)
        {
            Take(segment, answer.Body.ToArray(), []);
        }
        else
        {
            Miss(answer, segment.Uri);
        }
        Continue();
    }

    private void Take(ListedSegment segment, byte[] bytes, TakenPart[] parts)
    {
        Segments++;
        World.Segments.See(Plan.Stream, segment.Uri, bytes, _process);
        Kept(Readable, () => _reading.Add(segment, bytes, parts, View));
    }

    /// <summary>What was joined of parts, in one piece: the book knows whether it is the same.
    /// </summary>
    private void TakeAgain(HttpResponse answer, ListedSegment segment)
    {
        if (answer.Status == Ok)
            World.Segments.See(Plan.Stream, segment.Uri, answer.Body, _process);
        else
            Miss(answer, segment.Uri);
        Continue();
    }

    private void TakeInit(HttpResponse answer, string uri)
    {
        if (answer.Status == Ok)
        {
            World.Segments.See(Plan.Stream, uri, answer.Body, _process);
            var bytes = World.Plants.InitFor(answer.Body.ToArray());
            Kept(Readable, () => _reading.AddInit(uri, bytes, View));
        }
        else
        {
            Miss(answer, uri);
            _reading.Drop();
        }
        Continue();
    }

    /// <summary>A segment, or what has to be read before it, was listed and is not there.
    /// </summary>
    private void Miss(HttpResponse answer, string uri)
    {
        // What left the playlist stays for some segments, which may be short.
        var isLong = _playlist.Segments.All(each => each.Duration * 2 >= _playlist.Target);
        Miss(answer, "segment", uri, staysLong: isLong);
    }

    private void Miss(HttpResponse answer, string what, string name, bool staysLong)
    {
        if (answer.Status != NotFound && !IsRefused(answer))
            World.Checks.Fail($"a {what} is there or not", $"{answer.Status}");
        if (answer.Status == NotFound && IsFresh && staysLong && !MayBeGone)
            World.Checks.Fail($"no playlist names a {what} that is not there", name);
        Skip();
    }

    private bool IsFresh => Time.NowUs - _listedUs < FreshUs && !_playlist.IsEnded;

    /// <summary>
    /// Whether what the playlist named may be gone, though it is fresh. A fault of ours ends the
    /// output, whose playlist may have been on its way then: it had been asked for before.
    /// </summary>
    private bool MayBeGone => World.IsDisturbedSince(_listedUs)
        || World.Mishaps.MayHaveEndedHls(_playlistAskedUs);

    private void Continue()
    {
        if (_reading.Wanted is { } init)
        {
            Fetch($"{Folder}/{init}", answer => TakeInit(answer, init));
            return;
        }
        if (_compared is { } whole)
        {
            _compared = null;
            Fetch($"{Folder}/{whole.Uri}", answer => TakeAgain(answer, whole));
            return;
        }
        if (_parts.TryNext(out var wanted))
        {
            Fetch(
                $"{Folder}/{wanted.Part.Uri}",
                answer => TakePart(answer, wanted.Part, wanted.Target));
            return;
        }
        if (_parts.IsBegun && !_playlist.IsEnded && _wanted.Count == 0)
        {
            PlanIn(1, Poll);                    // it is held until there is more
            return;
        }
        if (_wanted.TryDequeue(out var segment))
        {
            Fetch($"{Folder}/{segment.Uri}", answer => TakeSegment(answer, segment));
            return;
        }
        var target = Math.Max(1, _playlist.Target);
        PlanIn(Random.Next(target * 250, target * 1000), Poll);
    }

    private string Folder => Plan.Stream[..Plan.Stream.LastIndexOf('/')];

    private void TakePart(HttpResponse answer, ListedPart part, decimal target)
    {
        if (answer.Status != Ok)
        {
            Miss(answer, "part", $"{part}", staysLong: true);
            _parts.Clear();
        }
        else
        {
            PartsTaken++;
            var bytes = World.Plants.LosesPart() ? default : answer.Body;
            var lag = World.Time.GetUtcNow() - _parts.Add(part, target, bytes);
            PartLag = lag > PartLag && Segments > 0 ? lag : PartLag;
            TakeWhole();
        }
        Continue();
    }

    /// <summary>The parts of a segment are its bytes.</summary>
    private void TakeWhole()
    {
        while (_parts.TryEnd(_playlist, out var segment, out var bytes, out var parts))
        {
            Take(segment, bytes, parts);
            _compared = Random.Next(8) == 0 ? segment : _compared;
            if (_parts.Follow(_playlist))
                Skip();
        }
    }

    /// <summary>What comes next does not follow what came before.</summary>
    private void Skip() => _reading.Skip();

    /// <summary>What comes next is of another output.</summary>
    /// <remarks>
    /// Only a fault of ours ends an output while its publisher goes on and somebody watches. The
    /// next one begins with the cached GOPs, as for whoever joins, and so with frames that were in
    /// the first: its numbers and its playlist are others, and who reads it begins anew.
    /// </remarks>
    private void BeginAnew()
    {
        _playlist = NewPlaylist();
        _wanted.Clear();
        _parts.Clear();
        _compared = null;
        _last = -1;
        _reading.BeginAnew();
        if (World.Mishaps.ToldUs >= _knownUs)   // since it asked for what is listed
            View.BeginAnew();
    }

    private void Kept(string sentence, Action read)
    {
        try
        {
            read();
        }
        catch (Exception broken) when (broken is TsException or Mp4Exception)
        {
            World.Checks.Fail(sentence, $"{this}: {broken.Message}");
        }
    }
}
