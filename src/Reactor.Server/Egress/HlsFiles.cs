using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using NLog;
using Reactor.Protocol.Hls;
using Reactor.Server.Storage;
using Reactor.Streaming;
using Reactor.Streaming.Hls;
using Reactor.Transport.Polling;

namespace Reactor.Server.Egress;

/// <summary>The segments and the playlist of one output as files, for a server in front.</summary>
/// <remarks>
/// <para>They are PATH/APP/STREAM/NUMBER.ts, or .m4s and their init NUMBER.mp4, and index.m3u8
/// beside them. A segment is put in place whole, its init before it, then the playlist that lists
/// it, and at last what left the window is deleted: so no playlist names a file that is not there,
/// whenever the server ends.</para>
/// <para>Trouble with the disk is told once and costs these files alone. They begin anew, with an
/// empty folder, after a while or with the next publisher.</para>
/// Invariants: one operation is under way at most; <see cref="_waitingBytes"/> counts the segments
/// that the disk has not answered for.
/// </remarks>
internal sealed class HlsFiles : IFaultTarget
{
    public const string PlaylistName = "index.m3u8";

    /// <summary>What a slow disk may owe us, unless one segment alone is larger.</summary>
    public const int WaitingBytesMax = 32 << 20;

    /// <summary>Segments that may wait for it, however small.</summary>
    public const int WaitingMax = 16;

    public const int RetryMs = 30_000;

    private static readonly Logger Log = LogManager.GetLogger("hls");

    private readonly ReactorServer _server;
    private readonly StreamKey _key;
    private readonly Queue<Step> _waiting = new();
    private readonly List<HlsSegment> _written = [];
    private Step _last;
    private Step _underWay;
    private HlsInit? _init;
    private long _waitingBytes;
    private long _retryAtMs;
    private bool _isUnderWay;
    private bool _hasFailed;
    private bool _beginsAnew;
    private bool _isClosed;

    /// <param name="server">Whose disk, pool and clock are used.</param>
    /// <param name="key">Of the live stream.</param>
    /// <param name="path">The operator's folder.</param>
    public HlsFiles(ReactorServer server, StreamKey key, string path)
    {
        _server = server;
        _key = key;
        Folder = SafePath.Configured(path).Named(key.App).Named(key.Name);
    }

    public SafePath Folder { get; }

    public SafePath Playlist => Folder.Child(PlaylistName);

    /// <summary>Told when a segment is in place, and the playlist that lists it.</summary>
    public Action<HlsSegment>? Written { get; init; }

    /// <summary>
    /// The oldest number that a playlist may name; what is below it is left over.
    /// </summary>
    public long OldestKept { get; private set; } = long.MinValue;

    /// <summary>
    /// Whether a playlist of ours was in place: until then there may be another's, which may name
    /// anything.
    /// </summary>
    public bool HasPlaylist => OldestKept > long.MinValue;

    /// <summary>Whether a segment needs an init, by its name.</summary>
    public bool Needs(long init) => _init?.Sequence == init
        || _underWay.Init?.Sequence == init || _underWay.Segment?.Init?.Sequence == init
        || _written.Exists(segment => segment.Init?.Sequence == init)
        || _waiting.Any(step => step.Segment?.Init?.Sequence == init);

    /// <summary>Another publisher begins: the disk has another chance.</summary>
    public void Begin() => _retryAtMs = 0;

    /// <summary>A segment is complete.</summary>
    /// <param name="segment">The newest of the window.</param>
    /// <param name="window">Which segments are listed with it, and which are kept.</param>
    public void Add(HlsSegment segment, HlsWindow window)
    {
        if (_isClosed || (_hasFailed && !TryAgain()))
            return;
        var isFull = _waiting.Count >= WaitingMax
            || (_waitingBytes > 0 && _waitingBytes + segment.Bytes > WaitingBytesMax);
        if (isFull)
        {
            Fail(new FileError(
                FileFailure.Busy, $"{Folder}: the disk is too slow: {_waitingBytes} bytes wait"));
            return;
        }
        foreach (var packet in segment.Packets)
            packet.Retain();
        _waitingBytes += segment.Bytes;
        if (segment.Init is { } init && init != _init)
        {
            init.Packet.Retain();
            _waiting.Enqueue(new Step(null, 0, 0, 0) { Init = init });
        }
        _init = segment.Init;
        var kept = window.Segments;
        _last = new Step(
            segment, kept[^window.Listed].Sequence, kept[0].Sequence, window.TargetSeconds);
        _waiting.Enqueue(_last);
        Advance();
    }

    /// <summary>No segment will follow: the playlist says so.</summary>
    public void End()
    {
        if (_isClosed || _last.Segment is null || (_hasFailed && !TryAgain()))
            return;
        _waiting.Enqueue(_last with { Segment = null });
        Advance();
    }

    /// <summary>The output is over; the files stay as they are.</summary>
    public void Close()
    {
        _isClosed = true;
        DropWaiting();
    }

    public void OnFault(Exception fault)
    {
        Log.Error(fault, "{Stream:l}: a fault of ours in its files", _key.ToString());
        _isClosed = true;
        _isUnderWay = false;
        DropWaiting();
    }

