using System.Collections.Generic;
using Reactor.Primitives;

namespace Reactor.Protocol.Amf;

/// <summary>Reads one AMF3 value where AMF0 switches to it (marker 0x11, AMF3 §3).</summary>
/// <remarks>
/// What Flash and its kin put into commands. Refused: vectors, dictionaries, and objects
/// that write themselves (externalizable), whose length only their class knows.
/// Lengths and references share a 29-bit number: bit 0 set is a length, clear a place in
/// the table of its kind.
/// </remarks>
internal static class Amf3Reader
{
    private enum Marker : byte
    {
        Undefined = 0x00,
        Null = 0x01,
        False = 0x02,
        True = 0x03,
        Integer = 0x04,
        Double = 0x05,
        String = 0x06,
        XmlDocument = 0x07,
        Date = 0x08,
        Array = 0x09,
        Object = 0x0A,
        Xml = 0x0B,
        ByteArray = 0x0C,
    }

    /// <summary>The value at the input's front; false leaves its reason in the bounds.</summary>
    public static bool TryRead(ref ByteReader input, AmfBounds bounds, out AmfValue value)
    {
        value = default;
        if (!input.TryReadByte(out var marker))
            return bounds.Truncated();

        switch ((Marker)marker)
        {
            case Marker.Undefined:
                return true;
            case Marker.Null:
                value = AmfValue.Null;
                return true;
            case Marker.False or Marker.True:
                value = AmfValue.Of((Marker)marker == Marker.True);
                return true;
            case Marker.Integer:
                return TryReadInteger(ref input, bounds, out value);
            case Marker.Double:
                return TryReadDouble(ref input, bounds, out value);
            case Marker.String:
                var ok = TryReadString(ref input, bounds, out var text);
                value = AmfValue.Of(text);
                return ok;
            case Marker.XmlDocument or Marker.Xml or Marker.ByteArray or Marker.Date
                or Marker.Array or Marker.Object:
                return TryReadShared(ref input, bounds, (Marker)marker, out value);
            default:
                return bounds.Fail($"no AMF3 marker that is read: 0x{marker:x2}");
        }
    }

    /// <summary>Kinds that have a place in the object table, or are a reference into it.</summary>
    private static bool TryReadShared(
        ref ByteReader input, AmfBounds bounds, Marker marker, out AmfValue value)
    {
        value = default;
        if (!TryReadHead(ref input, bounds, out var head, out var isReference))
            return false;
        if (isReference)
            return bounds.TryFollow(bounds.Amf3Objects, head, out value);

        var place = bounds.Begin(bounds.Amf3Objects);
        var ok = marker switch
        {
            Marker.Date => TryReadDate(ref input, bounds, out value),
            Marker.ByteArray => TryReadByteArray(ref input, bounds, head, out value),
            Marker.Array => TryReadArray(ref input, bounds, head, out value),
            Marker.Object => TryReadObject(ref input, bounds, head, out value),
            _ => TryReadXml(ref input, bounds, head, out value),
        };
        if (ok)
            bounds.End(bounds.Amf3Objects, place, value);
        return ok;
    }

    private static bool TryReadElement(ref ByteReader input, AmfBounds bounds, out AmfValue value)
    {
        value = default;
        return bounds.TrySpend(elements: 1) && TryRead(ref input, bounds, out value);
    }

    private static bool TryReadInteger(ref ByteReader input, AmfBounds bounds, out AmfValue value)
    {
        var ok = TryReadUInt29(ref input, bounds, out var bits);
        value = AmfValue.Of((int)(bits << 3) >> 3);     // the sign is bit 28
        return ok;
    }

    private static bool TryReadDouble(ref ByteReader input, AmfBounds bounds, out AmfValue value)
    {
        var ok = input.TryReadDouble(out var number);
        value = AmfValue.Of(number);
        return ok || bounds.Truncated();
    }

    private static bool TryReadDate(ref ByteReader input, AmfBounds bounds, out AmfValue value)
    {
        var ok = input.TryReadDouble(out var milliseconds);
        value = AmfValue.Date(milliseconds);
        return ok || bounds.Truncated();
    }

    private static bool TryReadXml(
        ref ByteReader input, AmfBounds bounds, uint length, out AmfValue value)
    {
        var ok = bounds.TryReadText(ref input, length, out var text);
        value = AmfValue.Xml(text);
        return ok;
    }

    private static bool TryReadByteArray(
        ref ByteReader input, AmfBounds bounds, uint length, out AmfValue value)
    {
        value = default;
        if (!bounds.TryReadBytes(ref input, length, out var bytes))
            return false;
        value = AmfValue.ByteArray(bytes.ToArray());
        return true;
    }

