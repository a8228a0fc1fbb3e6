namespace Reactor.Protocol.Codecs;

/// <summary>Pixels at the edges that are coded and not shown.</summary>
/// <remarks>Both codecs write them alike (H.264 §7.3.2.1.1, H.265 §7.3.2.2.1).</remarks>
/// <param name="X">Left and right together.</param>
/// <param name="Y">Top and bottom together.</param>
internal readonly record struct Crop(int X, int Y)
{
    private const int EdgeMax = 65_536;

    /// <param name="bits">Stands at the flag that says whether there are any.</param>
    /// <param name="chroma">0 grey, 1 4:2:0, 2 4:2:2, 3 4:4:4: the unit is its grid.</param>
    /// <param name="fields">2 where rows are counted in fields.</param>
    public static Crop Read(ref BitReader bits, int chroma, int fields)
    {
        if (!bits.Flag())
            return default;
        var x = bits.Unsigned(EdgeMax) + bits.Unsigned(EdgeMax);
        var y = bits.Unsigned(EdgeMax) + bits.Unsigned(EdgeMax);
        return new Crop(x * (chroma is 1 or 2 ? 2 : 1), y * (chroma == 1 ? 2 : 1) * fields);
    }
}
