namespace Reactor.Protocol.Amf;

/// <summary>How much of AMF one message may have.</summary>
public sealed record AmfLimits
{
    public static AmfLimits Default { get; } = new();

    /// <summary>Levels of objects and arrays. Reading recurses: it must stay small.</summary>
    public int DepthMax { get; init; } = 32;

    /// <summary>Values in one message, keys not counted.</summary>
    public int ElementsMax { get; init; } = 1_024;

    /// <summary>One string, key or byte array.</summary>
    public int StringBytesMax { get; init; } = 64 << 10;

    /// <summary>Strings, keys and byte arrays of one message together.</summary>
    public int TextBytesMax { get; init; } = 256 << 10;
}
