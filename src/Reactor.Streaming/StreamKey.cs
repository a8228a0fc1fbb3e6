using Reactor.Protocol.Rtmp;

namespace Reactor.Streaming;

/// <summary>What a live stream is called: application and name, normalised.</summary>
public readonly record struct StreamKey(string App, string Name)
{
    /// <summary>The key of names that somebody wrote, under the rules of publishers' names.
    /// </summary>
    public static bool TryRead(string app, string name, out StreamKey key)
    {
        key = default;
        if (!StreamAddress.TryParse(app, "", name, out var address, out _))
            return false;
        key = new StreamKey(address!.App, address.Name);
        return true;
    }

    public override string ToString() => $"{App}/{Name}";
}
