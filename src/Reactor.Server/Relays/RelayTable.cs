using System;
using System.Collections.Generic;
using System.Linq;
using Reactor.Protocol;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Server.Egress;
using Reactor.Server.Ingest;
using Reactor.Streaming;
using Reactor.Transport;

namespace Reactor.Server.Relays;

/// <summary>Who asked for a relay.</summary>
internal enum RelayOrder
{
    /// <summary>The configuration: it comes and goes with the stream or its players.</summary>
    Config,

    /// <summary>The configuration, from the start and for ever.</summary>
    Static,

    /// <summary>The cluster's directory: where it fails, the directory is asked anew.</summary>
    Cluster,

    /// <summary>The API: until the API stops it.</summary>
    Api,
}

/// <summary>All relays of the server: which there are, and when each has something to do.</summary>
/// <remarks>
/// Invariant: a stream has one pull at most; a push that the API has not asked for lives exactly
/// while its stream is published.
/// </remarks>
internal sealed partial class RelayTable
{
    private static readonly LentCall<RelayTable, Pull> CheckOne =
        (RelayTable table, in Pull pull) => table.Check(pull, table._server.Loop.NowMs);

    private readonly ReactorServer _server;
    private readonly Action<LiveStream, StreamChange> _changed;
    private readonly List<(RelayPush Push, RelayOrder Order)> _pushes = [];
    private readonly Dictionary<StreamKey, Pull> _pulls = [];
    private readonly List<Pull> _checked = [];
    private bool _isStopped;

    public RelayTable(ReactorServer server)
    {
        _server = server;
        server.Hub.Changed += _changed = server.Contained(OnChanged);
    }

    public int Count => _pushes.Count + _pulls.Count;

    /// <summary>Which server has which stream; null for a server alone.</summary>
    public ClusterDirectory? Cluster { get; private set; }

    /// <summary>What became of pushes, those that have ended included.</summary>
    public RelayCounts Pushes { get; } = new();

    public RelayCounts Pulls { get; } = new();

    /// <summary>Every relay, pushes first.</summary>
    public IEnumerable<RelayStatus> List()
    {
        foreach (var (push, order) in _pushes)
            yield return StatusOf(push.Client, order);
        foreach (var pull in _pulls.Values)
            yield return StatusOf(pull.Relay.Client, pull.Order);
    }

    /// <summary>The step of a stream on this server; see <see cref="RelayPath"/>.</summary>
    public string StepOf(StreamKey key) => RelayPath.Step(_server.Id, key.App, key.Name);

    /// <summary>Whether a stream that nobody publishes here may be had from elsewhere.</summary>
    public bool MayPull(StreamKey key, StreamOptions options) =>
        Cluster is not null || _pulls.ContainsKey(key) || RelaySources.HasAny(options, key);

    /// <summary>Whether a stream is another server's of the cluster.</summary>
    public bool IsWithin(StreamKey key) =>
        _pulls.GetValueOrDefault(key)?.Order == RelayOrder.Cluster;

    /// <summary>Whether a stream is fetched only while somebody watches it.</summary>
    public bool IsOnDemand(StreamKey key) => _pulls.GetValueOrDefault(key)?.IsOnDemand == true;

    /// <summary>Whether a stream is being fetched already.</summary>
    public bool IsPulled(StreamKey key) => _pulls.ContainsKey(key);

    /// <summary>Begins what is to run from the start.</summary>
    public void Start()
    {
        Cluster = ClusterDirectory.Open(_server);
        foreach (var (key, options) in RelaySources.StaticPulls(_server.Options))
            BeginPull(key, options, RelayOrder.Static, null);
    }

    /// <summary>Pushes a stream for as long as the API likes.</summary>
    public RelayPush BeginPush(StreamKey key, RelayTarget target, StreamOptions options)
    {
        var push = new RelayPush(_server, key, [target], options);
        _pushes.Add((push, RelayOrder.Api));
        if (_server.Hub.Find(key) is { IsPublished: true } stream)
            push.Begin(stream);
        return push;
    }

    /// <summary>Pulls a stream for as long as the API likes.</summary>
    public RelayPull BeginPull(StreamKey key, RelayTarget target, StreamOptions options)
    {
        var relay = new RelayPull(_server, key, [target], options);
        _pulls.Add(key, new Pull(relay, RelayOrder.Api, options, null, _server.Loop.NowMs));
        relay.Client.Start();
        return relay;
    }

