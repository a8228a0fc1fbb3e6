using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using Reactor.Server.Egress;
using Reactor.Server.Exec;
using Reactor.Server.Http;
using Reactor.Server.Logging;
using Reactor.Server.Relays;
using Reactor.Server.Sessions;
using Reactor.Streaming;
using Reactor.Transport;

namespace Reactor.Server.Control;

/// <summary>Figures for Prometheus: <c>/metrics</c>.</summary>
internal static class MetricsRoute
{
    public static void Answer(HttpExchange exchange)
    {
        var server = exchange.Server;
        var bytes = server.Answers.Begin();
        var text = new MetricsText(bytes);
        WriteProcess(text, server);
        WriteLoop(text, server.Loop);
        WriteServer(text, server);
        WriteRelays(text, server);
        WritePrograms(text, server.Exec);
        WriteLimits(text, server);
        WriteStreams(text, server);
        exchange.Answer(
            200, "text/plain; version=0.0.4; charset=utf-8", bytes.WrittenSpan);
    }

    private static void WriteProcess(MetricsText text, ReactorServer server)
    {
        text.One("uptime_seconds", "gauge", "Since the loop began.", server.Loop.NowMs / 1000.0);
        text.One("process_resident_memory_bytes", "gauge", "Memory.", Environment.WorkingSet);
        text.One(
            "process_gc_collections_total", "counter", "Garbage collections.",
            GC.CollectionCount(0));
        text.One(
            "pool_outstanding_packets", "gauge", "Packets in use.", server.Loop.Pool.Outstanding);
        text.One(
            "pool_outstanding_bytes", "gauge", "Their capacity.",
            server.Loop.Pool.OutstandingBytes);
        text.One("pool_rest_bytes", "gauge", "Kept for later.", server.Loop.Pool.RestBytes);
    }

    private static void WriteLoop(MetricsText text, EventLoop loop)
    {
        Write("loop_turn_seconds", "Time of turns, their waits left out.", loop.TurnTimes, 1000);
        Write("loop_turn_events", "Readiness handled in a turn.", loop.TurnEvents, 1);
        text.One("loop_events_total", "counter", "Readiness handled.", loop.Events);
        text.One("loop_mailbox_letters", "gauge", "Letters that wait.", loop.Mailbox.Count);
        text.One("loop_timers", "gauge", "Deadlines that are set.", loop.Timers.Count);
        text.One("loop_faults_total", "counter", "Faults that were contained.", loop.Faults);

        void Write(string name, string help, TurnHistogram turns, double unit)
        {
            text.Begin(name, "histogram", help);
            var sum = 0L;
            for (var i = 0; i < turns.Bounds.Count; i++)
            {
                sum += turns.Counts[i];
                var bound = (turns.Bounds[i] / unit).ToString("R", CultureInfo.InvariantCulture);
                text.Sample($"{name}_bucket", sum, "le", bound);
            }
            sum += turns.Counts[^1];
            text.Sample($"{name}_bucket", sum, "le", "+Inf");
            text.Sample($"{name}_sum", turns.Sum / unit);
            text.Sample($"{name}_count", sum);
        }
    }

