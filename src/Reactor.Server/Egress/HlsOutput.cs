using System;
using System.Collections.Generic;
using System.Linq;
using NLog;
using Reactor.Primitives;
using Reactor.Server.Configuration;
using Reactor.Server.Hooks;
using Reactor.Server.Http;
using Reactor.Streaming;
using Reactor.Streaming.Hls;
using Reactor.Transport;
using Reactor.Transport.Polling;

namespace Reactor.Server.Egress;

/// <summary>The HLS of one live stream: its segments, for all who ask.</summary>
/// <remarks>
/// On demand it lives from the first request to some time after the last one, and begins with the
/// stream's cached GOP, so that its first segment begins at once. A stream that is fetched only
/// while somebody watches has no other: its viewers are what it is pulled for. When the publisher
/// leaves it waits for the next one as players do, and then the playlist ends. A fault of ours ends
/// it, and not the publisher whose frame showed it.
/// </remarks>
internal sealed class HlsOutput : ISubscriber, IFaultTarget
{
    private static readonly Logger Log = LogManager.GetLogger("hls");
    private static readonly LentCall<HlsOutput, MediaFrame> TakeFrame =
        (HlsOutput output, in MediaFrame frame) => output.Take(frame);

    private static readonly Action<object> AskAgain = target =>
    {
        var exchange = (HttpExchange)target;
        exchange.Waiting?.Invoke(exchange.Server.Loop.NowMs);
    };

    private readonly ReactorServer _server;
    private readonly HlsSettings _settings;
    private readonly HlsSegmenter _segmenter;
    private readonly LoopTimer? _settled;
    private readonly string _path;
    private readonly bool _isOnDemand;
    private readonly HashSet<HttpExchange> _held = [];
    private readonly List<HttpExchange> _asked = [];
    private long _graceMs;
    private long _askedMs;
    private long _segments;
    private long _toldVersion;

    /// <param name="server">Whose clock and pool it uses.</param>
    /// <param name="stream">What it plays; see <see cref="Join"/>.</param>
    /// <param name="options">What holds for that stream.</param>
    /// <param name="firstSequence">The number of its first segment.</param>
    public HlsOutput(
        ReactorServer server, LiveStream stream, StreamOptions options, long firstSequence)
    {
        _server = server;
        Options = options.Hls;
        Reload(options);
        _askedMs = server.Loop.NowMs;
        _isOnDemand = Options.IsOnDemand || !stream.IsPublished
            || server.Relays.IsOnDemand(stream.Key) || server.Exec.IsOnDemand(stream.Key);
        Stream = stream;
        var names = stream.Key.ToString().Split('/');
        _path = '/' + string.Join('/', names.Select(Uri.EscapeDataString));
        _settings = SettingsOf.Hls(Options);
        _settled = _settings.IsAligned ? server.Loop.CreateTimer(OnSettled, this) : null;
        _segmenter = new HlsSegmenter(
            _settings, server.Loop.Pool, stream.Key.Name, firstSequence)
        {
            SegmentReady = OnSegment,
            Struck = server.Struck.Add,
            CodecRefused = OnCodecRefused,
            Unlike = OnUnlike,
        };
        if (Options.Store == HlsStore.Disk)
        {
            Files = new HlsFiles(server, stream.Key, Options.Path)
            {
                Written = segment => Tell(
                    segment, Files!.FileOf(segment).Text, Files.Playlist.Text),
            };
        }
    }

    public LiveStream Stream { get; }

    public HlsOptions Options { get; }

    /// <summary>How many watch it.</summary>
    public int ViewerCount { get; set; }

    /// <summary>Whether nothing more comes: who asks again is given another output.</summary>
    public bool IsOver { get; private set; }

    public HlsWindow Window => _segmenter.Window;

    /// <summary>Its files; null where it is in memory alone.</summary>
    public HlsFiles? Files { get; }

    /// <summary>On demand it is there because somebody watches.</summary>
    public bool IsAudience => _isOnDemand;

