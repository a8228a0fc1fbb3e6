namespace Reactor.Testing.Mp4;

/// <summary>What the head of a file says of a track.</summary>
public sealed record Mp4Described
{
    public uint Id { get; init; }

    public bool IsVideo { get; init; }

    /// <summary>Ticks in a second.</summary>
    public uint Timescale { get; init; }

    /// <summary>The type of its sample entry: <c>avc1</c>.</summary>
    public string Codec { get; init; } = "";

    /// <summary>The sample entry, its head included.</summary>
    public byte[] Entry { get; init; } = [];

    /// <summary>The type of the box behind the entry's fields: <c>avcC</c>.</summary>
    public string ConfigType { get; init; } = "";

    /// <summary>What that box holds, its head left out.</summary>
    public byte[] Config { get; init; } = [];

    public int Width { get; init; }

    public int Height { get; init; }

    public int Channels { get; init; }

    // Of trex, for samples that do not tell themselves.
    public uint Duration { get; init; }

    public uint Length { get; init; }

    public uint Flags { get; init; }
}
