using System;
using System.Collections.Generic;
using System.Linq;
using Reactor.Protocol.Rtmp;
using Reactor.Server;
using Reactor.Server.Configuration;
using Reactor.Streaming;
using Reactor.Transport;

namespace Reactor.Testing.Simulation;

/// <summary>What holds in every world, a sentence each; src/README.md lists them.</summary>
public sealed class Checks(World world)
{
    private const int IdleTurnsMax = 5000;
    private const int SettlingUs = 1_000_000;
    private const int AnswerUs = 5_000_000;
    private const int FreshUs = 5_000_000;

    /// <summary>A playlist may wait for its first segment, and then there is the way.</summary>
    private const int HeldUsMax = 14_500_000;
    private const int GopUsMax = 8_000_000;
    private const int GopFramesMax = 400;       // with its audio
    private const int ServerTimers = 4;         // check, two of the file store's, lookups
    private long _lastEvents;
    private long _lastTurnUs;
    private int _idleTurns;

    /// <summary>The first finding, which ends the world.</summary>
    public FindingException? Finding { get; private set; }

    /// <summary>The most packets, and bytes in them, that were out at the end of a turn.</summary>
    public (int Packets, long Bytes) Peak { get; private set; }

    /// <summary>Notes a finding, wherever it is made.</summary>
    public FindingException Failed(string sentence, string detail)
    {
        Finding ??= new FindingException(sentence, detail);
        world.Trace.Note(TraceKind.Finding, 0, 0, Finding.Message);
        return Finding;
    }

    public void Fail(string sentence, string detail) => throw Failed(sentence, detail);

    public void AfterTurn(ReactorServer server)
    {
        if (Finding is not null)
            throw Finding;
        TheLoopDoesNotSpin();
        NoFaultIsOurs(server);
        TablesAgree(server);
        MemoryIsBounded(server);
        ProgramChecks.AfterTurn(world);
    }

    /// <summary>The server ended a peer's connection.</summary>
    public void OnEnded(Peer peer)
    {
        if (peer.ReasonToEnd is not null || world.IsStopping)
            return;
        var wasRefused = peer.BytesReceived == 0 && world.Server.Refused > 0;
        if (!wasRefused && !world.Network.WasTurnedAway(peer.Id) && !world.Mishaps.MayHaveEnded())
        {
            Fail(
                "a connection ends only for a reason that its peer, a limit or an operator gave",
                peer.ToString());
        }
    }

    /// <summary>A status came: is it true?</summary>
    public void OnStatus(Part part, string code, string description)
    {
        if (world.IsStopping)
            return;
        switch (code)
        {
            case StatusCode.PublishBadName:
                part.Excused("it was refused");
                var isAlone = world.Parts.Count(IsPublishOf(part.Stream)) == 1;
                // In a cluster it may be another server's, or still be fetched from there.
                if (isAlone && !world.IsClustered && world.EverInForce.All(
                    options => options.Limits.MaxPublishers == 0 && options.Apps is null))
                {
                    Fail("a name that nobody has is given to its publisher", description);
                }
                break;
            case StatusCode.PublishDenied:
                part.Excused("it was refused");
                world.Verdicts.OnRefused((PublishPart)part, description);
                break;
            case StatusCode.PublishIdle:
                part.Excused("it was silent, or replaced");
                break;
            case StatusCode.PlayUnpublishNotify:
            case StatusCode.PlayStreamNotFound:
                OnEndOfStream(part, code, description);
                break;
            case StatusCode.PlayFailed:
                part.Excused("it was refused");
                break;
        }
    }

    /// <summary>A publish or play was accepted: was it to be?</summary>
    public void OnAdmitted(Part part) => world.Verdicts.OnAdmitted(part);

    /// <summary>Somebody who hears it at once is told only what is so.</summary>
    private void OnEndOfStream(Part part, string code, string description)
    {
        var isPrompt = part.Excuse is null && part.StartedAt > 0
            && world.Time.NowUs >= world.MendsUntilUs;
        part.Excused("nobody publishes");
        if (!isPrompt || !world.Server.Options.Defaults.Play.IdleStreams
            || part is not PlayPart { IsInDoubt: false })
            return;
        var limit = world.EverInForce.Min(options => code == StatusCode.PlayUnpublishNotify
            ? options.Defaults.Publish.Grace
            : options.Defaults.Play.WaitTimeout);
        var nowUs = world.Time.NowUs;
        if (nowUs - world.Ledger.LastUs(part.Stream) < limit.TotalMicroseconds
            && world.Ledger.IsLiveSince(part.Stream, nowUs - SettlingUs))
        {
            Fail("a player is told of an end only when nobody publishes", description);
        }
    }