    /// <summary>Why there will be no segment: nothing of the stream can be carried.</summary>
    public string? Obstacle
    {
        get
        {
            var codecs = Stream.Codecs;
            var video = _segmenter.RefusedOf(FrameKind.Video);
            var audio = _segmenter.RefusedOf(FrameKind.Audio);
            var isHopeless = (video is not null || audio is not null)
                && (video is not null || !codecs.HasVideo)
                && (audio is not null || !codecs.HasAudio);
            return isHopeless ? $"HLS is not used for {video} {audio}".TrimEnd() : null;
        }
    }

    /// <summary>Codecs that are left out, for people; empty when none is.</summary>
    public IEnumerable<string> Refused
    {
        get
        {
            if (_segmenter.RefusedOf(FrameKind.Video) is { } video)
                yield return video;
            if (_segmenter.RefusedOf(FrameKind.Audio) is { } audio)
                yield return audio;
        }
    }

    /// <summary>Somebody asks for the playlist or a segment.</summary>
    public void Ask() => _askedMs = _server.Loop.NowMs;

    /// <summary>The playlist as it is now.</summary>
    /// <param name="isDelta">Without what whoever asks is sure to know.</param>
    /// <param name="tag">Changes with it; in quotes.</param>
    /// <returns>Borrowed; null before the first segment is complete.</returns>
    public Packet? Playlist(bool isDelta, out string tag)
    {
        var window = Window;
        tag = $"\"{window.NextSequence}-{window.Version}{(isDelta ? "-delta" : "")}\"";
        return window.Playlist(isDelta);
    }

    /// <summary>A request that waits: it is heard again with whatever is new.</summary>
    public void Hold(HttpExchange exchange)
    {
        _held.Add(exchange);
        exchange.Gone = () => _held.Remove(exchange);
    }

    public void OnFrame(in MediaFrame frame)
    {
        if (_settled is { IsSet: true })
            return;                             // see WaitForClock
        _server.Loop.Contain(this, this, frame, TakeFrame);
        AnswerHeld();
    }

    public void OnPublished() => _server.Loop.Contain(this, () =>
    {
        Files?.Begin();
        if (_settled is null)
            _segmenter.Begin();
        else
            WaitForClock();
    });

    public void OnUnpublished()
    {
        _settled?.Cancel();
        _server.Loop.Contain(this, _segmenter.Pause);
        AnswerHeld();
    }

    public void OnFault(Exception fault)
    {
        Log.Error(fault, "{Stream:l}: a fault of ours in its HLS", Stream.Key.ToString());
        _server.Hls.Close(this, "a fault of ours");
    }

    /// <summary>Takes its place at the stream, once it is known of.</summary>
    public void Join()
    {
        Stream.Subscribe(this);
        Log.Info("HLS of {Stream:l} begins", Stream.Key.ToString());
        if (!Stream.IsPublished)
            return;
        if (_settled is null || Stream.Time.IsSettled(_server.Loop.NowMs))
            Begin();
        else
            WaitForClock();
    }

    /// <summary>Ends the playlist when the publisher does not return.</summary>
    /// <returns>Whether nobody needs the output any more.</returns>
    public bool Check(long nowMs)
    {
        _held.RemoveWhere(exchange => exchange.IsAnswered);     // those that waited too long
        var isIdle = nowMs - _askedMs >= Options.HlsDispose.TotalMilliseconds;
        if (Stream.IsPublished)
            return isIdle && _isOnDemand;
        if (!Stream.WasPublished)
            return isIdle;
        var goneMs = nowMs - Stream.UnpublishedSinceMs;
        if (goneMs > _graceMs)
            End();
        return isIdle && Window.IsEnded && !Options.HlsKeepAfterEnd
            && goneMs - _graceMs >= Options.HlsDispose.TotalMilliseconds;
    }

