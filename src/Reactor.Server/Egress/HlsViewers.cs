using System;
using System.Collections.Generic;
using System.Linq;
using NLog;
using Reactor.Server.Exec;
using Reactor.Server.Hooks;
using Reactor.Server.Http;
using Reactor.Streaming;

namespace Reactor.Server.Egress;

/// <summary>Who watches by HLS.</summary>
/// <remarks>
/// Other viewers are asked once who they are, when they begin. A viewer of HLS asks again for each
/// segment; whoever was let in stays so while it keeps asking, so that no hook is called for every
/// segment, and a signed URL has to hold at the beginning only. It is over when it has asked for
/// nothing for some target durations, or when its output is. Whoever is ended by an operator or a
/// hook is refused until then: with no connection to close, it would not notice otherwise.
/// Invariant: each viewer that is not over is known by one or two names of its stream, the one it
/// asked for and the public one, and counted once.
/// </remarks>
internal sealed class HlsViewers(ReactorServer server)
{
    /// <summary>Names that are known; beyond it newcomers are asked each time anew.</summary>
    public const int Max = 50_000;

    private const int IdleTargets = 5;
    private const int IdleMinMs = 15_000;
    private const int CheckEveryMs = 1000;

    private static readonly Logger Log = LogManager.GetLogger("hls");

    private readonly Dictionary<(StreamKey Key, HlsVisitor Visitor), HlsViewer> _known = [];
    private long _entered;
    private long _checkedMs;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    public IEnumerable<HlsViewer> All =>
        _known.Values.Where(viewer => !viewer.IsOver).Distinct();

    /// <summary>Somebody who was let in before, and asks again.</summary>
    /// <param name="key">The stream as it is asked for.</param>
    /// <param name="visitor">Who asks.</param>
    /// <returns>Null when it has to show again what it has.</returns>
    public HlsViewer? Find(StreamKey key, HlsVisitor visitor)
    {
        var nowMs = server.Loop.NowMs;
        if (!_known.TryGetValue((key, visitor), out var viewer))
            return null;
        if (IsIdle(viewer, nowMs))
        {
            _known.Remove((key, visitor));
            End(viewer, "it asks no more");
            return null;
        }
        viewer.Ask(nowMs);
        return viewer;
    }

    /// <summary>Somebody was let in.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="asked">The stream as it was asked for; a hook may have renamed it.</param>
    /// <param name="output">What it watches.</param>
    /// <returns>Null when there are too many to know them all.</returns>
    public HlsViewer? Enter(HttpExchange exchange, StreamKey asked, HlsOutput output)
    {
        var visitor = HlsVisitor.Of(exchange);
        var key = output.Stream.Key;
        if (!_known.TryGetValue((key, visitor), out var viewer))
        {
            if (_known.Count + 2 > Max)
            {
                server.Struck.Add(Limit.HlsViewers);
                return null;
            }
            viewer = new HlsViewer(
                ++_entered, output, visitor.Address,
                exchange.Request.Headers["User-Agent"] ?? "", EventOf(exchange, key),
                server.Loop.NowMs);
            _known.Add((key, visitor), viewer);
            Count++;
            output.ViewerCount++;
            server.Traffic.Promise(
                key.App, server.Rates.Of(output.Stream, server.Loop.NowMs).Kbps);
            Log.Info("{Address} watches {Stream:l} by HLS", visitor.Address, key.ToString());
            if (viewer.Told is { } told)
                server.Exec.Tell(ExecKind.Play, told);
        }
        if (asked != key && _known.Count < Max)
            _known[(asked, visitor)] = viewer;
        viewer.Ask(server.Loop.NowMs);
        return viewer;
    }

    /// <summary>Forgets those who ask no more; of the others hooks may hear.</summary>
    public void Check(long nowMs)
    {
        if (nowMs - _checkedMs < CheckEveryMs)
            return;
        _checkedMs = nowMs;
        foreach (var (name, viewer) in _known)
        {
            if (!IsIdle(viewer, nowMs))
                continue;
            _known.Remove(name);
            End(viewer, "it asks no more");
        }
        if (server.Hooks.TellsUpdates)
            CheckUpdates(nowMs);
    }

