using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Reactor.Primitives;
using Reactor.Protocol.Hls;
using Reactor.Streaming;
using Reactor.Streaming.Hls;
using static System.FormattableString;

namespace Reactor.Server.Http;

/// <summary>The name of a segment, of a part of one, or of an init.</summary>
/// <param name="Sequence">The number of the segment, or of the init.</param>
/// <param name="Part">Which of its parts; null for the whole.</param>
/// <param name="Ending">What it is, with its dot.</param>
internal readonly record struct HlsName(long Sequence, int? Part, string Ending)
{
    public bool IsInit => Ending == PlaylistWriter.InitEnding;

    /// <summary>Tells it from others of its stream.</summary>
    public string Text => Part is { } part
        ? Invariant($"{Sequence}.{part}")
        : Sequence.ToString(CultureInfo.InvariantCulture);

    /// <summary>For people.</summary>
    public override string ToString() => $"segment {Text}{Ending}";

    /// <returns>Its bytes; null where it is not.</returns>
    public IReadOnlyList<Packet>? Find(HlsWindow window)
    {
        if (IsInit)
            return Part is null && window.FindInit(Sequence) is { } init ? [init.Packet] : null;
        if (Ending != window.Ending)
            return null;
        return Part is { } part
            ? window.Find(Sequence, part)?.Packets
            : window.Find(Sequence)?.Packets;
    }

    /// <summary>Whether it is the part that comes next.</summary>
    public bool IsNext(HlsWindow window) =>
        Ending == window.Ending && Part is { } part && window.IsNext(Sequence, part);

    /// <summary>
    /// The stream and the rest of <c>/APP/STREAM/NUMBER.ts</c> or
    /// <c>/APP/STREAM/NUMBER.PART.m4s</c>.
    /// </summary>
    public static bool TryRead(
        HttpExchange exchange, out StreamKey key, out HlsName name)
    {
        var segments = exchange.Request.Segments;
        key = default;
        name = default;
        var ending = segments.Count < 3 ? "" : Path.GetExtension(segments[^1]);
        if (!PlaylistWriter.Endings.Contains(ending))
            return false;
        var text = segments[^1].AsSpan(0, segments[^1].Length - ending.Length);
        int? part = null;
        if (text.IndexOf('.') is >= 0 and var dot)
        {
            if (!int.TryParse(
                text[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            {
                return false;
            }
            part = index;
            text = text[..dot];
        }
        if (!long.TryParse(
            text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
        {
            return false;
        }
        name = new HlsName(sequence, part, ending);
        return HttpStreamKey.TryRead(exchange, segments.Count - 1, "", out key);
    }
}
