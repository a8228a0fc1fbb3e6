using System;
using System.Globalization;
using System.Text;
using Reactor.Primitives;

namespace Reactor.Protocol.Amf;

/// <summary>Writes AMF0 into a span that the caller made large enough.</summary>
/// <remarks>
/// An object is <see cref="BeginObject"/>, members, <see cref="EndObject"/>; a member is a
/// <see cref="Key"/> and one value. For values from a peer ask <see cref="LengthOf"/> first.
/// </remarks>
/// <exception cref="InvariantException">There is no room: the caller's sum was wrong.</exception>
public ref struct Amf0Writer(Span<byte> target)
{
    private ByteWriter _to = new(target);

    /// <summary>Bytes written.</summary>
    public readonly int Length => _to.Length;

    public void Number(double value)
    {
        _to.Byte(0x00);
        _to.Double(value);
    }

    public void Boolean(bool value)
    {
        _to.Byte(0x01);
        _to.Byte(value ? (byte)1 : (byte)0);
    }

    /// <summary>A string, or a long string over 65,535 bytes of UTF-8.</summary>
    public void String(string value)
    {
        if (Encoding.UTF8.GetByteCount(value) > ushort.MaxValue)
            LongText(0x0C, value);
        else
        {
            _to.Byte(0x02);
            ShortText(value);
        }
    }

    public void Null() => _to.Byte(0x05);

    public void Undefined() => _to.Byte(0x06);

    public void BeginObject() => _to.Byte(0x03);

    /// <param name="count">Members to come; readers take it as a hint.</param>
    public void BeginEcmaArray(int count)
    {
        _to.Byte(0x08);
        _to.UInt32((uint)count);
    }

    /// <param name="count">Values that follow at once: this array has no end marker.</param>
    public void BeginStrictArray(int count)
    {
        _to.Byte(0x0A);
        _to.UInt32((uint)count);
    }

    /// <param name="key">At most 65,535 bytes of UTF-8.</param>
    public void Key(string key) => ShortText(key);

    /// <summary>Ends an object, a typed object or an ECMA array.</summary>
    public void EndObject() => _to.UInt24(0x000009);

    public void Member(string key, double value)
    {
        Key(key);
        Number(value);
    }

    public void Member(string key, bool value)
    {
        Key(key);
        Boolean(value);
    }

    public void Member(string key, string value)
    {
        Key(key);
        String(value);
    }

    /// <summary>Any value as AMF0 has it; a byte array, which it has not, as Unsupported.</summary>
    public void Value(AmfValue value)
    {
        switch (value.Kind)
        {
            case AmfKind.Null:
                Null();
                break;
            case AmfKind.Boolean:
                Boolean(value.AsBoolean() == true);
                break;
            case AmfKind.Number:
                Number(value.AsNumber() ?? 0);
                break;
            case AmfKind.String:
                String(value.AsString() ?? "");
                break;
            case AmfKind.Date:
                _to.Byte(0x0B);
                _to.Double(value.AsNumber() ?? 0);
                _to.UInt16(0);                  // time zone: reserved, 0 (AMF0 §2.13)
                break;
            case AmfKind.Xml:
                LongText(0x0F, value.AsString() ?? "");
                break;
            case AmfKind.Object or AmfKind.EcmaArray:
                Composite(value);
                break;
            case AmfKind.StrictArray:
                BeginStrictArray(value.Items.Length);
                foreach (var item in value.Items)
                    Value(item);
                break;
            case AmfKind.ByteArray or AmfKind.Unsupported:
                _to.Byte(0x0D);
                break;
            default:
                Undefined();
                break;
        }
    }

    /// <summary>Bytes that <see cref="Value"/> will write.</summary>
    public static int LengthOf(AmfValue value)
    {
        var length = value.Kind switch
        {
            AmfKind.Number => 9,
            AmfKind.Boolean => 2,
            AmfKind.Date => 11,
            AmfKind.String => (TextLength(value) > ushort.MaxValue ? 5 : 3) + TextLength(value),
            AmfKind.Xml => 5 + TextLength(value),
            AmfKind.Object when value.ClassName.Length > 0 => 4 + KeyLength(value.ClassName),
            AmfKind.Object => 4,
            AmfKind.EcmaArray => 8,
            AmfKind.StrictArray => 5,
            _ => 1,
        };
        foreach (var (key, member) in value.Members)
            length += KeyLength(key) + LengthOf(member);
        for (var i = 0; i < value.Items.Length; i++)
        {
            if (value.Kind == AmfKind.EcmaArray)
                length += KeyLength(IndexKey(i));
            length += LengthOf(value.Items[i]);
        }
        return length;
    }

    // AMF3 arrays may have both: AMF0 then names items by their position (AMF0 §2.10).
    private void Composite(AmfValue value)
    {
        if (value.Kind == AmfKind.EcmaArray)
            BeginEcmaArray(value.Members.Length + value.Items.Length);
        else if (value.ClassName.Length == 0)
            BeginObject();
        else
        {
            _to.Byte(0x10);
            ShortText(value.ClassName);
        }
        foreach (var (key, member) in value.Members)
        {
            Key(key);
            Value(member);
        }
        for (var i = 0; i < value.Items.Length; i++)
        {
            Key(IndexKey(i));
            Value(value.Items[i]);
        }
        EndObject();
    }

    private static string IndexKey(int index) => index.ToString(CultureInfo.InvariantCulture);

    private static int TextLength(AmfValue value) =>
        Encoding.UTF8.GetByteCount(value.AsString() ?? "");

    private static int KeyLength(string key) => 2 + Encoding.UTF8.GetByteCount(key);

    private void ShortText(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Invariant.Holds(length <= ushort.MaxValue);
        _to.UInt16((ushort)length);
        Encoding.UTF8.GetBytes(text, _to.Take(length));
    }

    private void LongText(byte marker, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        _to.Byte(marker);
        _to.UInt32((uint)length);
        Encoding.UTF8.GetBytes(text, _to.Take(length));
    }
}
