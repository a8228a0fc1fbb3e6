using System.Collections.Generic;

namespace Reactor.Protocol.Redis;

/// <summary>One value of the Redis protocol, version 2 or 3.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">
/// Of everything but numbers and aggregates; what is no UTF-8 has become U+FFFD. Numbers that
/// are no integers stay in the server's own digits.
/// </param>
/// <param name="Integer">Of an integer; 1 for true.</param>
/// <param name="Items">Of an aggregate; a map's are keys and values in turns.</param>
public sealed record RespValue(
    RespKind Kind, string Text, long Integer, IReadOnlyList<RespValue> Items)
{
    public static RespValue Null { get; } = Of(RespKind.Null, "");

    public bool IsNull => Kind == RespKind.Null;

    public bool IsError => Kind == RespKind.Error;

    public static RespValue Of(RespKind kind, string text) => new(kind, text, 0, []);

    public static RespValue Of(long integer) => new(RespKind.Integer, "", integer, []);

    public static RespValue Of(RespKind kind, IReadOnlyList<RespValue> items) =>
        new(kind, "", 0, items);

    /// <summary>For log lines: an aggregate only by its size.</summary>
    public override string ToString() => Kind switch
    {
        RespKind.Integer or RespKind.Boolean => $"{Kind} {Integer}",
        _ when Items.Count > 0 => $"{Kind} of {Items.Count}",
        _ => $"{Kind} {Text}",
    };
}
