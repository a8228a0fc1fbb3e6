using System;
using System.Collections.Generic;
using System.Net;
using Reactor.Server.Configuration;

namespace Reactor.Server.Authorisation;

/// <summary>Whether an address is let in, by lists of those that are and are not.</summary>
/// <remarks>
/// The most exact range that contains it decides, whichever list it stands in, so that
/// <c>deny: all</c> beside <c>allow: 10.0.0.0/8</c> and the reverse both mean what they say. A
/// tie is denied, and so is what no range contains.
/// </remarks>
public static class AddressRules
{
    public static bool Allow(
        IPAddress address, IReadOnlyList<AddressRange> allow, IReadOnlyList<AddressRange> deny) =>
        BitsOf(address, allow) > BitsOf(address, deny);

    /// <summary>How exact the best range is; −1 where there is none.</summary>
    private static int BitsOf(IPAddress address, IReadOnlyList<AddressRange> ranges)
    {
        var bits = -1;
        for (var i = 0; i < ranges.Count; i++)
        {
            if (ranges[i].Contains(address))
                bits = Math.Max(bits, ranges[i].Bits);
        }
        return bits;
    }
}
