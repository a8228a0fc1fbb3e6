using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Reactor.Server.Configuration;
using Reactor.Transport.Network;

namespace Reactor.Testing.Simulation;

/// <summary>
/// Two whole servers in one time: an origin, and an edge that connects to it; or two of a cluster,
/// of which each is both.
/// </summary>
/// <remarks>
/// Each has a world of its own, with peers, disk and checks; what is published is one book for
/// both. Their loops take turns: when one sleeps, it is woken within a millisecond, so that the
/// other one comes to its turn. While one process is down the other goes on.
/// </remarks>
public sealed class TwoServers : IHappening, IDisposable
{
    /// <summary>Where the edge finds the origin.</summary>
    public const string OriginUrl = "rtmp://10.2.0.1:1935";

    private const int TickUs = 1000;
    private const int EdgeLuck = 0xed6e;
    private const int LinkId = 900_000;
    private static readonly IPEndPoint[] Shown =
        [IPEndPoint.Parse("10.2.0.1:1935"), IPEndPoint.Parse("10.2.0.2:1935")];
    private static readonly IPEndPoint Door = IPEndPoint.Parse("127.0.0.1:1935");

    private readonly List<Splice> _splices = [];
    private readonly LinkQuality _quality = new();
    private long _tickUntilUs;
    private int _links;

    public TwoServers(
        int seed,
        ServerOptions origin,
        ServerOptions edge,
        Plant plant = Plant.None,
        bool isTraced = false)
    {
        Origin = new World(seed, origin, plant, isTraced);
        Edge = new World(seed ^ EdgeLuck, edge, plant, isTraced, beside: Origin);
        Edge.Network.Host(Shown[0], socket => Take(socket, Shown[1].Address, Origin));
        Origin.Network.Host(Shown[1], socket => Take(socket, Shown[0].Address, Edge));
        Origin.Meanwhile = endUs => RunOne(Edge, endUs);
        Edge.Meanwhile = endUs => RunOne(Origin, endUs);
        Edge.Lengthen(4L * (_quality.LatencyUs + TickUs));
    }

    /// <summary>Two servers of one cluster, with one Redis.</summary>
    public static TwoServers InCluster(
        int seed, ServerOptions options, Plant plant = Plant.None, bool isTraced = false)
    {
        ServerOptions As(int which) => options with
        {
            Cluster = options.Cluster with
            {
                Redis = new HostPort("127.0.0.1", 6379),
                Address = new HostPort($"{Shown[which].Address}", Shown[which].Port),
            },
        };
        var two = new TwoServers(seed, As(0), As(1), plant, isTraced);
        two.Origin.Lengthen(two.Edge.WayUsMax);
        two.Origin.ComesBackTo = two.Edge;
        two.Edge.ComesBackTo = two.Origin;
        return two;
    }

    public World Origin { get; }

    public World Edge { get; }

    private SimulatedTime Time => Origin.Time;

    /// <summary>Who may be shown what comes from the other server.</summary>
    private IEnumerable<PlayPart> Viewers =>
        (Origin.IsClustered ? Origin.Parts.Concat(Edge.Parts) : Edge.Parts).OfType<PlayPart>();

    /// <summary>Turns both for so many simulated seconds.</summary>
    public void Run(double seconds) => RunUntil(() => false, seconds);

    /// <summary>Turns both until something holds.</summary>
    /// <returns>False when it did not within the time.</returns>
    public bool RunUntil(Func<bool> holds, double secondsMax)
    {
        var endUs = Time.NowUs + (long)(secondsMax * 1e6);
        Tick(endUs);
        while (!holds())
        {
            if (Time.NowUs >= endUs)
                return false;
            Origin.Turn();
            Edge.Turn();
        }
        return true;
    }

    /// <summary>Every connection between both breaks, and each end is told.</summary>
    public void Cut()
    {
        foreach (var splice in _splices.ToArray())
            splice.Break();
        foreach (var viewer in Viewers)
            viewer.RelayedSinceUs = long.MaxValue;
    }