    /// <summary>Somebody may not go on, and is told so whenever it asks.</summary>
    public void Refuse(HlsViewer viewer, string why)
    {
        End(viewer, why);
        viewer.Refused = why;
    }

    /// <summary>Tells on_update when it is time; a refusal ends the viewer.</summary>
    private void CheckUpdates(long nowMs)
    {
        foreach (var viewer in _known.Values)
        {
            if (viewer.IsOver || viewer.Told is not { } told
                || server.Hooks.UpdateDue(told.Key, viewer.UpdatedMs) is not { } hooks)
            {
                continue;
            }
            viewer.UpdatedMs = nowMs;
            var update = told with
            {
                Kind = HookKind.UpdatePlay,
                Seconds = (nowMs - viewer.StartedMs) / 1000,
                Bytes = viewer.Bytes,
            };
            server.Hooks.Ask(update, hooks, answer =>
            {
                if (answer.EndsUpdated(hooks))
                    Refuse(viewer, answer.Why);
            });
        }
    }

    /// <summary>An output is over, and so are its viewers.</summary>
    public void EndAll(HlsOutput output, string why)
    {
        if (output.ViewerCount == 0)
            return;
        foreach (var (name, viewer) in _known)
        {
            if (viewer.Output != output || viewer.Refused is not null)
                continue;
            _known.Remove(name);
            End(viewer, why);
        }
    }

    private static bool IsIdle(HlsViewer viewer, long nowMs) =>
        (viewer.IsOver && viewer.Refused is null)
        || nowMs - viewer.AskedMs
            > Math.Max(IdleMinMs, viewer.Output.Window.TargetSeconds * 1000L * IdleTargets);

    private void End(HlsViewer viewer, string why)
    {
        if (viewer.IsOver)
            return;                             // known by another name
        viewer.IsOver = true;
        viewer.Output.ViewerCount--;
        Count--;
        var key = viewer.Output.Stream.Key;
        var milliseconds = viewer.AskedMs - viewer.StartedMs;
        Log.Info(
            "{Address} watched {Stream:l} by HLS: {Seconds} s, {Bytes} bytes: {Why:l}",
            viewer.Address, key.ToString(), milliseconds / 1000.0, viewer.Bytes, why);
        if (viewer.Told is not { } told || server.Hooks.OptionsOf(key) is not { } hooks)
            return;
        told = told with { Seconds = milliseconds / 1000, Bytes = viewer.Bytes };
        server.Exec.Tell(ExecKind.PlayDone, told);
        server.Hooks.Tell(told, hooks);
        server.Hooks.Tell(told with { Kind = HookKind.Done }, hooks);
        var stream = viewer.Output.Stream;
        if (stream.IsPublished && server.Hls.AudienceOf(stream) == 0)
        {
            var idle = told with { Kind = HookKind.StreamIdle, Seconds = 0, Bytes = 0 };
            server.Hooks.Tell(idle, hooks);
        }
    }

    /// <summary>Kept only where it will be told: requests are long, and viewers are many.</summary>
    private HookEvent? EventOf(HttpExchange exchange, StreamKey key)
    {
        var hooks = server.Hooks.OptionsOf(key);
        if (hooks is null
            || ((hooks.OnPlayDone + hooks.OnDone + hooks.OnStreamIdle + hooks.OnUpdate).Length == 0
                && !server.Exec.Hears(ExecKind.Play, key)
                && !server.Exec.Hears(ExecKind.PlayDone, key)))
        {
            return null;
        }
        var request = exchange.Request;
        return new HookEvent
        {
            Kind = HookKind.PlayDone,
            Key = key,
            Address = exchange.ClientAddress,
            ConnectionId = exchange.Session.Connection.Id,
            Parameters = request.Query,
            TcUrl = $"http://{request.Host}/{key.App}",
            Page = request.Headers["Referer"] ?? "",
            Client = request.Headers["User-Agent"] ?? "",
        };
    }
}