    /// <summary>Other options are in force: how it is cut stays as it was.</summary>
    public void Reload(StreamOptions options) =>
        _graceMs = (long)options.Publish.Grace.TotalMilliseconds;

    /// <summary>No frame will follow: the last segment is complete, and the playlist says so.
    /// </summary>
    public void End()
    {
        if (Window.IsEnded)
            return;
        _segmenter.End();
        Files?.End();
        AnswerHeld();
    }

    /// <summary>
    /// Gives everything back, and sends those away who wait; its files are closed by whoever has
    /// them.
    /// </summary>
    public void Close(string why)
    {
        IsOver = true;
        _settled?.Cancel();
        Stream.Unsubscribe(this);
        _segmenter.Clear();
        AnswerHeld();
        Log.Info(
            "HLS of {Stream:l} ends: {Segments} segments: {Why:l}",
            Stream.Key.ToString(), _segments, why);
    }

    /// <summary>Headers and the last GOP, as for any player; each came at its time.</summary>
    private void Begin()
    {
        _segmenter.Begin(_settled is null ? 0 : HlsGrid.ShiftOf(
            _settings, Stream.Time, _server.Loop.NowMs, _server.Time.GetUtcNow()));
        var codecs = Stream.Codecs;
        for (var i = 0; i < codecs.Count; i++)
            Take(codecs[i]);
        var gops = Stream.Gops;
        var utc = _server.Time.GetUtcNow();
        for (var i = 0; i < gops.Count; i++)
        {
            var age = TimeSpan.FromMilliseconds(gops[^1].TimeMs - gops[i].TimeMs);
            _segmenter.OnFrame(gops[i], utc - age);
        }
    }

    /// <summary>
    /// The publisher's first moments tell how its clock stands to ours: what comes meanwhile is
    /// taken from the caches, as by whoever joins.
    /// </summary>
    private void WaitForClock() => _settled!.Set(TimeLine.SettleMs);

    private void OnSettled()
    {
        if (!Stream.Time.IsSettled(_server.Loop.NowMs))
        {
            WaitForClock();                     // no frame has come, or not long ago
            return;
        }
        Begin();
        AnswerHeld();
    }

    /// <summary>
    /// What is new is sent in this turn to those who wait for it. It is no fault of theirs, nor of
    /// the publisher, if that fails for one of them.
    /// </summary>
    private void AnswerHeld()
    {
        if (_held.Count == 0 || Window.Version == _toldVersion)
            return;
        _toldVersion = Window.Version;
        _asked.AddRange(_held);                 // who is answered is not held any more
        foreach (var exchange in _asked)
        {
            _server.Loop.Contain(exchange.Session.Connection, exchange, AskAgain);
            if (exchange.IsAnswered)
                _held.Remove(exchange);
        }
        _asked.Clear();
    }

    private void Take(in MediaFrame frame) =>
        _segmenter.OnFrame(frame, _server.Time.GetUtcNow());

    private void OnSegment(HlsSegment segment)
    {
        _segments++;
        if (Files is null)
            Tell(segment, file: "", playlist: "");
        else
            Files.Add(segment, Window);
    }

    private void Tell(HlsSegment segment, string file, string playlist) =>
        _server.Hooks.SegmentDone(Stream, new HookFile(file, segment.DurationMs)
        {
            Bytes = segment.Bytes,
            Url = $"{_path}/{segment.Sequence}{segment.Ending}",
            Playlist = playlist,
            PlaylistUrl = $"{_path}.m3u8",
            Sequence = segment.Sequence,
        });

    private void OnUnlike() => Log.Warn(
        "HLS of {Stream:l}: numbers of segments do not follow the clock: keyframes do not fit "
            + "hls_fragment, or it was put back; a server that begins later may number otherwise",
        Stream.Key.ToString());

    private void OnCodecRefused(string codec) => Log.Warn(
        "HLS of {Stream:l} leaves {Codec:l} out: its segments are not used for it",
        Stream.Key.ToString(), codec);
}