    /// <summary>
    /// From now on frames may be missing for a while, though never come twice: a server was killed,
    /// or a GOP has ended while the connection was cut.
    /// </summary>
    public void Forgive(double seconds)
    {
        foreach (var viewer in Viewers)
        {
            viewer.View.MayMissUntilUs = Time.NowUs + (long)(seconds * 1e6);
            viewer.RelayedSinceUs = long.MaxValue;
        }
    }

    /// <summary>From now on what is published comes to the edge's players in time.</summary>
    public void HoldToDelay()
    {
        foreach (var viewer in Viewers)
            viewer.RelayedSinceUs = Time.NowUs;
    }

    /// <summary>Both stop, the edge first; nothing is left of either.</summary>
    public void Stop()
    {
        Edge.Stop();
        Origin.Disturb();                       // it stood still meanwhile
        Origin.Stop();
    }

    public void Happen(int what)
    {
        Origin.Server.Loop.Poller.Wake();
        Edge.Server.Loop.Poller.Wake();
        if (Time.NowUs < _tickUntilUs)
            Time.Plan(Time.NowUs + TickUs, this);
    }

    public void Dispose()
    {
        Edge.Dispose();
        Origin.Dispose();
    }

    private void Tick(long untilUs)
    {
        var isTicking = Time.NowUs < _tickUntilUs;
        _tickUntilUs = Math.Max(_tickUntilUs, untilUs);
        if (!isTicking)
            Time.Plan(Time.NowUs, this);
    }

    private void RunOne(World world, long endUs)
    {
        Tick(endUs);
        while (Time.NowUs < endUs)
            world.Turn();
    }

    private bool Take(SimulatedSocket socket, IPAddress address, World to)
    {
        var from = new IPEndPoint(address, to.Network.NextPort());
        var other = to.Network.Connect(from, Door, _quality, LinkId + ++_links);
        _splices.Add(new Splice(this, socket, other));
        return true;
    }

    /// <summary>One connection between both: bytes, ends and resets pass in both directions.
    /// </summary>
    private sealed class Splice : IHappening
    {
        private readonly TwoServers _owner;
        private readonly SimulatedSocket[] _ends;
        private readonly ByteQueue[] _waiting = [new(), new()];
        private readonly bool[] _hasEnded = new bool[2];
        private bool _isPlanned;

        public Splice(TwoServers owner, params SimulatedSocket[] ends)
        {
            _owner = owner;
            _ends = ends;
            foreach (var end in ends)
                end.Stirred = Stir;
            Stir();
        }

        public void Break()
        {
            _owner._splices.Remove(this);
            foreach (var end in _ends)
                end.Abort();
        }

        public void Happen(int what)
        {
            _isPlanned = false;
            if (_ends.Any(end => end.IsBroken))
                Break();
            for (var i = 0; i < 2 && _ends[0].IsOpen; i++)
                Pass(i, _ends[i], _ends[1 - i]);
            if (_hasEnded.All(ended => ended))
                Break();
        }

        private void Pass(int i, SimulatedSocket from, SimulatedSocket to)
        {
            var waiting = _waiting[i];
            var buffer = _owner.Origin.PeerBuffer;
            while (!_hasEnded[i])
            {
                while (waiting.Count > 0 && to.Free > 0)
                    waiting.Skip(to.Write(waiting.Peek(to.Free)));
                if (waiting.Count > 0)
                    return;                     // as much is read as the other one takes
                var result = from.Receive(buffer);
                if (result.Status == IoStatus.Done)
                {
                    waiting.Write(buffer.AsSpan(0, result.Bytes));
                    continue;
                }
                if (result.Status == IoStatus.WouldBlock)
                    return;
                _hasEnded[i] = true;
                to.EndSending();
            }
        }

        private void Stir()
        {
            if (_isPlanned || !_ends[0].IsOpen)
                return;
            _isPlanned = true;
            _owner.Time.Plan(_owner.Time.NowUs + 1, this);
        }
    }
}