    private static bool TryReadArray(
        ref ByteReader input, AmfBounds bounds, uint count, out AmfValue value)
    {
        value = default;
        var content = new AmfObject();
        if (!bounds.TryEnter() || !TryReadMembers(ref input, bounds, content))
            return false;
        for (var i = 0u; i < count; i++)        // each item spends an element: 1,024 at most
        {
            if (!TryReadElement(ref input, bounds, out var item))
                return false;
            content.Items.Add(item);
        }
        bounds.Leave();
        var kind = content.Members.Count == 0 ? AmfKind.StrictArray : AmfKind.EcmaArray;
        value = AmfValue.Composite(kind, content);
        return true;
    }

    private static bool TryReadObject(
        ref ByteReader input, AmfBounds bounds, uint head, out AmfValue value)
    {
        value = default;
        if (!bounds.TryEnter() || !TryReadTraits(ref input, bounds, head, out var traits))
            return false;
        var content = new AmfObject { ClassName = traits.ClassName };
        foreach (var key in traits.Keys)
        {
            if (!TryReadElement(ref input, bounds, out var member))
                return false;
            content.Members.Add(new(key, member));
        }
        if (traits.IsDynamic && !TryReadMembers(ref input, bounds, content))
            return false;
        bounds.Leave();
        value = AmfValue.Composite(AmfKind.Object, content);
        return true;
    }

    // head, its reference bit already gone:
    //   bit 0      0: the rest is a place in the table of traits
    //   bit 1      externalizable
    //   bit 2      dynamic
    //   bits 3-27  number of sealed members
    private static bool TryReadTraits(
        ref ByteReader input, AmfBounds bounds, uint head, out Amf3Traits traits)
    {
        traits = Amf3Traits.Anonymous;
        if ((head & 1) == 0)
        {
            if (head >> 1 >= bounds.Amf3Traits.Count)
                return bounds.Fail($"a reference to traits {head >> 1}, which are not there");
            traits = bounds.Amf3Traits[(int)(head >> 1)];
            return bounds.TrySpend(elements: 0, traits.TextBytes);
        }
        if ((head & 2) != 0)
            return bounds.Fail("an externalizable object");
        var textBytesBefore = bounds.TextBytes;
        if (!TryReadString(ref input, bounds, out var className))
            return false;

        var keys = new List<string>();
        for (var i = head >> 3; i > 0; i--)
        {
            // A key is charged as an element: traits without objects must be bounded too.
            if (!bounds.TrySpend(elements: 1) || !TryReadString(ref input, bounds, out var key))
                return false;
            keys.Add(key);
        }
        traits = new Amf3Traits(
            className, keys, IsDynamic: (head & 4) != 0, bounds.TextBytes - textBytesBefore);
        bounds.Amf3Traits.Add(traits);
        return true;
    }

    /// <summary>Keys and values until the empty key.</summary>
    private static bool TryReadMembers(ref ByteReader input, AmfBounds bounds, AmfObject content)
    {
        while (true)
        {
            if (!TryReadString(ref input, bounds, out var key))
                return false;
            if (key.Length == 0)
                return true;
            if (!TryReadElement(ref input, bounds, out var member))
                return false;
            content.Members.Add(new(key, member));
        }
    }

    private static bool TryReadString(ref ByteReader input, AmfBounds bounds, out string text)
    {
        text = "";
        if (!TryReadHead(ref input, bounds, out var head, out var isReference))
            return false;
        if (isReference)
        {
            var known = bounds.TryFollow(bounds.Amf3Strings, head, out var value);
            text = value.AsString() ?? "";
            return known;
        }
        if (head == 0)
            return true;                        // the empty string has no place in the table
        var place = bounds.Begin(bounds.Amf3Strings);
        if (!bounds.TryReadText(ref input, head, out text))
            return false;
        bounds.End(bounds.Amf3Strings, place, AmfValue.Of(text));
        return true;
    }

    private static bool TryReadHead(
        ref ByteReader input, AmfBounds bounds, out uint head, out bool isReference)
    {
        var ok = TryReadUInt29(ref input, bounds, out var bits);
        head = bits >> 1;
        isReference = (bits & 1) == 0;
        return ok;
    }

    // One to four bytes: 7 bits each while the top bit is set, the fourth gives all 8.
    private static bool TryReadUInt29(ref ByteReader input, AmfBounds bounds, out uint value)
    {
        value = 0;
        for (var i = 0; i < 4; i++)
        {
            if (!input.TryReadByte(out var bits))
                return bounds.Truncated();
            if (i == 3)
                value = (value << 8) | bits;
            else
                value = (value << 7) | (bits & 0x7Fu);
            if ((bits & 0x80) == 0)
                break;
        }
        return true;
    }
}
