using System;
using System.Collections.Generic;
using System.Text;
using Reactor.Primitives;

namespace Reactor.Protocol.Amf;

/// <summary>What one message's values may use, what they can refer to, what failed.</summary>
/// <remarks>
/// A count or length of the wire is held against these bounds before anything is kept for it.
/// A reference is charged what it refers to, so a message that is written out again, all
/// references resolved, stays within the same bounds: no value tree has more than
/// <see cref="AmfLimits.ElementsMax"/> values, and therefore none is deeper than that.
/// </remarks>
internal sealed class AmfBounds(AmfLimits limits)
{
    private int _depth;
    private int _elements;

    /// <summary>Text read so far, in bytes of UTF-8, references at their full length.</summary>
    public int TextBytes { get; private set; }

    /// <summary>Why reading stopped; empty while it has not.</summary>
    public string Fault { get; private set; } = "";

    /// <summary>Whether what stopped it may be AMF, but more of it than is taken.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Objects and arrays in the order in which they began (AMF0 §2.9).</summary>
    public List<Shared> Amf0Objects { get; } = [];

    /// <summary>AMF3's own tables last as long as the message (AMF3 §2.2).</summary>
    public List<Shared> Amf3Objects { get; } = [];

    public List<Shared> Amf3Strings { get; } = [];

    public List<Amf3Traits> Amf3Traits { get; } = [];

    /// <summary>Says why, once: the innermost reason is the one to read.</summary>
    /// <returns>False, to be returned on.</returns>
    public bool Fail(string why)
    {
        if (Fault.Length == 0)
            Fault = why;
        return false;
    }

    /// <summary>As <see cref="Fail"/>, for what is too much and not wrong.</summary>
    public bool Exceed(string why)
    {
        IsOver |= Fault.Length == 0;
        return Fail(why);
    }

    public bool Truncated() => Fail("the message ends within a value");

    public bool TrySpend(int elements, int textBytes = 0)
    {
        _elements += elements;                  // each term is bounded: no sum can overflow
        TextBytes += textBytes;
        if (_elements > limits.ElementsMax)
            return Exceed($"more than {limits.ElementsMax} values");
        return TextBytes <= limits.TextBytesMax
            || Exceed($"more than {limits.TextBytesMax} bytes of text");
    }

    /// <summary>Goes one level down; <see cref="Leave"/> undoes it.</summary>
    public bool TryEnter() =>
        ++_depth <= limits.DepthMax || Exceed($"nested deeper than {limits.DepthMax}");

    public void Leave() => _depth--;

    public bool TryReadText(ref ByteReader input, uint length, out string text)
    {
        text = "";
        if (!TryReadBytes(ref input, length, out var bytes))
            return false;
        text = Encoding.UTF8.GetString(bytes);  // what is no UTF-8 becomes U+FFFD
        return true;
    }

    public bool TryReadBytes(ref ByteReader input, uint length, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (length > limits.StringBytesMax)
            return Exceed($"a string of {length} bytes");
        if (!input.TryRead((int)length, out bytes))
            return Truncated();
        return TrySpend(elements: 0, textBytes: (int)length);
    }

    /// <summary>Takes a place in a table for a value whose contents follow.</summary>
    public int Begin(List<Shared> table)
    {
        table.Add(new Shared(default, _elements, TextBytes, IsComplete: false));
        return table.Count - 1;
    }

    /// <summary>Fills the place: from now on the value can be referred to.</summary>
    public void End(List<Shared> table, int place, AmfValue value)
    {
        var begun = table[place];
        table[place] = new Shared(
            value, _elements - begun.Elements, TextBytes - begun.TextBytes, IsComplete: true);
    }

    /// <remarks>
    /// A value that refers to one around it is legal AMF, but a circle; no RTMP client sends
    /// one, and whoever walks values would have to guard against it for ever.
    /// </remarks>
    public bool TryFollow(List<Shared> table, uint place, out AmfValue value)
    {
        value = default;
        if (place >= table.Count || !table[(int)place].IsComplete)
        {
            IsOver |= Fault.Length == 0 && place < table.Count;
            return Fail($"a reference to value {place}, which is not complete");
        }
        var shared = table[(int)place];
        value = shared.Value;
        return TrySpend(shared.Elements, shared.TextBytes);
    }

    /// <summary>A value that can be referred to, and what a reference to it is charged.</summary>
    /// <remarks>Until it is complete the numbers are what had been spent when it began.</remarks>
    internal readonly record struct Shared(
        AmfValue Value, int Elements, int TextBytes, bool IsComplete);
}
