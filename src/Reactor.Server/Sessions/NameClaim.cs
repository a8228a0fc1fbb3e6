using System;
using Reactor.Server.Configuration;
using Reactor.Server.Relays;
using Reactor.Streaming;

namespace Reactor.Server.Sessions;

/// <summary>A publisher that wants a name which somebody may have, here or in the cluster.
/// </summary>
/// <remarks>
/// Whoever has it and is well keeps it, and an encoder that comes back, or fails over to this
/// server, is not turned away for the sake of somebody who is gone. So a sign of life decides: here
/// a frame, on another server a lease that is renewed. Where none comes in the time in which it
/// has to, the newcomer has waited, and need not try again. A lease that was renewed a moment ago
/// does not end the wait: its server may have died since, and who asks may be its encoder, so only
/// the next renewal tells, up to a third of a lease later.
/// </remarks>
/// <param name="server">Whose streams are looked at.</param>
/// <param name="key">The name.</param>
/// <param name="publish">What holds for it.</param>
/// <param name="mayReplace">Whether a publisher here gives way at once.</param>
/// <param name="done">
/// Called once: with the server that has the name and keeps it, or with null when it is to be
/// judged here.
/// </param>
internal sealed class NameClaim(
    ReactorServer server,
    StreamKey key,
    PublishOptions publish,
    Func<IPublisher, bool> mayReplace,
    Action<string?> done)
{
    /// <summary>A frame that is no older is a sign of life: what nobody watches is read every
    /// 100 ms.</summary>
    private const int LivelyMs = 250;

    private const int LookMs = 500;

    private readonly long _sinceMs = server.Loop.NowMs;
    private long _lookAtMs;
    private long _leftMs = long.MaxValue;
    private bool _isAsking;
    private bool _isOver;

    /// <summary>Whether somebody who is not to give way at once may be gone all the same.</summary>
    public static bool IsInDoubt(LiveStream stream, PublishOptions publish, long sinceMs) =>
        publish.ReplaceStale > TimeSpan.Zero && stream.LastFrameMs <= sinceMs - LivelyMs;

    /// <summary>Called when it begins, and now and then.</summary>
    public void Check(long nowMs)
    {
        if (_isOver)
            return;
        if (server.Hub.Find(key) is { Publisher: { } holder } stream)
        {
            if (mayReplace(holder) || !IsInDoubt(stream, publish, _sinceMs))
                End(null);
        }
        else if (server.Relays.Cluster is not { } cluster)
        {
            End(null);
        }
        else if (!_isAsking && nowMs >= _lookAtMs)
        {
            _isAsking = true;
            _lookAtMs = nowMs + LookMs;
            cluster.LookUp(key, (other, leftMs) => Judge(cluster, other, leftMs));
        }
    }

    /// <summary>Nobody wants it any more.</summary>
    public void Forget() => _isOver = true;

    /// <param name="cluster">Where it was asked.</param>
    /// <param name="holder">The other server that has the name; null for none.</param>
    /// <param name="leftMs">How long it has it, unless it says so again.</param>
    private void Judge(ClusterDirectory cluster, string? holder, long leftMs)
    {
        _isAsking = false;
        if (_isOver)
            return;
        if (holder is null)
        {
            End(null);
        }
        else if (publish.OnDuplicate == DuplicatePublish.Replace || cluster.IsOverdue(leftMs))
        {
            cluster.Evict(key, holder);
            End(null);
        }
        else if (leftMs > _leftMs)
        {
            End(holder);
        }
        else
        {
            _leftMs = leftMs;
        }
    }

    private void End(string? holder)
    {
        _isOver = true;
        done(holder);
    }
}
