using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Text;
using Reactor.Protocol.Amf;

namespace Reactor.Protocol.Rtmp;

/// <summary>
/// Which relays a stream has passed, told in connect's command object, so that a ring of relays is
/// found and refused instead of feeding itself.
/// </summary>
/// <remarks>
/// A step stands for a stream on a server: the same server may relay to itself under another name.
/// It is a fingerprint, for servers of strangers read it as well; they ignore the member, as they
/// do all that they do not know.
/// </remarks>
public static class RelayPath
{
    /// <summary>Steps that a stream may take: a ring in which the name changes ends here.</summary>
    public const int StepsMax = 16;

    private const string Member = "relayPath";
    private const int StepCharacters = 16;

    /// <summary>The step of one stream on one server.</summary>
    public static string Step(string serverId, string app, string name)
    {
        var text = Encoding.UTF8.GetBytes($"{serverId}:{app}/{name}");
        return Convert.ToHexString(SHA256.HashData(text))[..StepCharacters];
    }

    /// <summary>Why a stream with this path must not take this step; null when it may.</summary>
    public static string? Refusal(IReadOnlyList<string> path, string step)
    {
        if (path.Count >= StepsMax)
            return $"the stream has passed {path.Count} relays already";
        foreach (var taken in path)
        {
            if (taken == step)
                return "a ring of relays: the stream has passed this server already";
        }
        return null;
    }

    internal static void Write(ref Amf0Writer body, IReadOnlyList<string> path)
    {
        if (path.Count == 0)
            return;
        body.Key(Member);
        body.BeginStrictArray(path.Count);
        foreach (var step in path)
            body.String(step);
    }

    internal static IReadOnlyList<string> Read(AmfValue connect)
    {
        var items = connect[Member].Items;
        if (items.Length == 0)
            return [];
        var path = new List<string>();
        foreach (var item in items[..Math.Min(items.Length, StepsMax)])
        {
            if (item.AsString() is { Length: StepCharacters } step)
                path.Add(step);
        }
        return path;
    }
}
