using System.Net;
using Reactor.Server.Hooks;

namespace Reactor.Server.Egress;

/// <summary>Somebody who watches by HLS: has asked, was let in, and asks again.</summary>
internal sealed class HlsViewer(
    HlsOutput output, IPAddress address, HookEvent? told, long startedMs)
{
    public HlsOutput Output => output;

    public IPAddress Address => address;

    /// <summary>What hooks hear of its end; null where none is to.</summary>
    public HookEvent? Told => told;

    public long StartedMs { get; } = startedMs;

    /// <summary>When it asked last, on the loop's clock.</summary>
    public long AskedMs { get; private set; } = startedMs;

    /// <summary>Bytes of playlists and segments that it was answered with.</summary>
    public long Bytes { get; set; }

    public bool IsOver { get; set; }

    /// <summary>It asks for something, or waits for it.</summary>
    public void Ask(long nowMs)
    {
        AskedMs = nowMs;
        output.Ask();
    }
}
