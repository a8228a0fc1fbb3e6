using System.Net;
using Reactor.Protocol;
using Reactor.Server.Configuration;
using Reactor.Streaming;
using Reactor.Transport;

namespace Reactor.Server.Authorisation;

/// <summary>What somebody wants to do with a live stream.</summary>
internal enum AccessAction
{
    Publish,
    Play,
}

/// <summary>Somebody who wants to publish or play, with all that was shown.</summary>
internal sealed record AccessRequest
{
    public required AccessAction Action { get; init; }

    /// <summary>The stream as it was asked for; a room's key may stand for its name.</summary>
    public required StreamKey Key { get; init; }

    /// <summary>What holds for that stream.</summary>
    public required StreamOptions Options { get; init; }

    /// <summary>Who asks: behind a trusted proxy, whom the proxy names.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>What stood behind question marks.</summary>
    public required QueryParameters Parameters { get; init; }

    /// <summary>Who waits for the verdict, and whose fault it is if it cannot be taken.</summary>
    public required Connection Connection { get; init; }

    /// <summary>Whether something is only asked about: no hook is told of it, for its back-end
    /// would count a player; where a hook decides, the answer is no.</summary>
    public bool IsPeek { get; init; }

    /// <summary>The page of a player in a browser: Referer or pageUrl; else empty.</summary>
    public string Page { get; init; } = "";

    /// <summary>The token of Authorization: Bearer; else empty.</summary>
    public string Bearer { get; init; } = "";

    /// <summary>connect's tcUrl, or what stands for it.</summary>
    public string TcUrl { get; init; } = "";

    /// <summary>What the client calls itself.</summary>
    public string Client { get; init; } = "";
}
