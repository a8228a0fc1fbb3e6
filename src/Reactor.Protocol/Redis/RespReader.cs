using System;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Reactor.Protocol.Redis;

/// <summary>What one answer may use.</summary>
public sealed record RespLimits
{
    /// <summary>Bytes of all texts of an answer, and of any line.</summary>
    public int TextBytesMax { get; init; } = 1 << 20;

    /// <summary>Values of an answer, those inside others counted too.</summary>
    public int ElementsMax { get; init; } = 16_384;

    /// <summary>Aggregates within one another.</summary>
    public int DepthMax { get; init; } = 16;
}

/// <summary>Reads answers of a Redis server, however their bytes are cut (RESP2, RESP3).</summary>
/// <remarks>
/// The input is always used up, but for what follows an answer that is handed out. Nested
/// values stand in a list of what is open, not on the stack. Strings and aggregates of unknown
/// length, which no Redis sends, are refused.
/// Invariants: a length is held against the limits before anything is kept for it, and what is
/// kept grows with what has arrived; an attribute never counts as an item.
/// </remarks>
public sealed class RespReader(RespLimits limits)
{
    private const int FirstReservation = 256;
    private const int KeptBytesMax = 4096;
    private const int BulkEndLength = 2;
    private const int VerbatimFormatLength = 4;     // "txt:"

    private readonly List<Aggregate> _open = [];
    private byte[] _text = new byte[FirstReservation];
    private int _filled;
    private int _bulkLength = -1;
    private byte _bulkMark;
    private int _elements;
    private int _textBytes;
    private RespValue? _answer;

    /// <summary>The next answer, as soon as its last byte is there.</summary>
    /// <exception cref="ProtocolException">
    /// <see cref="ProtocolError.Resp"/>: no RESP, or over the limits. The connection is lost.
    /// </exception>
    public bool TryRead(ref ReadOnlySpan<byte> input, [NotNullWhen(true)] out RespValue? answer)
    {
        answer = null;
        while (_bulkLength < 0 ? TakeLine(ref input) : TakeBulk(ref input))
        {
            var text = _text.AsSpan(0, _filled);
            _filled = 0;
            if ((_bulkLength < 0 ? EndLine(text) : EndBulk(text)) is { } value)
                Put(value);
            if (_text.Length > KeptBytesMax)
                _text = new byte[FirstReservation];
            CloseFull();
            if (_answer is null)
                continue;
            answer = _answer;
            _answer = null;
            _elements = _textBytes = 0;
            return true;
        }
        return false;
    }

    /// <summary>Collects a line; its end is left out.</summary>
    private bool TakeLine(ref ReadOnlySpan<byte> input)
    {
        var end = input.IndexOf((byte)'\n');
        var taken = end < 0 ? input.Length : end + 1;
        Append(input[..taken]);
        input = input[taken..];
        if (end < 0)
            return false;
        if (_filled < BulkEndLength + 1 || _text[_filled - BulkEndLength] != (byte)'\r')
            throw Broken("a line without a type or without CR LF");
        _filled -= BulkEndLength;
        Spend(elements: 0, _filled);
        return true;
    }

    /// <summary>Collects a bulk; its end is checked and left out.</summary>
    private bool TakeBulk(ref ReadOnlySpan<byte> input)
    {
        var whole = _bulkLength + BulkEndLength;
        var taken = Math.Min(whole - _filled, input.Length);
        Append(input[..taken]);
        input = input[taken..];
        if (_filled < whole)
            return false;
        if (!_text.AsSpan(_bulkLength, BulkEndLength).SequenceEqual("\r\n"u8))
            throw Broken("a bulk that does not end in CR LF");
        _filled = _bulkLength;
        return true;
    }

    // | type 8 | value, length or count in ASCII | CR | LF |
    private RespValue? EndLine(ReadOnlySpan<byte> line)
    {
        var rest = line[1..];
        switch (line[0])
        {
            case (byte)'+':
                return Counted(RespKind.Simple, rest);
            case (byte)'-':
                return Counted(RespKind.Error, rest);
            case (byte)':':
                Spend(elements: 1, textBytes: 0);
                return RespValue.Of(Number(rest));
            case (byte)'_':
                return Counted(RespKind.Null, []);
            case (byte)'#' when rest is [(byte)'t' or (byte)'f']:
                Spend(elements: 1, textBytes: 0);
                return new RespValue(RespKind.Boolean, "", rest[0] == (byte)'t' ? 1 : 0, []);
            case (byte)',':
                return Counted(RespKind.Double, rest);
            case (byte)'(':
                return Counted(RespKind.BigNumber, rest);
            case (byte)'$' or (byte)'!' or (byte)'=':
                return BeginBulk(line[0], rest);
            case (byte)'*' or (byte)'%' or (byte)'~' or (byte)'>' or (byte)'|':
                return BeginAggregate(line[0], rest);
            default:
                throw Broken($"a value of type 0x{line[0]:x2}");
        }
    }

