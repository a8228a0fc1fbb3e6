using System.Collections.Generic;
using Reactor.Primitives;
using Reactor.Server.Configuration;
using Reactor.Server.Sessions;

namespace Reactor.Server;

/// <summary>Keeps the memory of media below its ceiling, at the expense of the slowest.</summary>
/// <remarks>
/// From nine tenths on, viewers of HLS whose segment nobody else holds are closed and the largest
/// backlogs of players are dropped; above, new players are refused; at the ceiling itself, new
/// publishers too. Streams that run go on.
/// </remarks>
internal sealed class MemoryCeiling(PacketPool pool, LimitsOptions limits, LimitCounts struck)
{
    /// <summary>Backlogs dropped in one look; the next look is a fifth of a second later.</summary>
    private const int ShedMax = 64;

    private const int SmallBacklogBytes = 64 << 10;

    /// <summary>As long as a long GOP: by then the pool has needed all that it needs.</summary>
    private const int TrimEveryMs = 10_000;

    private readonly List<Session> _slowest = [];
    private long _trimAtMs = TrimEveryMs;

    /// <summary>What media may take at most, in bytes.</summary>
    public long BytesMax { get; private set; } = BytesOf(limits);

    /// <summary>Backlogs that were dropped.</summary>
    public long Shed { get; private set; }

    public bool IsOpenToPlayers => pool.OutstandingBytes < BytesMax / 100 * 95;

    public bool IsOpenToPublishers => pool.OutstandingBytes < BytesMax;

    /// <summary>Another ceiling is in force from now on.</summary>
    public void Reload(LimitsOptions limits) => BytesMax = BytesOf(limits);

    /// <summary>Drops what waits for the slowest players, largest first, while it must; and gives
    /// up by and by what the pool keeps for nobody.</summary>
    public void Check(IEnumerable<Session> sessions, long nowMs)
    {
        if (nowMs >= _trimAtMs)
        {
            _trimAtMs = nowMs + TrimEveryMs;
            pool.Trim();
        }
        if (pool.OutstandingBytes < BytesMax / 100 * 90)
            return;
        foreach (var session in sessions)
        {
            if (session.BacklogBytes > SmallBacklogBytes)
                _slowest.Add(session);
        }
        _slowest.Sort(BySlowness);
        for (var i = 0; i < _slowest.Count && i < ShedMax; i++)
        {
            if (pool.OutstandingBytes < BytesMax / 100 * 90)
                break;
            _slowest[i].ShedBacklog();
            Shed++;
            struck.Add(Limit.MaxMemory);
        }
        _slowest.Clear();
    }

    private static long BytesOf(LimitsOptions limits) =>
        limits.MaxMemory > 0 ? limits.MaxMemory : long.MaxValue;

    /// <summary>Whoever is left behind by its window, then the largest backlog.</summary>
    private static int BySlowness(Session one, Session other) =>
        one.IsLeftBehind == other.IsLeftBehind
            ? other.BacklogBytes.CompareTo(one.BacklogBytes)
            : other.IsLeftBehind.CompareTo(one.IsLeftBehind);
}