    /// <summary>Pulls a stream from another server of the cluster, while somebody watches.
    /// </summary>
    /// <param name="key">The stream, of the same name there.</param>
    /// <param name="address">The other server: host and port.</param>
    public void BeginPullWithin(StreamKey key, string address)
    {
        if (_isStopped || _pulls.ContainsKey(key)
            || _server.Hub.Find(key) is not { IsPublished: false, AudienceCount: > 0 } stream
            || _server.Options.Resolve(key) is not { } options)
        {
            return;
        }
        var within = options with { Origin = [address], Pull = [] };
        BeginPull(key, within, RelayOrder.Cluster, ParametersOf(stream));
    }

    /// <summary>Ends a push or a pull of the API's.</summary>
    /// <returns>False when there was none.</returns>
    public bool End(StreamKey key, bool isPush)
    {
        if (isPush)
        {
            var at = _pushes.FindIndex(
                each => each.Order == RelayOrder.Api && each.Push.Key == key);
            if (at < 0)
                return false;
            var push = _pushes[at].Push;
            _pushes.RemoveAt(at);
            push.End("stopped by the API");
            return true;
        }
        if (!_pulls.TryGetValue(key, out var pull) || pull.Order != RelayOrder.Api)
            return false;
        EndPull(pull, "stopped by the API");
        return true;
    }

    /// <summary>Ends a pull that lasts only while somebody watches, for a publisher is here.
    /// </summary>
    /// <returns>False when there was none.</returns>
    public bool GiveWay(StreamKey key)
    {
        if (!_pulls.TryGetValue(key, out var pull) || !pull.IsOnDemand)
            return false;
        EndPull(pull, "somebody publishes the stream here");
        return true;
    }

    /// <summary>Relays that the API has started.</summary>
    public int ApiCount => _pushes.Count(each => each.Order == RelayOrder.Api)
        + _pulls.Values.Count(each => each.Order == RelayOrder.Api);

    /// <summary>Where such a relay goes already, if the API or nobody may start another.</summary>
    public RelayTarget? TargetOf(StreamKey key, bool isPush)
    {
        if (!isPush)
            return _pulls.GetValueOrDefault(key)?.Relay.Client.Target;
        foreach (var (push, order) in _pushes)
        {
            if (order == RelayOrder.Api && push.Key == key)
                return push.Client.Target;
        }
        return null;
    }

    /// <summary>Looks at every deadline.</summary>
    public void Check(long nowMs)
    {
        _checked.AddRange(_pulls.Values);       // a copy, for a check may end its relay
        foreach (var pull in _checked)
            _server.Loop.Contain(pull.Relay.Client, this, pull, CheckOne);
        _checked.Clear();
        Cluster?.Check(nowMs);
    }

    /// <summary>The server stops: every peer is told.</summary>
    public void Stop()
    {
        if (_isStopped)
            return;
        _isStopped = true;
        _server.Hub.Changed -= _changed;
        foreach (var (push, _) in _pushes)
            push.End("the server stops");
        _pushes.Clear();
        foreach (var pull in _pulls.Values)
            pull.Relay.Client.Stop("the server stops");
        _pulls.Clear();
        Cluster?.Stop();
    }

    /// <summary>What was still to be said is not said.</summary>
    public void StopNow() => Cluster?.StopNow();

    private RelayStatus StatusOf(RelayClient client, RelayOrder order) => new(
        client.Name, client.Target.Shown, order.ToString().ToLowerInvariant(), client.State,
        _server.Loop.NowMs - client.SinceMs, client.LastError, client.Attempts,
        client.BytesReceived, client.BytesSent, client.Remote);

    private void OnChanged(LiveStream stream, StreamChange change)
    {
        switch (change)
        {
            case StreamChange.Published:
                OnPublished(stream);            // ends what was fetched, so that it is ours
                Cluster?.OnChanged(stream);
                break;
            case StreamChange.Unpublished:
                Cluster?.OnChanged(stream);
                OnUnpublished(stream);
                break;
            case StreamChange.Joined:
                Want(stream);
                break;
        }
    }

