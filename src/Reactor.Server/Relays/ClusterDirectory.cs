using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using NLog;
using Reactor.Server.Configuration;
using Reactor.Server.Storage;
using Reactor.Streaming;

namespace Reactor.Server.Relays;

/// <summary>Which server of the cluster has which stream, kept in Redis.</summary>
/// <remarks>
/// Whoever publishes here is written down with our address, for as long as a lease that is renewed
/// three times before it ends; so the names of a server that dies are free when its leases end. A
/// name that another server holds is taken from it where that did not renew it in time, or where a
/// newcomer replaces; then the publisher that is there is ended. Who sends no frame for
/// <c>replace_stale</c> would be replaced here, and so its name is free for others too. What is
/// asked for and is not here is looked up once a second while somebody waits for it. Without Redis
/// streams that run go on, and publishers are taken.
/// </remarks>
internal sealed class ClusterDirectory
{
    private const string Prefix = "reactor:stream:";
    private const int RenewalsPerLease = 3;
    private const int LookupMs = 1000;

    /// <summary>A renewal that comes so late is none.</summary>
    private const int OverdueMs = 1000;

    /// <summary>Ours is prolonged, a free name taken, another's left alone.</summary>
    private const string HoldScript = "local v = redis.call('GET', KEYS[1]) "
        + "if v == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end "
        + "if v then return 0 end "
        + "redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) return 1";

    private const string ReleaseScript = "if redis.call('GET', KEYS[1]) == ARGV[1] then "
        + "return redis.call('DEL', KEYS[1]) end return 0";

    private static readonly Logger Log = LogManager.GetLogger("cluster");

    private readonly ReactorServer _server;
    private readonly RedisClient _redis;
    private readonly string _address;
    private readonly long _leaseMs;
    private readonly long _renewMs;
    private readonly Dictionary<StreamKey, Hold> _held = [];
    private readonly HashSet<StreamKey> _asked = [];
    private long _renewAtMs;
    private long _lookupAtMs;

    private ClusterDirectory(ReactorServer server, RedisClient redis, string address)
    {
        _server = server;
        _redis = redis;
        _address = address;
        _leaseMs = (long)server.Options.Cluster.Lease.TotalMilliseconds;
        _renewMs = _leaseMs / RenewalsPerLease;
    }

    /// <summary>How a name of a stream that is published here stands in the directory.</summary>
    private enum Hold
    {
        Asked,
        Ours,

        /// <summary>It is another server's.</summary>
        Disputed,
    }

    /// <summary>Joins the cluster, if there is one.</summary>
    public static ClusterDirectory? Open(ReactorServer server)
    {
        var options = server.Options.Cluster;
        if (options.Redis is not { } host)
            return null;
        if (AddressOf(server) is not { } address)
        {
            Log.Error("no cluster: cluster.address has to say how others reach this server");
            return null;
        }
        var settings = SettingsOf.Redis(host, options);
        var redis = new RedisClient(
            server.Loop, server.Hosts, settings, server.Random, server.Struck);
        redis.Start();
        Log.Info("in the cluster of {Redis} as {Address:l}", settings, address);
        return new ClusterDirectory(server, redis, address);
    }

    /// <summary>A stream is published here, or no more.</summary>
    public void OnChanged(LiveStream stream)
    {
        // What the cluster gave us is another's: nobody is to pull it from us and make a chain.
        var isHere = stream.Publisher is { } publisher && !publisher.IsStale(_server.Loop.NowMs)
            && !_server.Relays.IsWithin(stream.Key);
        if (isHere && _held.TryAdd(stream.Key, Hold.Asked))
            Renew(stream.Key);
        else if (!isHere && _held.Remove(stream.Key))
            Evict(stream.Key, _address);
    }

    /// <summary>Renews what is held, and looks for what is waited for.</summary>
    public void Check(long nowMs)
    {
        if (nowMs >= _renewAtMs)
        {
            _renewAtMs = nowMs + _renewMs;
            foreach (var key in _held.Keys)
                Renew(key);
        }
        if (nowMs < _lookupAtMs)
            return;
        _lookupAtMs = nowMs + LookupMs;
        foreach (var stream in _server.Hub.Streams)
        {
            if (stream.IsPublished)
                OnChanged(stream);              // it may have fallen silent, or speak again
            else if (stream.AudienceCount > 0)
                Find(stream.Key);
        }
    }

