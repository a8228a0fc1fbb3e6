namespace Reactor.Protocol.Codecs;

/// <summary>How samples of a picture are coded, as both codecs of NAL units write it.</summary>
/// <param name="Chroma">chroma_format_idc: 0 grey, 1 4:2:0, 2 4:2:2, 3 4:4:4.</param>
/// <param name="LumaDepth">Bits beyond 8.</param>
/// <param name="ChromaDepth">Likewise.</param>
internal readonly record struct SampleFormat(int Chroma, int LumaDepth, int ChromaDepth)
{
    /// <summary>Sixteen bits; H.264 has fourteen at most.</summary>
    public const int DepthMax = 7;
}
