using System.Net;
using Reactor.Server.Hooks;
using static System.FormattableString;

namespace Reactor.Server.Egress;

/// <summary>Somebody who watches by HLS: has asked, was let in, and asks again.</summary>
internal sealed class HlsViewer(
    long number, HlsOutput output, IPAddress address, string agent, HookEvent? told, long startedMs)
{
    private const int AgentMax = 128;

    /// <summary>Its name for operators, for it has no connection and its number.</summary>
    public string Id { get; } = Invariant($"hls-{number}");

    public HlsOutput Output => output;

    public IPAddress Address => address;

    /// <summary>What it calls itself, as far as is kept.</summary>
    public string Agent { get; } = agent.Length > AgentMax ? agent[..AgentMax] : agent;

    /// <summary>What hooks hear of it later; null where none is to.</summary>
    public HookEvent? Told => told;

    public long StartedMs { get; } = startedMs;

    /// <summary>When it asked last, on the loop's clock.</summary>
    public long AskedMs { get; private set; } = startedMs;

    /// <summary>Bytes of playlists and segments that it was answered with.</summary>
    public long Bytes { get; set; }

    /// <summary>When on_update was last asked about it.</summary>
    public long UpdatedMs { get; set; } = startedMs;

    public bool IsOver { get; set; }

    /// <summary>Why it may not go on, as long as it keeps asking; null where it may.</summary>
    public string? Refused { get; set; }

    /// <summary>It asks for something, or waits for it.</summary>
    public void Ask(long nowMs)
    {
        AskedMs = nowMs;
        if (Refused is null)
            output.Ask();
    }
}
