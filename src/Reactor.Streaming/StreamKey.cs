using Reactor.Protocol.Rtmp;

namespace Reactor.Streaming;

/// <summary>What a live stream is called: application and name, normalised.</summary>
public readonly record struct StreamKey(string App, string Name)
{
    /// <summary>The key of names that somebody wrote, under the rules of publishers' names.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <param name="name">Of the stream.</param>
    /// <param name="bytesMax">Bytes of both together.</param>
    /// <param name="key">The key, when they make one.</param>
    public static bool TryRead(string app, string name, int bytesMax, out StreamKey key)
    {
        key = default;
        if (!StreamAddress.TryParse(app, "", name, bytesMax, out var address, out _))
            return false;
        key = Of(address);
        return true;
    }

    public static StreamKey Of(StreamAddress address) => new(address.App, address.Name);

    public override string ToString() => $"{App}/{Name}";
}
