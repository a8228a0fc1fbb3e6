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
/// name that another server holds is not taken from it. What is asked for and is not here is
/// looked up once a second while somebody waits for it. Without Redis streams that run go on.
/// </remarks>
internal sealed class ClusterDirectory
{
    private const string Prefix = "reactor:stream:";
    private const int RenewalsPerLease = 3;
    private const int LookupMs = 1000;

    /// <summary>Ours is prolonged, a free name taken, another's left alone.</summary>
    private const string Hold = "local v = redis.call('GET', KEYS[1]) "
        + "if v == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end "
        + "if v then return 0 end "
        + "redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) return 1";

    private const string Release = "if redis.call('GET', KEYS[1]) == ARGV[1] then "
        + "return redis.call('DEL', KEYS[1]) end return 0";

    private static readonly Logger Log = LogManager.GetLogger("cluster");

    private readonly ReactorServer _server;
    private readonly RedisClient _redis;
    private readonly string _address;
    private readonly string _leaseMs;
    private readonly long _renewMs;
    private readonly HashSet<StreamKey> _held = [];
    private readonly HashSet<StreamKey> _disputed = [];
    private readonly HashSet<StreamKey> _asked = [];
    private long _renewAtMs;
    private long _lookupAtMs;

    private ClusterDirectory(ReactorServer server, RedisClient redis, string address)
    {
        _server = server;
        _redis = redis;
        _address = address;
        var lease = server.Options.Cluster.Lease.TotalMilliseconds;
        _leaseMs = ((long)lease).ToString(CultureInfo.InvariantCulture);
        _renewMs = (long)lease / RenewalsPerLease;
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
        if (stream.IsPublished && !_server.Relays.IsWithin(stream.Key))
        {
            if (_held.Add(stream.Key))
                Renew(stream.Key);
        }
        else if (_held.Remove(stream.Key))
        {
            _disputed.Remove(stream.Key);
            _redis.Ask(static _ => { }, "EVAL", Release, "1", NameOf(stream.Key), _address);
        }
    }

    /// <summary>Renews what is held, and looks for what is waited for.</summary>
    public void Check(long nowMs)
    {
        if (nowMs >= _renewAtMs)
        {
            _renewAtMs = nowMs + _renewMs;
            foreach (var key in _held)
                Renew(key);
        }
        if (nowMs < _lookupAtMs)
            return;
        _lookupAtMs = nowMs + LookupMs;
        foreach (var stream in _server.Hub.Streams)
        {
            if (!stream.IsPublished && stream.AudienceCount > 0)
                Find(stream.Key);
        }
    }

    /// <summary>Asks who has a stream; the pull begins when the answer comes.</summary>
    public void Find(StreamKey key)
    {
        if (_server.Relays.IsPulled(key) || !_asked.Add(key))
            return;
        _redis.Ask(
            answer =>
            {
                _asked.Remove(key);
                if (answer.IsGood && !answer.Value.IsNull && answer.Value.Text != _address)
                    _server.Relays.BeginPullWithin(key, answer.Value.Text);
            },
            "GET", NameOf(key));
    }

    /// <summary>Gives every name back, and leaves when that is heard.</summary>
    public void Stop()
    {
        foreach (var key in _held)
            _redis.Ask(static _ => { }, "EVAL", Release, "1", NameOf(key), _address);
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

    private void Renew(StreamKey key) => _redis.Ask(
        answer =>
        {
            if (!answer.IsGood || !_held.Contains(key))
                return;                         // without Redis the next renewal will do
            if (answer.Value.Integer != 0)
                _disputed.Remove(key);
            else if (_disputed.Add(key))
                Log.Warn("{Stream:l} is published on another server as well", key.ToString());
        },
        "EVAL", Hold, "1", NameOf(key), _address, _leaseMs);
}