    private static void WriteServer(MetricsText text, ReactorServer server)
    {
        text.Begin("connections", "gauge", "Open connections by what they speak.");
        foreach (var kind in server.Sessions.GroupBy(session => session.Speaks))
            text.Sample("connections", kind.Count(), "protocol", kind.Key);
        text.One("publishers", "gauge", "Publishers.", server.PublisherCount);
        text.One(
            "players", "gauge", "Players, those by HLS and of recordings included.",
            server.AudienceCount);
        text.Begin("viewers", "gauge", "Who watches, by the way.");
        foreach (var way in server.Sessions.SelectMany(session => session.Players
            .Select(player => WayOf(session, player))).GroupBy(way => way))
        {
            text.Sample("viewers", way.Count(), "way", way.Key);
        }
        text.Sample("viewers", server.Hls.Viewers.Count, "way", "hls");
        text.Sample("viewers", server.Recordings.Count, "way", "vod");
        text.One("bytes_in_total", "counter", "Bytes received.", server.Sessions.BytesIn);
        text.One("bytes_out_total", "counter", "Bytes sent.", server.Sessions.BytesOut);
        text.One("refused_total", "counter", "Connections turned away by limits.", server.Refused);
        text.One(
            "denied_total", "counter", "Publishers and players that may not.",
            server.Gate.Refused);
        text.One(
            "memory_ceiling_bytes", "gauge", "What media may take.", server.Memory.BytesMax);
        text.One("shed_total", "counter", "Backlogs dropped for want of memory.", server.Shed);
        text.One(
            "bandwidth_in_bits", "gauge", "Bits a second received, over five seconds.",
            Math.Round(server.Traffic.All.InBps));
        text.One(
            "bandwidth_out_bits", "gauge", "Bits a second sent, over five seconds.",
            Math.Round(server.Traffic.All.OutBps));
        text.One(
            "hls_disk_failures_total", "counter", "How often the disk failed HLS.",
            server.Hls.DiskFailures);
        text.Begin("connections_ended_total", "counter", "Ends of connections by their reason.");
        foreach (var (reason, count) in server.Closed)
            text.Sample("connections_ended_total", count, "reason", reason.ToString());
        text.Begin("protocol_errors_total", "counter", "Breaches of a protocol by peers.");
        foreach (var (error, count) in server.ProtocolErrors)
            text.Sample("protocol_errors_total", count, "error", error.ToString());
        if (server.Rooms is { } rooms)
        {
            text.One(
                "rooms_up", "gauge", "Whether the store of rooms answers.",
                rooms.Trouble.Length == 0 ? 1 : 0);
        }
    }

    private static void WriteRelays(MetricsText text, ReactorServer server)
    {
        List<RelayStatus> list = [.. server.Relays.List()];
        List<RelaySession> open = [.. server.Sessions.OfType<RelaySession>()];
        Write("relays", "gauge", "Relays that are wanted.", kind => Of(kind).Count());
        Write("relays_running", "gauge", "Relays whose peer has accepted.",
            kind => Of(kind).Count(relay => relay.State == RelayState.Running));
        Write("relay_attempts_total", "counter", "Attempts to connect.",
            kind => CountsOf(kind).Attempts);
        Write("relay_failures_total", "counter", "Attempts and connections that failed.",
            kind => CountsOf(kind).Failures);
        Write("relay_bytes_in_total", "counter", "Bytes from peers.",
            kind => CountsOf(kind).BytesIn + Open(kind).Sum(each => each.BytesReceived));
        Write("relay_bytes_out_total", "counter", "Bytes to peers.",
            kind => CountsOf(kind).BytesOut + Open(kind).Sum(each => each.BytesSent));

        void Write(string name, string type, string help, Func<string, double> value)
        {
            text.Begin(name, type, help);
            text.Sample(name, value("push"), "kind", "push");
            text.Sample(name, value("pull"), "kind", "pull");
        }

        RelayCounts CountsOf(string kind) =>
            kind == "push" ? server.Relays.Pushes : server.Relays.Pulls;

        IEnumerable<RelayStatus> Of(string kind) =>
            list.Where(relay => relay.Key.StartsWith(kind, StringComparison.Ordinal));

        IEnumerable<Connection> Open(string kind) => open
            .Where(session => session.IsPush == (kind == "push"))
            .Select(session => session.Connection);
    }

    private static void WritePrograms(MetricsText text, ExecTable programs)
    {
        Write("exec_running", "gauge", "Programs that run.", counts => counts.Running);
        Write("exec_started_total", "counter", "Programs that began.", counts => counts.Started);
        Write("exec_failed_total", "counter", "Programs that could not, or ended with an error.",
            counts => counts.Failed);
        Write("exec_respawned_total", "counter", "Starts in place of one that had ended.",
            counts => counts.Respawned);

        void Write(string name, string type, string help, Func<ExecCounts, double> value)
        {
            text.Begin(name, type, help);
            foreach (var kind in ExecKinds.All)
                text.Sample(name, value(programs.CountsOf(kind)), "kind", kind.Word());
        }
    }