    /// <summary>Asks which other server has a name, and for how long.</summary>
    /// <param name="key">The name.</param>
    /// <param name="done">
    /// Called once; with null where none has it, or Redis does not say. The time is what is left
    /// of the lease, in ms.
    /// </param>
    public void LookUp(StreamKey key, Action<string?, long> done) => AskHolder(key, holder =>
    {
        if (holder is null)
            done(null, 0);
        else
        {
            _redis.Ask(
                left => done(left.IsGood ? holder : null, left.Value.Integer),
                "PTTL", NameOf(key));
        }
    });

    /// <summary>Whether a server with so much of its lease left has not renewed it in time.
    /// </summary>
    public bool IsOverdue(long leftMs) => leftMs < _leaseMs - _renewMs - OverdueMs;

    /// <summary>A name is not its holder's any more, if it still is.</summary>
    public void Evict(StreamKey key, string holder) =>
        _redis.Ask(static _ => { }, "EVAL", ReleaseScript, "1", NameOf(key), holder);

    /// <summary>Asks who has a stream; the pull begins when the answer comes.</summary>
    public void Find(StreamKey key)
    {
        if (_server.Relays.IsPulled(key) || !_asked.Add(key))
            return;
        AskHolder(key, holder =>
        {
            _asked.Remove(key);
            if (holder is not null)
                _server.Relays.BeginPullWithin(key, holder);
        });
    }

    /// <summary>Gives every name back, and leaves when that is heard.</summary>
    public void Stop()
    {
        foreach (var key in _held.Keys)
            Evict(key, _address);
        _held.Clear();
        _redis.Ask(_ => _redis.Stop(), "PING");
    }

    /// <summary>Leaves at once; the names are free when their leases end.</summary>
    public void StopNow() => _redis.Stop();

    private static string NameOf(StreamKey key) => $"{Prefix}{key}";

    private static string? AddressOf(ReactorServer server)
    {
        if (server.Options.Cluster.Address is { } configured)
            return configured.ToString();
        foreach (var listening in server.Listening)
        {
            var isAny = listening.Address.Equals(IPAddress.Any)
                || listening.Address.Equals(IPAddress.IPv6Any);
            return isAny ? null : new HostPort($"{listening.Address}", listening.Port).ToString();
        }
        return null;
    }

    /// <summary>Which other server has a name; null for none, or where Redis does not say.
    /// </summary>
    private void AskHolder(StreamKey key, Action<string?> done) => _redis.Ask(
        answer => done(
            answer.IsGood && !answer.Value.IsNull && answer.Value.Text != _address
                ? answer.Value.Text
                : null),
        "GET", NameOf(key));

    private void Renew(StreamKey key) => _redis.Ask(
        answer =>
        {
            if (!answer.IsGood || !_held.TryGetValue(key, out var before))
                return;                         // without Redis the next renewal will do
            var isOurs = answer.Value.Integer != 0;
            _held[key] = isOurs ? Hold.Ours : Hold.Disputed;
            if (!isOurs && before != Hold.Disputed)
                AskHolder(key, holder => Lose(key, holder, wasOurs: before == Hold.Ours));
        },
        "EVAL", HoldScript, "1", NameOf(key), _address,
        _leaseMs.ToString(CultureInfo.InvariantCulture));

    /// <summary>Another server has a name that is published here.</summary>
    private void Lose(StreamKey key, string? holder, bool wasOurs)
    {
        if (holder is null || !_held.ContainsKey(key))
            return;                             // meanwhile it is ours, or nobody's
        Log.Warn(
            "{Stream:l} is published here, but in the cluster its name is that of {Holder:l}",
            key.ToString(), holder);
        var options = _server.Options.Resolve(key);
        if (wasOurs && options?.Publish.OnDuplicate == DuplicatePublish.Replace)
            _server.Hub.Find(key)?.Publisher?.OnReplaced();
    }
}
