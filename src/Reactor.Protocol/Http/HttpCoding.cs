using System;
using System.Globalization;

namespace Reactor.Protocol.Http;

/// <summary>Whether a client takes bytes in a compressed form (RFC 9110 §12.5.3).</summary>
public static class HttpCoding
{
    /// <summary>
    /// Whether a coding stands in Accept-Encoding, by its name or as the star, with a weight above
    /// zero. Who says nothing gets bytes as they are: that is always a right answer.
    /// </summary>
    public static bool Accepts(HttpHeaders headers, string coding)
    {
        var byStar = false;
        foreach (var list in headers.All("Accept-Encoding"))
        {
            foreach (var range in list.AsSpan().Split(','))
            {
                var item = list.AsSpan()[range];
                var end = item.IndexOf(';');
                var name = (end < 0 ? item : item[..end]).Trim(" \t");
                var isWanted = end < 0 || Weight(item[(end + 1)..]) > 0;
                if (name.Equals(coding, StringComparison.OrdinalIgnoreCase))
                    return isWanted;
                if (name is "*")
                    byStar = isWanted;
            }
        }
        return byStar;
    }

    /// <summary>The number of <c>q=0.5</c>; 0 for what is no weight (§12.4.2).</summary>
    private static float Weight(ReadOnlySpan<char> parameter)
    {
        parameter = parameter.Trim(" \t");
        return parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
            && float.TryParse(
                parameter[2..],
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var weight)
            ? weight
            : 0;
    }
}