    /// <summary>Some time after the last fault everybody has what he waits for.</summary>
    public void EverybodyIsServed()
    {
        var nowUs = world.Time.NowUs;
        foreach (var peer in world.Peers.OfType<AskingPeer>())
        {
            if (peer.IsConnected && peer.Excuse is null && peer.WaitsSinceUs > 0
                && nowUs - peer.WaitsSinceUs > HeldUsMax)
            {
                Fail("every request is answered", $"{peer}: {peer.Asked}");
            }
            if (peer is HlsPeer viewer && IsStarved(viewer, nowUs))
                Fail("once faults stop, every player of a live stream plays", $"{peer}");
        }
        foreach (var part in world.Parts)
        {
            if (!part.Owner.IsConnected || part.IsOver || part.Excuse is not null
                || part.AskedUs == 0 || nowUs - part.AskedUs < AnswerUs)
            {
                continue;
            }
            if (part is RecordingPart recording && recording.IsStarved(nowUs))
                Fail("who plays a recording is shown it", $"{part}");
            var hasFrames = part is PlayPart { IsHealthy: true, IsInDoubt: false } play
                && HasFrames(play, nowUs);
            var mayWait = part is PlayPart { AwaitsPublisher: true } && !hasFrames;
            if (part.StartedAt == 0 && !mayWait)
                Fail("every request is answered", $"{part}");
            if (hasFrames)
            {
                Fail("once faults stop, every player of a live stream plays", $"{part}");
            }
        }
    }

    /// <summary>A stream went on all the time, and no playlist came of it.</summary>
    private bool IsStarved(HlsPeer viewer, long nowUs)
    {
        var stream = viewer.Plan.Stream;
        // Aligned it is whole: between two keyframes of a GOP that is longer than hls_fragment no
        // slot may begin, and the next one ends with another GOP.
        var isAligned = world.EverInForce.Any(options =>
            options.Defaults.Hls.HlsFragmentSlicing == HlsSlicing.Aligned);
        // Without a cached GOP the first segment has to wait for its keyframe.
        var isUncached = world.EverInForce.Any(options =>
            options.Defaults.Play is { GopCache: false } or { GopCacheMaxFrames: < GopFramesMax });
        var gops = isAligned ? 2 : isUncached ? 1 : 0;
        var sinceUs = nowUs - HeldUsMax - (gops * GopUsMax);
        var mayBeRefused = world.EverInForce.Any(options => options.Limits.MaxPlayers > 0);
        // What a fault has ended begins anew for who asks next, after a pause of a target or so.
        return viewer is { IsConnected: true, Excuse: null } && !mayBeRefused
            && world.Mishaps.LastUs < sinceUs - HeldUsMax
            && viewer.StartedUs < sinceUs && viewer.ListedUs < sinceUs
            && world.Ledger.IsLiveSince(stream, sinceUs - SettlingUs)
            && world.Ledger.FirstAfter(stream, sinceUs - SettlingUs) < sinceUs;
    }

    /// <summary>Frames were published that it should have seen by now.</summary>
    private bool HasFrames(PlayPart play, long nowUs)
    {
        var sinceUs = Math.Max(play.View.LastUs, Math.Max(play.JoinedUs, play.AskedUs));
        // What a short queue has no room for is missing up to the next keyframe.
        var awaitsStart = play.View.IsSlow || play.AwaitsMove
            || play.View.LastUs <= play.JoinedUs;
        return world.Ledger.IsLiveSince(play.Stream, nowUs - (3 * FreshUs))
            && world.Ledger.FirstAfter(play.Stream, sinceUs, awaitsStart) < nowUs - FreshUs;
    }

    /// <summary>After the stop, and when every goodbye is over.</summary>
    public void NothingIsLeft(ReactorServer server)
    {
        var loop = server.Loop;
        Zero("packet", loop.Pool.Outstanding);
        Zero("job", server.Work.Outstanding);
        Zero("program", server.ProgramCount + world.Programs.Outstanding);
        Zero("lookup", server.Hosts.UnderWay);
        Zero("file operation", server.Files.Outstanding);
        Zero("open file", server.Files.OpenFiles);
        Zero("handle of the disk", world.Disk.Opened);
        Zero("timer", loop.Timers.Count);
        Zero("watcher", loop.Poller.Watched);
        Zero("socket", world.Network.Open);
        Zero("connection", server.ConnectionCount);
        Zero("question to a hook", server.CallCount);
        Zero("publisher", server.PublisherCount);
        Zero("player", server.AudienceCount);
        Zero("live stream", server.Hub.Count);
        Zero("stream in segments", server.HlsCount);
        Zero("letter", loop.Mailbox.IsEmpty ? 0 : 1);
    }

    private static Func<Part, bool> IsPublishOf(string stream) =>
        part => part is PublishPart && part.Stream == stream;

    private void Zero(string what, int count)
    {
        if (count != 0)
            Fail($"after shutdown no {what} is left", $"{count} left");
    }

