using Reactor.Streaming;

namespace Reactor.Server.Sessions;

/// <summary>Why somebody may not have what it asks for.</summary>
internal enum RefusalKind
{
    /// <summary>There is no such stream, and it is not to be waited for.</summary>
    NotFound,

    /// <summary>It exists, but not for this one.</summary>
    Forbidden,

    /// <summary>Something has to be shown first: a key, a token.</summary>
    Unauthorised,

    /// <summary>Too many wrong keys came from there.</summary>
    TooOften,

    /// <summary>A limit is reached; later it may be possible.</summary>
    Busy,
}

/// <summary>A refusal; each protocol has its own status for the kind.</summary>
/// <param name="Kind">What to tell a program.</param>
/// <param name="Why">What to tell a person, in a line.</param>
internal sealed record Refusal(RefusalKind Kind, string Why)
{
    /// <summary>Why there is no live stream of that name, whatever it is asked for by.</summary>
    public static string NotConfigured(StreamKey key) =>
        $"application {key.App} is not configured for live streams";
}
