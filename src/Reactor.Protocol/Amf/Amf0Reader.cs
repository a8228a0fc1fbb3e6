using System;
using Reactor.Primitives;

namespace Reactor.Protocol.Amf;

/// <summary>Reads the values of one message body, in AMF0 and where it switches in AMF3.</summary>
/// <remarks>
/// Bounded for the body as a whole by <see cref="AmfLimits"/>. A body that ends where a key
/// could stand ends the objects it is in: encoders are about that forget the end marker of
/// onMetaData's array, and ffmpeg reads them as well.
/// </remarks>
public ref struct Amf0Reader
{
    private readonly AmfBounds _bounds;
    private readonly int _length;
    private ByteReader _input;

    /// <param name="body">A whole message: values refer to earlier ones by position.</param>
    /// <param name="limits">How much it may have; null for the usual.</param>
    public Amf0Reader(ReadOnlySpan<byte> body, AmfLimits? limits = null)
    {
        _bounds = new AmfBounds(limits ?? AmfLimits.Default);
        _length = body.Length;
        _input = new ByteReader(body);
    }

    private enum Marker : byte
    {
        Number = 0x00,
        Boolean = 0x01,
        String = 0x02,
        Object = 0x03,
        Null = 0x05,
        Undefined = 0x06,
        Reference = 0x07,
        EcmaArray = 0x08,
        ObjectEnd = 0x09,
        StrictArray = 0x0A,
        Date = 0x0B,
        LongString = 0x0C,
        Unsupported = 0x0D,
        Xml = 0x0F,
        TypedObject = 0x10,
        SwitchToAmf3 = 0x11,
    }

    /// <summary>Whether all values were read.</summary>
    public readonly bool AtEnd => _input.Remaining == 0;

    /// <summary>
    /// Whether reading stopped at a bound: so much is not taken, but the body may be right.
    /// </summary>
    public readonly bool IsOverBounds => _bounds.IsOver;

    /// <summary>Why reading stopped; empty while it has not.</summary>
    public readonly string Fault => _bounds.Fault;

    /// <summary>Bytes after the last value that was read.</summary>
    public readonly ReadOnlySpan<byte> Rest => _input.Rest;

    /// <summary>Opens a body of type 17 or 15: a 0 byte, then AMF0 all the same (Q30).</summary>
    public static Amf0Reader OfAmf3Message(
        ReadOnlySpan<byte> body, AmfLimits? limits = null) =>
        new(body is [0, .. var amf0] ? amf0 : body, limits);

    /// <summary>The next value, which has to be there.</summary>
    /// <exception cref="ProtocolException">
    /// <see cref="ProtocolError.Amf"/>: cut off, not AMF, or over a bound.
    /// </exception>
    public AmfValue Read()
    {
        if (TryRead(out var value))
            return value;
        var offset = _length - _input.Remaining;
        throw new ProtocolException(ProtocolError.Amf, $"{_bounds.Fault}, at byte {offset}");
    }

    /// <summary>The next value, or Undefined at the end: arguments may be left out.</summary>
    /// <exception cref="ProtocolException">As <see cref="Read"/>.</exception>
    public AmfValue ReadOptional() => AtEnd ? default : Read();

    /// <summary>The next value, or false for what <see cref="Read"/> would throw at.</summary>
    /// <remarks>For metadata, which ends no session (Q32). After false nothing reads.</remarks>
    public bool TryRead(out AmfValue value)
    {
        if (_bounds.Fault.Length == 0 && TryReadValue(out value))
            return true;
        value = default;
        return false;
    }

    private bool TryReadValue(out AmfValue value)
    {
        value = default;
        if (!_bounds.TrySpend(elements: 1))
            return false;
        if (!_input.TryReadByte(out var marker))
            return _bounds.Truncated();

        switch ((Marker)marker)
        {
            case Marker.Undefined:
                return true;
            case Marker.Null:
                value = AmfValue.Null;
                return true;
            case Marker.Unsupported:
                value = AmfValue.Unsupported();
                return true;
            case Marker.Number:
                return TryReadNumber(out value);
            case Marker.Boolean:
                return TryReadBoolean(out value);
            case Marker.Date:
                return TryReadDate(out value);
            case Marker.String:
                return TryReadString(out value);
            case Marker.LongString:
                return TryReadLongString(isXml: false, out value);
            case Marker.Xml:
                return TryReadLongString(isXml: true, out value);
            case Marker.Object or Marker.EcmaArray or Marker.TypedObject or Marker.StrictArray:
                return TryReadComposite((Marker)marker, out value);
            case Marker.Reference:
                return TryReadReference(out value);
            case Marker.SwitchToAmf3:
                return Amf3Reader.TryRead(ref _input, _bounds, out value);
            default:
                return _bounds.Fail($"no AMF0 marker: 0x{marker:x2}");
        }
    }

    private bool TryReadNumber(out AmfValue value)
    {
        var ok = _input.TryReadDouble(out var number);
        value = AmfValue.Of(number);
        return ok || _bounds.Truncated();
    }

    private bool TryReadBoolean(out AmfValue value)
    {
        var ok = _input.TryReadByte(out var truth);
        value = AmfValue.Of(truth != 0);
        return ok || _bounds.Truncated();
    }

    private bool TryReadDate(out AmfValue value)
    {
        var ok = _input.TryReadDouble(out var milliseconds) && _input.TrySkip(2);
        value = AmfValue.Date(milliseconds);
        return ok || _bounds.Truncated();
    }

    private bool TryReadString(out AmfValue value)
    {
        var ok = TryReadKey(out var text);
        value = AmfValue.Of(text);
        return ok;
    }

    private bool TryReadLongString(bool isXml, out AmfValue value)
    {
        value = default;
        if (!_input.TryReadUInt32(out var length))
            return _bounds.Truncated();
        if (!_bounds.TryReadText(ref _input, length, out var text))
            return false;
        value = isXml ? AmfValue.Xml(text) : AmfValue.Of(text);
        return true;
    }

    private bool TryReadReference(out AmfValue value)
    {
        value = default;
        return _input.TryReadUInt16(out var place)
            ? _bounds.TryFollow(_bounds.Amf0Objects, place, out value)
            : _bounds.Truncated();
    }

    private bool TryReadComposite(Marker marker, out AmfValue value)
    {
        value = default;
        var className = "";
        if (!_bounds.TryEnter() || (marker == Marker.TypedObject && !TryReadKey(out className)))
            return false;

        var place = _bounds.Begin(_bounds.Amf0Objects);
        var content = new AmfObject { ClassName = className };
        var ok = marker switch
        {
            Marker.StrictArray => TryReadItems(content),
            Marker.EcmaArray => TryReadEcmaArray(content),
            _ => TryReadMembers(content),
        };
        if (!ok)
            return false;

        value = AmfValue.Composite(
            marker switch
            {
                Marker.StrictArray => AmfKind.StrictArray,
                Marker.EcmaArray => AmfKind.EcmaArray,
                _ => AmfKind.Object,
            },
            content);
        _bounds.End(_bounds.Amf0Objects, place, value);
        _bounds.Leave();
        return true;
    }

    /// <remarks>The count is a hint that encoders get wrong; the end marker ends it.</remarks>
    private bool TryReadEcmaArray(AmfObject content) =>
        _input.TrySkip(4) ? TryReadMembers(content) : _bounds.Truncated();

    private bool TryReadItems(AmfObject content)
    {
        if (!_input.TryReadUInt32(out var count))
            return _bounds.Truncated();
        for (var i = 0u; i < count; i++)        // each item spends an element: 1,024 at most
        {
            if (!TryReadValue(out var item))
                return false;
            content.Items.Add(item);
        }
        return true;
    }

    private bool TryReadMembers(AmfObject content)
    {
        while (!AtEnd)                          // the end marker may be missing there
        {
            if (!TryReadKey(out var key))
                return false;
            if (key.Length == 0 && _input.Rest is [(byte)Marker.ObjectEnd, ..])
                return _input.TrySkip(1);
            if (!TryReadValue(out var member))
                return false;
            content.Members.Add(new(key, member));
        }
        return true;
    }

    private bool TryReadKey(out string key)
    {
        key = "";
        return _input.TryReadUInt16(out var length)
            ? _bounds.TryReadText(ref _input, length, out key)
            : _bounds.Truncated();
    }
}