    private void NoFaultIsOurs(ReactorServer server)
    {
        if (server.Loop.Faults == 0)
            return;
        // Some breaks of a protocol are answered, as HTTP has it, and are no fault of the loop's.
        var theirs = server.ProtocolErrors.Values.Sum()
            + (world.Redis?.Nonsense ?? 0) + (world.Hook?.Nonsense ?? 0);
        var ours = server.Closed.GetValueOrDefault(CloseReason.Fault);
        var thrown = world.Mishaps.Thrown;
        if (server.Loop.Faults > theirs + thrown || ours > thrown)
        {
            var faults = $"{server.Loop.Faults} faults, {theirs} by peers, {ours} ours, "
                + $"{thrown} thrown";
            Fail("no fault is ours", faults);
        }
    }

    private void TablesAgree(ReactorServer server)
    {
        var publishers = 0;
        var players = 0;
        foreach (var stream in server.Hub.Streams)
        {
            publishers += stream.IsPublished ? 1 : 0;
            players += stream.AudienceCount;
            if (!stream.IsPublished && stream.SubscriberCount == 0)
                Fail("a live stream that nobody needs is forgotten", stream.Key.ToString());
            StreamIsBounded(stream, server);
        }
        // On demand there is HLS because somebody watches.
        players -= server.Options.Defaults.Hls is { OnDemand: true, Store: HlsStore.Memory }
            ? server.HlsCount
            : 0;
        if (publishers != server.PublisherCount || players != server.PlayerCount)
        {
            Fail(
                "publishers and players are those of the live streams",
                $"{publishers} of {server.PublisherCount}, {players} of {server.PlayerCount}");
        }
        var loop = server.Loop;
        var listeners = server.Listening.Count();
        var sockets = server.ConnectionCount + listeners + server.CallCount
            + (world.Redis is null ? 0 : 1);
        if (loop.Poller.Watched > sockets || world.Network.Open > sockets)
        {
            Fail(
                "every socket and watcher belongs to a connection or a listener",
                $"{loop.Poller.Watched} watched, {world.Network.Open} open, {sockets} known");
        }
        var relays = server.RelayApi.Count;
        var recordings = server.AudienceCount - server.PlayerCount;
        if (loop.Timers.Count > sockets + server.CallCount + relays + recordings + ServerTimers)
            Fail("every timer belongs to somebody", $"{loop.Timers.Count} set");
    }

    private void StreamIsBounded(LiveStream stream, ReactorServer server)
    {
        var play = server.Options.Defaults.Play;
        var framesMax = world.EverInForce.Max(
            options => options.Defaults.Play.GopCacheMaxFrames);
        var isOver = stream.Gops.Count > framesMax
            || stream.Gops.Bytes > play.GopCacheMaxSize
            || stream.Codecs.Count > CodecState.ConfigsMax;
        if (isOver)
            Fail("the GOP cache stays within its bounds", stream.Key.ToString());
        var isCached = stream.Gops.Count + stream.Codecs.Count > 0;
        if (!stream.IsPublished && (isCached || stream.Codecs.Metadata is not null))
            Fail("nothing is cached of a stream without a publisher", stream.Key.ToString());
    }

    /// <summary>A sum with one reason a term; generous, but it does not grow with time.</summary>
    private void MemoryIsBounded(ReactorServer server)
    {
        var pool = server.Loop.Pool;
        if (pool.Outstanding > Peak.Packets || pool.OutstandingBytes > Peak.Bytes)
        {
            Peak = (int.Max(Peak.Packets, pool.Outstanding),
                long.Max(Peak.Bytes, pool.OutstandingBytes));
        }
        var options = server.Options;
        const long replies = 256 << 10;
        var perConnection = (2L * options.Rtmp.MaxHalfReceived) + options.Reactor.ReadBuffer
            + replies;
        var queueBytesMax = world.EverInForce.Max(each => each.Defaults.Play.QueueSize);
        var perPlayer = 2L * (queueBytesMax + world.MessageBytesMax);
        var perStream = 2L * (options.Defaults.Play.GopCacheMaxSize + world.MessageBytesMax);
        const long perFile = 20L << 20;         // what a recording may owe the disk
        var bytesMax = ((server.ConnectionCount + server.CallCount + 1) * perConnection)
            + (server.PlayerCount * perPlayer) + (server.Hub.Count * perStream)
            + (server.Files.OpenFiles * perFile)
            + (server.HlsCount * (options.Defaults.Hls.HlsMaxSize + perStream));
        if (pool.OutstandingBytes > bytesMax)
            Fail("memory follows the limits", $"{pool.OutstandingBytes} bytes of {bytesMax}");
    }

    private void TheLoopDoesNotSpin()
    {
        var time = world.Time;
        var isIdle = world.Trace.Count == _lastEvents && time.NowUs - _lastTurnUs < 1000;
        _idleTurns = isIdle ? _idleTurns + 1 : 0;
        _lastEvents = world.Trace.Count;
        _lastTurnUs = time.NowUs;
        if (_idleTurns > IdleTurnsMax)
            Fail("the loop does not spin", $"{_idleTurns} turns in which nothing happened");
    }
}
