using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Reactor.Protocol.Amf;

/// <summary>An AMF value of version 0 or 3; <see cref="AmfKind.Undefined"/> by default.</summary>
/// <remarks>
/// Asking is always allowed: <c>command["tcUrl"].AsString()</c> is null when there is no such
/// key, when it is not a string, and when the value asked is no object at all. Clients differ
/// too much in what they send for each question to be an error of its own.
/// </remarks>
public readonly struct AmfValue
{
    private readonly double _number;
    private readonly object? _content;

    private AmfValue(AmfKind kind, double number, object? content)
    {
        Kind = kind;
        _number = number;
        _content = content;
    }

    public static AmfValue Null => new(AmfKind.Null, 0, null);

    public AmfKind Kind { get; }

    public bool IsNullOrUndefined => Kind is AmfKind.Null or AmfKind.Undefined;

    /// <summary>Named members in the order of the wire; empty for what has none.</summary>
    public ReadOnlySpan<KeyValuePair<string, AmfValue>> Members =>
        _content is AmfObject content ? CollectionsMarshal.AsSpan(content.Members) : [];

    /// <summary>Items of an array; empty for what has none.</summary>
    public ReadOnlySpan<AmfValue> Items =>
        _content is AmfObject content ? CollectionsMarshal.AsSpan(content.Items) : [];

    /// <summary>Class of a typed object, otherwise empty.</summary>
    public string ClassName => (_content as AmfObject)?.ClassName ?? "";

    /// <summary>Contents of a byte array, otherwise empty.</summary>
    public ReadOnlySpan<byte> Bytes => _content as byte[];

    /// <summary>The member of that name, in that case; Undefined when there is none.</summary>
    /// <remarks>Of members with one name the last counts, as in Flash. At most 1,024.</remarks>
    public AmfValue this[string key]
    {
        get
        {
            var members = Members;
            for (var i = members.Length - 1; i >= 0; i--)
            {
                if (members[i].Key == key)
                    return members[i].Value;
            }
            return default;
        }
    }

    public static AmfValue Of(double number) => new(AmfKind.Number, number, null);

    public static AmfValue Of(bool truth) => new(AmfKind.Boolean, truth ? 1 : 0, null);

    public static AmfValue Of(string text) => new(AmfKind.String, 0, text);

    /// <summary>Contents of a string or an XML document; null for other kinds.</summary>
    public string? AsString() => _content as string;

    /// <summary>A number, or a date's milliseconds; null for other kinds.</summary>
    public double? AsNumber() =>
        Kind is AmfKind.Number or AmfKind.Date ? _number : null;

    /// <summary>A whole number of 32 bits; null for fractions, NaN, and out of range.</summary>
    public int? AsInt32() =>
        Kind == AmfKind.Number && (int)_number == _number ? (int)_number : null;

    /// <summary>A boolean, or whether a number is not 0; null for other kinds.</summary>
    /// <remarks>Both are seen: play's reset is a Boolean in §7.2.2.1, a Number in Flash.</remarks>
    public bool? AsBoolean() =>
        Kind is AmfKind.Boolean or AmfKind.Number ? _number != 0 : null;

    /// <summary>A short line for logs and tests: arrays and objects tell their size.</summary>
    public override string ToString() => Kind switch
    {
        AmfKind.Number or AmfKind.Date => _number.ToString(CultureInfo.InvariantCulture),
        AmfKind.Boolean => _number != 0 ? "true" : "false",
        AmfKind.String or AmfKind.Xml => $"\"{AsString()}\"",
        AmfKind.ByteArray => $"ByteArray({Bytes.Length})",
        AmfKind.Object or AmfKind.EcmaArray or AmfKind.StrictArray =>
            $"{Kind}({Members.Length + Items.Length})",
        _ => Kind.ToString(),
    };

    internal static AmfValue Date(double milliseconds) => new(AmfKind.Date, milliseconds, null);

    internal static AmfValue Xml(string text) => new(AmfKind.Xml, 0, text);

    internal static AmfValue ByteArray(byte[] bytes) => new(AmfKind.ByteArray, 0, bytes);

    internal static AmfValue Unsupported() => new(AmfKind.Unsupported, 0, null);

    internal static AmfValue Composite(AmfKind kind, AmfObject content) => new(kind, 0, content);
}