    private static string WayOf(Session session, Player player) => player switch
    {
        PushFeed => "push",
        WebSocketFlvPlayer => "ws",
        FlvPlayer => "flv",
        _ => session.Speaks,
    };

    /// <summary>What was too much, each by its own word; nothing of it is silent.</summary>
    private static void WriteLimits(MetricsText text, ReactorServer server)
    {
        text.Begin("limits_struck_total", "counter", "How often each limit has struck.");
        foreach (var limit in Enum.GetValues<Limit>())
            text.Sample("limits_struck_total", server.Struck[limit], "limit", Word(limit));
        var cuts = server.Loop.Cuts;
        text.Begin("turn_cuts_total", "counter", "How often the budget of a turn was spent.");
        text.Sample("turn_cuts_total", cuts.Read, "budget", "read_budget");
        text.Sample("turn_cuts_total", cuts.Write, "budget", "write_budget");
        text.Sample("turn_cuts_total", cuts.Accept, "budget", "max_accept");
        text.Sample("turn_cuts_total", cuts.Flush, "budget", "flush");
        text.Sample(
            "turn_cuts_total", server.Loop.Tls.Deferred, "budget", "tls_handshakes");
        text.One(
            "mailbox_refused_total", "counter", "Letters for which there was no room.",
            server.Loop.Mailbox.Refused);
        text.One(
            "disk_refused_total", "counter", "Operations for which there was no room.",
            server.Files.Refused);
        text.One(
            "hooks_unanswered_total", "counter", "Questions that no hook has answered.",
            server.Hooks.Unanswered);
        text.One(
            "log_dropped_total", "counter", "Lines for which there was no room.",
            LogSetup.Dropped);
    }

    private static string Word(Limit limit) =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(limit.ToString());

    private static void WriteStreams(MetricsText text, ReactorServer server)
    {
        if (!server.Options.Metrics.PerStream)
            return;
        var losses = LossesOf(server);
        Write("stream_bytes_in_total", "counter", "Payload received.", stream => stream.BytesIn);
        Write("stream_frames_in_total", "counter", "Frames received.", stream => stream.FramesIn);
        Write("stream_skipped_total", "counter", "Frames left out.", stream => stream.Skipped);
        Write(
            "stream_players", "gauge", "Who watches.",
            stream => server.Hls.AudienceOf(stream));
        Write(
            "stream_live", "gauge", "Whether it is published.",
            stream => stream.IsPublished ? 1 : 0);
        Write(
            "stream_dropped_frames", "gauge", "Frames that present players have lost.",
            stream => losses.GetValueOrDefault(stream).Dropped);
        Write(
            "stream_lag_seconds_max", "gauge", "How far its slowest player is behind.",
            stream => losses.GetValueOrDefault(stream).LagMs / 1000.0);

        void Write(string name, string type, string help, Func<LiveStream, double> value)
        {
            text.Begin(name, type, help);
            foreach (var stream in server.Hub.Streams)
            {
                text.Sample(
                    name, value(stream), "app", stream.Key.App, "name", stream.Key.Name);
            }
        }
    }

    /// <summary>What the players of each stream have lost, and how far the slowest is behind.
    /// </summary>
    private static Dictionary<LiveStream, (long Dropped, long LagMs)> LossesOf(
        ReactorServer server)
    {
        var losses = new Dictionary<LiveStream, (long Dropped, long LagMs)>();
        foreach (var session in server.Sessions)
        {
            foreach (var player in session.Players)
            {
                var (dropped, lagMs) = losses.GetValueOrDefault(player.Stream);
                losses[player.Stream] = (
                    dropped + player.Dropped,
                    Math.Max(lagMs, session.Outbox.LagMs(server.Loop.NowMs)));
            }
        }
        return losses;
    }
}
