using System;

namespace Reactor.Protocol.Mp4;

/// <summary>What the sample entries of video and audio have in common (ISO 14496-12 §8.5.2.2).
/// </summary>
/// <remarks>
/// <code>
/// | length 32 | type 32 | zeros 48 | data reference 16, is 1 | fields | configuration box |
/// </code>
/// </remarks>
internal static class SampleEntry
{
    /// <summary>Bytes of the box before the fields.</summary>
    public const int HeadLength = 8;

    public static byte[] Write(
        ReadOnlySpan<byte> type,
        ReadOnlySpan<byte> fields,
        ReadOnlySpan<byte> configType,
        ReadOnlySpan<byte> config)
    {
        var entry = new byte[
            (2 * BoxWriter.HeadLength) + HeadLength + fields.Length + config.Length];
        var to = new BoxWriter(entry);
        var box = to.Begin(type);
        to.Zeros(6);
        to.UInt16(1);
        to.Bytes(fields);
        to.Box(configType, config);
        to.End(box);
        return entry;
    }
}