    private void OnPublished(LiveStream stream)
    {
        if (stream.Publisher != _pulls.GetValueOrDefault(stream.Key)?.Relay)
            GiveWay(stream.Key);
        foreach (var (push, _) in _pushes)
        {
            if (push.Key == stream.Key)
                push.Begin(stream);
        }
        foreach (var (options, targets) in PushesOf(stream))
            BeginPush(stream, options, targets);
    }

    /// <summary>Where a stream that is published goes to, by the options.</summary>
    private IEnumerable<(StreamOptions Options, List<RelayTarget> Targets)> PushesOf(
        LiveStream stream)
    {
        if (_server.Options.Resolve(stream.Key) is not { } options)
            yield break;
        var parameters = stream.Publisher!.Parameters;
        foreach (var rule in options.Push)
            yield return (options, RelaySources.OfPush(rule, stream.Key, parameters));
        if (stream.Publisher is not RelayPull)
            yield return (options, RelaySources.OfOrigins(options, stream.Key, parameters));
    }

    private void BeginPush(LiveStream stream, StreamOptions options, List<RelayTarget> targets)
    {
        if (targets.Count == 0)
            return;
        var push = new RelayPush(_server, stream.Key, targets, options);
        _pushes.Add((push, RelayOrder.Config));
        push.Begin(stream);
    }

    private void OnUnpublished(LiveStream stream)
    {
        for (var i = _pushes.Count - 1; i >= 0; i--)
        {
            var (push, order) = _pushes[i];
            if (push.Key != stream.Key)
                continue;
            if (order == RelayOrder.Config)
                _pushes.RemoveAt(i);
            push.End("the publisher left");
        }
        Want(stream);
    }

    /// <summary>Somebody watches what nobody publishes: it is fetched, if it is known where.
    /// </summary>
    private void Want(LiveStream stream)
    {
        if (_isStopped || stream.IsPublished || stream.AudienceCount == 0
            || _pulls.ContainsKey(stream.Key)
            || _server.Options.Resolve(stream.Key) is not { } options)
        {
            return;
        }
        if (RelaySources.HasAny(options, stream.Key))
            BeginPull(stream.Key, options, RelayOrder.Config, ParametersOf(stream));
        else
            Cluster?.Find(stream.Key);
    }

    /// <summary>What the first of those who watch said of itself.</summary>
    private static QueryParameters? ParametersOf(LiveStream stream)
    {
        QueryParameters? parameters = null;
        foreach (var subscriber in stream.Subscribers)
            parameters ??= subscriber.Parameters;
        return parameters;
    }

    private void BeginPull(
        StreamKey key, StreamOptions options, RelayOrder order, QueryParameters? parameters)
    {
        var targets = RelaySources.OfPull(options, key, parameters);
        if (targets.Count == 0)
            return;
        var relay = new RelayPull(_server, key, targets, options);
        _pulls.Add(key, new Pull(relay, order, options, parameters, _server.Loop.NowMs));
        relay.Client.Start();
    }

    private void Check(Pull pull, long nowMs)
    {
        pull.Relay.Check(nowMs);
        if (!pull.IsOnDemand)
            return;
        if (pull.Order == RelayOrder.Cluster && !pull.Relay.IsCut
            && pull.Relay.Client.State == RelayState.Waiting)
        {
            EndPull(pull, "the directory is asked anew");
            return;
        }
        if (_server.Hub.Find(pull.Relay.Key) is { AudienceCount: > 0 })
            pull.WatchedMs = nowMs;
        else if (nowMs - pull.WatchedMs >= pull.Options.PullStopAfter.TotalMilliseconds)
            EndPull(pull, "nobody watches");
    }

    private void EndPull(Pull pull, string why)
    {
        _pulls.Remove(pull.Relay.Key);
        pull.Relay.Client.Stop(why);
    }

    private sealed class Pull(
        RelayPull relay,
        RelayOrder order,
        StreamOptions options,
        QueryParameters? parameters,
        long nowMs)
    {
        public RelayPull Relay => relay;

        public RelayOrder Order { get; set; } = order;

        /// <summary>Whether it lasts only while somebody watches.</summary>
        public bool IsOnDemand => Order is RelayOrder.Config or RelayOrder.Cluster;

        public StreamOptions Options { get; set; } = options;

        /// <summary>What was filled in where a URL leaves it open.</summary>
        public QueryParameters? Parameters => parameters;

        /// <summary>When somebody was last seen to watch.</summary>
        public long WatchedMs { get; set; } = nowMs;
    }
}