    /// <summary>A disk that owes us an answer is not asked anything else.</summary>
    private bool TryAgain()
    {
        if (_isClosed || _isUnderWay || _server.Loop.NowMs < _retryAtMs)
            return false;
        _hasFailed = false;
        _beginsAnew = true;
        _init = null;
        return true;
    }

    private void Advance()
    {
        if (_isUnderWay || _isClosed || _waiting.Count == 0)
            return;
        _isUnderWay = true;
        if (_beginsAnew)
            DeleteAll();
        else
            Write(_waiting.Dequeue());
    }

    /// <summary>What is stale goes, which also makes room; the playlist before its segments.
    /// </summary>
    private void DeleteAll() => _server.Files.Delete(Playlist, this, error =>
    {
        if (!TryGoOn(error?.Failure == FileFailure.NotFound ? null : error))
            return;
        _beginsAnew = false;
        DeleteBefore(long.MaxValue);
    });

    private void Write(Step step)
    {
        _underWay = step;
        if (step.Init is { } init)
        {
            WriteInit(init);
            return;
        }
        if (step.Segment is not { } segment)
        {
            WritePlaylist(step);
            return;
        }
        _server.Files.Replace(FileOf(segment), [.. segment.Packets], Outlasts.Crash, this, error =>
        {
            _waitingBytes -= segment.Bytes;
            if (!TryGoOn(error))
                return;
            _written.Add(segment);
            WritePlaylist(step);
        });
        Release(segment);                       // the store keeps what it writes
    }

    private void WriteInit(HlsInit init)
    {
        _server.Files.Replace(FileOf(init), [init.Packet], Outlasts.Crash, this, error =>
        {
            if (!TryGoOn(error))
                return;
            _isUnderWay = false;
            Advance();
        });
        init.Packet.Release();
    }

    private void WritePlaylist(Step step)
    {
        var first = _written.FindIndex(segment => segment.Sequence >= step.FirstListed);
        if (first < 0)
        {
            DeleteBefore(step.FirstKept);
            return;
        }
        var playlist = new HlsPlaylist
        {
            TargetSeconds = step.TargetSeconds,
            Segments = CollectionsMarshal.AsSpan(_written)[first..],
            IsEnded = step.Segment is null,
        }.Write(_server.Loop.Pool);
        _server.Files.Replace(
            Playlist, [playlist], Outlasts.Crash, this, error =>
            {
                if (!TryGoOn(error))
                    return;
                OldestKept = Math.Min(step.FirstKept, _written[0].Sequence);
                if (step.Segment is not null)
                    Written?.Invoke(step.Segment);
                DeleteBefore(step.FirstKept);
            });
        playlist.Release();
    }

    /// <summary>One after another; what cannot be deleted is left over.</summary>
    private void DeleteBefore(long sequence)
    {
        if (_written.Count == 0 || _written[0].Sequence >= sequence)
        {
            _isUnderWay = false;
            Advance();
            return;
        }
        var gone = _written[0];
        _written.RemoveAt(0);
        OldestKept = _written.Count > 0 ? _written[0].Sequence : OldestKept;
        Delete(FileOf(gone), () =>
        {
            if (gone.Init is { } init && !Needs(init.Sequence))
                Delete(FileOf(init), () => DeleteBefore(sequence));
            else
                DeleteBefore(sequence);
        });
    }

    private void Delete(SafePath path, Action next) =>
        _server.Files.Delete(path, this, error =>
        {
            if (error is not null)
                Log.Debug("{Why:l}", error.Text);
            if (TryGoOn(error: null))
                next();
        });

    /// <summary>The disk has answered.</summary>
    private bool TryGoOn(FileError? error)
    {
        if (error is not null)
            Fail(error);
        if (!_hasFailed && !_isClosed)
            return true;
        _isUnderWay = false;
        return false;
    }

    private void Fail(FileError error)
    {
        if (_hasFailed || _isClosed)
            return;
        _hasFailed = true;
        _retryAtMs = _server.Loop.NowMs + RetryMs;
        _server.Hls.DiskFailures++;
        DropWaiting();
        Log.Error(
            "HLS of {Stream:l} is not written any more: {Why:l}; again in {Seconds} s",
            _key.ToString(), error.Text, RetryMs / 1000);
    }

    private void DropWaiting()
    {
        while (_waiting.TryDequeue(out var step))
        {
            step.Init?.Packet.Release();
            if (step.Segment is not { } segment)
                continue;
            _waitingBytes -= segment.Bytes;
            Release(segment);
        }
    }

    public SafePath FileOf(HlsSegment segment) =>
        Folder.Child(FormattableString.Invariant($"{segment.Sequence}{segment.Ending}"));

    private SafePath FileOf(HlsInit init) => Folder.Child(
        FormattableString.Invariant($"{init.Sequence}{PlaylistWriter.InitEnding}"));

    private static void Release(HlsSegment segment)
    {
        foreach (var packet in segment.Packets)
            packet.Release();
    }

    /// <summary>A segment, or the end, and what holds for the playlist with it.</summary>
    private readonly record struct Step(
        HlsSegment? Segment, long FirstListed, long FirstKept, int TargetSeconds)
    {
        /// <summary>What goes before the segments that follow; alone in its step.</summary>
        public HlsInit? Init { get; init; }
    }
}
