using System;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Reactor.Primitives;

namespace Reactor.Protocol.Http;

/// <summary>The lines that heads of requests and of responses have in common.</summary>
/// <remarks>
/// A value that could end its line is our own bug, whoever it came from, and broken as an
/// invariant: nothing can be slipped into a head.
/// </remarks>
/// <param name="pool">Where the packet comes from.</param>
internal ref struct HttpHeadWriter(PacketPool pool)
{
    /// <summary>Most heads fit at once.</summary>
    private const int FirstReservation = 512;

    private GrowingPacket _bytes = new(pool, FirstReservation);

    public void Text(scoped ReadOnlySpan<char> text)
    {
        var room = _bytes.Room(text.Length);
        _bytes.Advance(Encoding.Latin1.GetBytes(text, room));
    }

    public void Number(int value)
    {
        var done = Utf8Formatter.TryFormat(value, _bytes.Room(11), out var length);
        Invariant.Holds(done);
        _bytes.Advance(length);
    }

    public void Date(DateTimeOffset date)
    {
        HttpDate.Format(date, _bytes.Room(HttpDate.Length));
        _bytes.Advance(HttpDate.Length);
    }

    public void Header(scoped ReadOnlySpan<char> name, scoped ReadOnlySpan<char> value)
    {
        Invariant.Holds(HttpGrammar.IsToken(name) && HttpGrammar.IsFieldValue(value));
        Text(name);
        Text(": ");
        Text(value);
        Text("\r\n");
    }

    public void Header(scoped ReadOnlySpan<char> name, long value)
    {
        Span<char> digits = stackalloc char[20];
        value.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
        Header(name, digits[..length]);
    }

    /// <summary>The empty line, and what of the body goes into the same packet.</summary>
    public Packet End(scoped ReadOnlySpan<byte> body = default)
    {
        Text("\r\n");
        _bytes.Append(body);
        return _bytes.Take()!;
    }

    public void Dispose() => _bytes.Release();
}
