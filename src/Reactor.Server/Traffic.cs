using System.Collections.Generic;
using Reactor.Server.Sessions;

namespace Reactor.Server;

/// <summary>What comes and goes, in all and by app, in bits a second.</summary>
/// <remarks>
/// Connections count their bytes anyway: they are looked at once a second, and when they end. An
/// app has what is sent to and by those who play or publish there, by HLS and of recordings too;
/// other files count in all only.
/// </remarks>
internal sealed class Traffic
{
    private const int LookEveryMs = 1000;

    private readonly Dictionary<string, TrafficMeter> _apps = [];
    private readonly List<string> _idle = [];
    private long _lookedMs;

    public TrafficMeter All { get; } = new();

    /// <summary>An app's meter; null while nothing comes or goes there.</summary>
    public TrafficMeter? Of(string app) => _apps.GetValueOrDefault(app);

    /// <summary>Called now and then; it looks once a second.</summary>
    public void Check(SessionTable sessions, long nowMs)
    {
        var elapsedMs = nowMs - _lookedMs;
        if (elapsedMs < LookEveryMs)
            return;
        _lookedMs = nowMs;
        foreach (var session in sessions)
            Count(session);
        All.Step(elapsedMs);
        foreach (var (app, meter) in _apps)
        {
            meter.Step(elapsedMs);
            if (meter.IsIdle)
                _idle.Add(app);
        }
        foreach (var app in _idle)
            _apps.Remove(app);
        _idle.Clear();
    }

    /// <summary>Takes what a session has received and sent since it was last looked at.</summary>
    public void Count(Session session)
    {
        var (bytesIn, bytesOut) = session.TakeTraffic();
        if (bytesIn + bytesOut == 0)
            return;
        All.Add(bytesIn, bytesOut);
        if (session.App is { } app)
            MeterOf(app).Add(bytesIn, bytesOut);
    }

    /// <summary>An app's stream was answered with; in all it counts by its connection.</summary>
    public void CountAnswer(string app, long bytesOut) => MeterOf(app).Add(0, bytesOut);

    /// <summary>A player was let in: as much as what it plays has will be sent.</summary>
    public void Promise(string app, double kbps)
    {
        var bps = kbps * 1000;
        All.Promise(bps);
        if (bps > 0)
            MeterOf(app).Promise(bps);
    }

    private TrafficMeter MeterOf(string app)
    {
        if (!_apps.TryGetValue(app, out var meter))
            _apps.Add(app, meter = new TrafficMeter());
        return meter;
    }
}
