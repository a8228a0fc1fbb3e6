namespace Reactor.Testing.Simulation;

/// <summary>Known bugs, planted around the server to see whether the checks find them.</summary>
public enum Plant
{
    None,
    SkipsSequenceHeader,
}

/// <summary>Where a planted bug takes effect.</summary>
public sealed class Plants(Plant plant)
{
    private int _headers;

    public Plant Plant => plant;

    /// <summary>Whether a message is lost between publisher and player, as if by the server.</summary>
    public bool Skips(FrameSort sort) => plant == Plant.SkipsSequenceHeader
        && sort == FrameSort.VideoHeader && ++_headers % 3 == 2;
}
