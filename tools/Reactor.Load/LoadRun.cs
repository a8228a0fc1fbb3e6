using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using Reactor.Load.Measures;
using Reactor.Load.Peers;
using Reactor.Transport;

namespace Reactor.Load;

/// <summary>One load from the first connection to the report, on one loop.</summary>
/// <remarks>Everything is bounded: what is not ready in time is counted as missing.</remarks>
internal sealed class LoadRun : IDisposable
{
    private const int TickMs = 10;
    private const int ReadyMaxMs = 20_000;
    private const int LateMs = 1500;
    private const int ChurnStayMs = 1000;

    private readonly LoadOptions _options;
    private readonly LoadContext _context;
    private readonly ProcessMeter? _server;
    private readonly ProcessMeter _self = new(Environment.ProcessId);
    private readonly LoopTimer _tick;
    private readonly List<LoadPublisher> _publishers = [];
    private readonly List<RtmpPeer> _players = [];
    private readonly List<IdlePeer> _idle = [];
    private readonly Queue<(LoadPlayer Player, long LeavesMs)> _churning = new();
    private long _churned;
    private long _socketKilobytes;

    public LoadRun(LoadOptions options)
    {
        _options = options;
        _context = new LoadContext(
            options.Server, options.App, options.MayRest,
            hasCrowd: options.Players > options.Streams, options.BitsPerSecond);
        _server = options.ServerPid > 0 ? new ProcessMeter(options.ServerPid) : null;
        _tick = _context.Loop.CreateTimer(() => _tick!.Set(TickMs), owner: null);
        _tick.Set(TickMs);
    }

    private long NowMs => _context.Loop.NowMs;

    public LoadReport Run()
    {
        var emptyKilobytes = _server?.ResidentKilobytes ?? 0;
        _socketKilobytes = ProcessMeter.SocketKilobytes;
        Open(_options.Idle, _ => _idle.Add(new IdlePeer(_context)));
        Await(() => _idle.All(peer => peer.IsReady));
        var idleKilobytes = _server?.ResidentKilobytes ?? 0;

        Open(_options.Streams, OpenPublisher);
        Await(() => _publishers.All(peer => peer.IsReady || peer.IsLost));
        Open(_options.Players, OpenPlayer);
        Open(_options.Slow, OpenSlow);
        Open(_options.Stalled, OpenStalled);
        Await(() => _players.All(peer => peer.IsReady || peer.IsLost));
        Pass(_options.WarmupSeconds * 1000, () => { });

        var report = Measure();
        Leave();
        Pass(_options.LingerSeconds * 1000, () => { });
        return report with
        {
            EmptyKilobytes = emptyKilobytes,
            IdleKilobytes = idleKilobytes,
            LeftKilobytes = _options.LingerSeconds > 0 ? _server?.ResidentKilobytes ?? 0 : 0,
        };
    }

    public void Dispose() => _context.Dispose();

    private LoadReport Measure()
    {
        var tally = _context.Tally;
        if (_options.Churn > 0)
            tally.Joins.Clear();                // joins under load, not those of the crowd before
        var startMs = NowMs;
        var cpu = _server?.CpuSeconds ?? 0;
        var loadCpu = _self.CpuSeconds;
        var allCpu = ProcessMeter.MachineCpuSeconds;
        var bytes = _context.PlayerBytes;
        var idleTicks = _context.IdleTicks;
        tally.BeginWindow();
        Pass(_options.Seconds * 1000, () => Churn(NowMs - startMs));
        tally.EndWindow();
        var seconds = (NowMs - startMs) / 1000.0;
        idleTicks = _context.IdleTicks - idleTicks;
        cpu = (_server?.CpuSeconds ?? 0) - cpu;
        loadCpu = _self.CpuSeconds - loadCpu;
        allCpu = ProcessMeter.MachineCpuSeconds - allCpu;
        var report = new LoadReport
        {
            Server = _options.Name,
            Players = _options.Players,
            Streams = _options.Streams,
            Seconds = seconds,
            Gigabits = (_context.PlayerBytes - bytes) * 8 / 1e9,
            CpuSeconds = cpu,
            LoadCpuShare = loadCpu / seconds,
            LoadBusyShare = 1 - Stopwatch.GetElapsedTime(0, idleTicks).TotalSeconds / seconds,
            OthersCpuShare = (allCpu - cpu - loadCpu) / seconds,
            LoadedKilobytes = _server?.ResidentKilobytes ?? 0,
            KernelKilobytes = ProcessMeter.SocketKilobytes - _socketKilobytes,
        };
        Pass(LateMs, () => { });
        return report.With(tally, _options.Idle);
    }

    private void Leave()
    {
        foreach (var peer in _players.Concat(_publishers))
            peer.Leave();
        foreach (var (player, _) in _churning)
            player.Leave();
        foreach (var peer in _idle)
            peer.Leave();
    }

    private void OpenPublisher(int index) => _publishers.Add(
        new LoadPublisher(_context, NameOf(index), _options.BitsPerSecond));

    private void OpenPlayer(int index)
    {
        _players.Add(new LoadPlayer(_context, NameOf(index), isSteady: true));
        _publishers[index % _options.Streams].SteadyPlayers++;
    }

    private void OpenSlow(int index) => _players.Add(
        new SlowPlayer(_context, NameOf(index), _options.BitsPerSecond));

    private void OpenStalled(int index) => _players.Add(
        new StalledPlayer(_context, NameOf(index)));

    private string NameOf(int index) => $"load{index % _options.Streams}";

    private void Churn(long elapsedMs)
    {
        var due = elapsedMs * _options.Churn / 1000;
        for (; _churned < due; _churned++)
        {
            var player = new LoadPlayer(_context, NameOf((int)_churned), isSteady: false);
            _churning.Enqueue((player, NowMs + ChurnStayMs));
        }
        while (_churning.TryPeek(out var first) && first.LeavesMs <= NowMs)
            _churning.Dequeue().Player.Leave();
    }

    /// <summary>Opens so many, one after another at the rate that was asked for.</summary>
    private void Open(int count, Action<int> open)
    {
        var startMs = NowMs;
        var opened = 0;
        while (opened < count)
        {
            _context.Turn();
            var due = Math.Min(count, (NowMs - startMs) * _options.ConnectRate / 1000);
            while (opened < due)
                open(opened++);
        }
    }

    private void Await(Func<bool> isReady)
    {
        var endMs = NowMs + ReadyMaxMs;
        while (NowMs < endMs && !isReady())
            Pass(TickMs, () => { });
    }

    private void Pass(int milliseconds, Action eachTurn)
    {
        var endMs = NowMs + milliseconds;
        while (NowMs < endMs)
        {
            _context.Turn();
            eachTurn();
        }
    }
}