    private RespValue? BeginBulk(byte mark, ReadOnlySpan<byte> digits)
    {
        var length = Number(digits);
        if (length == -1)
            return Counted(RespKind.Null, []);
        if (length < 0 || length > limits.TextBytesMax)
            throw Broken($"a bulk of {length} bytes");
        Spend(elements: 0, (int)length);
        _bulkMark = mark;
        _bulkLength = (int)length;
        return null;
    }

    private RespValue EndBulk(ReadOnlySpan<byte> text)
    {
        _bulkLength = -1;
        if (_bulkMark == (byte)'=' && text.Length >= VerbatimFormatLength)
            text = text[VerbatimFormatLength..];
        return Counted(_bulkMark == (byte)'!' ? RespKind.Error : RespKind.Bulk, text);
    }

    private RespValue? BeginAggregate(byte mark, ReadOnlySpan<byte> digits)
    {
        var count = Number(digits);
        if (count == -1 && mark == (byte)'*')
            return Counted(RespKind.Null, []);
        var items = mark is (byte)'%' or (byte)'|' ? count * 2 : count;
        if (count < 0 || count > limits.ElementsMax || items > limits.ElementsMax - _elements)
            throw Broken($"an aggregate of {count} values");
        if (_open.Count == limits.DepthMax)
            throw Broken($"aggregates nested deeper than {limits.DepthMax}");
        Spend(elements: 1, textBytes: 0);
        _open.Add(new Aggregate(KindOf(mark), (int)items));
        return null;
    }

    /// <summary>Puts a value where it belongs: into what is open, or at the end.</summary>
    private void Put(RespValue value)
    {
        if (_open.Count > 0)
            _open[^1].Items.Add(value);
        else
            _answer = value;
    }

    private void CloseFull()
    {
        while (_open.Count > 0 && _open[^1].IsFull)
        {
            var full = _open[^1];
            _open.RemoveAt(_open.Count - 1);
            if (full.Kind is { } kind)          // an attribute is dropped: its value follows
                Put(RespValue.Of(kind, full.Items));
        }
    }

    private RespValue Counted(RespKind kind, ReadOnlySpan<byte> text)
    {
        Spend(elements: 1, textBytes: 0);
        return kind == RespKind.Null
            ? RespValue.Null
            : RespValue.Of(kind, Encoding.UTF8.GetString(text));
    }

    private void Spend(int elements, int textBytes)
    {
        _elements += elements;
        _textBytes += textBytes;                // each term is bounded: no sum can overflow
        if (_elements > limits.ElementsMax)
            throw Broken($"an answer of more than {limits.ElementsMax} values");
        if (_textBytes > limits.TextBytesMax)
            throw Broken($"an answer of more than {limits.TextBytesMax} bytes");
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        var needed = _filled + bytes.Length;
        if (needed > limits.TextBytesMax + FirstReservation)
            throw Broken($"a line of more than {limits.TextBytesMax} bytes");
        if (needed > _text.Length)
            Array.Resize(ref _text, Math.Max(needed, _text.Length * 2));
        bytes.CopyTo(_text.AsSpan(_filled));
        _filled = needed;
    }

    private static long Number(ReadOnlySpan<byte> digits)
    {
        var isSigned = digits is [(byte)'+', ..];
        var text = isSigned ? digits[1..] : digits;
        if (Utf8Parser.TryParse(text, out long number, out var used) && used == text.Length)
            return number;
        throw Broken("digits that are no number");
    }

    private static RespKind? KindOf(byte mark) => mark switch
    {
        (byte)'*' => RespKind.Array,
        (byte)'%' => RespKind.Map,
        (byte)'~' => RespKind.Set,
        (byte)'>' => RespKind.Push,
        _ => null,
    };

    private static ProtocolException Broken(string what) => new(ProtocolError.Resp, what);

    /// <param name="Kind">Null for an attribute.</param>
    /// <param name="Count">Items that it is to have.</param>
    private sealed record Aggregate(RespKind? Kind, int Count)
    {
        public List<RespValue> Items { get; } = [];

        public bool IsFull => Items.Count == Count;
    }
}
