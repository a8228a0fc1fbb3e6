using System;
using System.Collections.Generic;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Reactor.Server.Egress;

/// <summary>Who watches by HLS, as far as requests tell.</summary>
/// <remarks>
/// Other viewers are asked once who they are, when they begin. A viewer of HLS asks again for each
/// segment; whoever was let in stays so while it keeps asking, so that no hook is called for every
/// segment, and a signed URL has to hold at the beginning only. The same address that shows the
/// same is the same viewer.
/// </remarks>
internal sealed class HlsViewers
{
    /// <summary>Beyond it newcomers are let in each time anew.</summary>
    private const int Max = 10_000;

    private const int IdleMs = 30_000;
    private const int ForgetEveryMs = 1000;

    private readonly Dictionary<(IPAddress Address, UInt128 Shown), long> _askedMs = [];
    private long _forgottenMs;

    public int Count => _askedMs.Count;

    /// <summary>Whether it was let in, and has asked since.</summary>
    public bool IsKnown(IPAddress address, string shown, long nowMs)
    {
        var viewer = (address, Print(shown));
        if (!_askedMs.TryGetValue(viewer, out var askedMs) || nowMs - askedMs > IdleMs)
            return false;
        _askedMs[viewer] = nowMs;
        return true;
    }

    /// <summary>It is let in.</summary>
    public void Admit(IPAddress address, string shown, long nowMs)
    {
        if (_askedMs.Count < Max)
            _askedMs[(address, Print(shown))] = nowMs;
    }

    /// <summary>Forgets those who ask no more.</summary>
    public void Check(long nowMs)
    {
        if (nowMs - _forgottenMs < ForgetEveryMs)
            return;
        _forgottenMs = nowMs;
        foreach (var (viewer, askedMs) in _askedMs)
        {
            if (nowMs - askedMs > IdleMs)
                _askedMs.Remove(viewer);
        }
    }

    /// <summary>Secrets are not kept, and what is kept is short.</summary>
    private static UInt128 Print(string shown)
    {
        if (shown.Length == 0)
            return default;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(shown));
        return new UInt128(BitConverter.ToUInt64(hash, 0), BitConverter.ToUInt64(hash, 8));
    }
}
