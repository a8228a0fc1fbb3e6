namespace Reactor.Streaming;

/// <summary>What a live stream is called: application and name, normalised.</summary>
public readonly record struct StreamKey(string App, string Name)
{
    public override string ToString() => $"{App}/{Name}";
}
