using System;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;

namespace Reactor.Protocol.Proxy;

/// <summary>What came of the first bytes of a connection.</summary>
public enum ProxyHeaderState
{
    /// <summary>Too few bytes to say.</summary>
    Incomplete,

    /// <summary>A header was read; what follows is the peer's own.</summary>
    Read,

    /// <summary>
    /// No header begins so. The bytes that were taken are <see cref="ProxyHeaderReader.Rest"/>.
    /// </summary>
    None,
}

/// <summary>Reads a PROXY header of version 1 or 2, however its bytes are cut.</summary>
/// <remarks>
/// The versions differ in their first byte, and no protocol that we serve begins with all of
/// either signature; only an HTTP method begins with the P of version 1. Whether a header may,
/// must or must not stand there is the owner's to decide, and whom to believe.
/// </remarks>
public sealed class ProxyHeaderReader
{
    /// <summary>Version 1, with its line end (§2.1).</summary>
    public const int TextBytesMax = 107;

    /// <summary>Addresses and extensions of version 2; extensions are passed over.</summary>
    public const int BodyBytesMax = 2048;

    private const int Ip4BodyLength = 12;
    private const int Ip6BodyLength = 36;
    private const int FixedLength = 16;

    private readonly byte[] _bytes = new byte[TextBytesMax];
    private int _filled;
    private int _toSkip;
    private bool _isSkipping;

    private static ReadOnlySpan<byte> TextSignature => "PROXY "u8;

    private static ReadOnlySpan<byte> BinarySignature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>After <see cref="ProxyHeaderState.None"/>: what to read before the input.</summary>
    public ReadOnlySpan<byte> Rest => _bytes.AsSpan(0, _filled);

    /// <summary>Takes of the input what belongs to the header.</summary>
    /// <exception cref="ProtocolException">
    /// <see cref="ProtocolError.ProxyHeader"/>: it began as one, and is none.
    /// </exception>
    public ProxyHeaderState TryRead(ref ReadOnlySpan<byte> input, out ProxyHeader header)
    {
        header = default;
        while (!input.IsEmpty && !_isSkipping)
        {
            _bytes[_filled++] = input[0];
            input = input[1..];
            if (!IsPrefix(TextSignature) && !IsPrefix(BinarySignature))
                return ProxyHeaderState.None;
            if (_bytes[0] == 'P' ? IsTextComplete() : IsBinaryComplete())
                _isSkipping = true;
        }
        if (!_isSkipping)
            return ProxyHeaderState.Incomplete;
        var skipped = Math.Min(_toSkip, input.Length);
        input = input[skipped..];
        _toSkip -= skipped;
        if (_toSkip > 0)
            return ProxyHeaderState.Incomplete;
        header = _bytes[0] == 'P' ? ReadText() : ReadBinary();
        return ProxyHeaderState.Read;
    }

    private bool IsPrefix(ReadOnlySpan<byte> signature)
    {
        var length = Math.Min(_filled, signature.Length);
        return _bytes.AsSpan(0, length).SequenceEqual(signature[..length]);
    }

    private bool IsTextComplete()
    {
        if (_bytes[_filled - 1] == '\n')
            return true;
        return _filled < TextBytesMax ? false : throw Broken("a line of more than 107 bytes");
    }

    // | signature 96 | version 4 | command 4 | family 4 | transport 4 | length of the rest 16 |
    private bool IsBinaryComplete()
    {
        if (_filled < FixedLength)
            return false;
        var length = BinaryPrimitives.ReadUInt16BigEndian(_bytes.AsSpan(14));
        if (length > BodyBytesMax)
            throw Broken($"a header of {length} bytes");
        var kept = Math.Min(length, AddressLength());
        _toSkip = length - kept;
        return _filled == FixedLength + kept;
    }

    private int AddressLength() => _bytes[13] switch
    {
        0x11 => Ip4BodyLength,
        0x21 => Ip6BodyLength,
        _ => 0,
    };

    private ProxyHeader ReadBinary()
    {
        if (_bytes[12] is not (0x20 or 0x21))
            throw Broken($"version and command 0x{_bytes[12]:X2}");
        if (_bytes[13] is not (0x00 or 0x11 or 0x12 or 0x21 or 0x22 or 0x31 or 0x32))
            throw Broken($"family and transport 0x{_bytes[13]:X2}");
        if (_bytes[12] == 0x20 || AddressLength() == 0)
            return default;
        if (_filled < FixedLength + AddressLength())
            throw Broken("too few bytes for its addresses");
        var body = _bytes.AsSpan(FixedLength, AddressLength());
        var address = (body.Length - 4) / 2;
        var source = new IPAddress(body[..address]);
        var target = new IPAddress(body.Slice(address, address));
        return new ProxyHeader(
            new IPEndPoint(source, BinaryPrimitives.ReadUInt16BigEndian(body[(2 * address)..])),
            new IPEndPoint(target, BinaryPrimitives.ReadUInt16BigEndian(body[^2..])));
    }

    /// <summary><c>PROXY TCP4 source target port port</c>, one space between (§2.1).</summary>
    private ProxyHeader ReadText()
    {
        var line = Encoding.Latin1.GetString(_bytes, 0, _filled);
        if (!line.EndsWith("\r\n", StringComparison.Ordinal))
            throw Broken("a line without CR");
        var words = line[..^2].Split(' ');
        if (words[1] == "UNKNOWN")
            return default;                     // whatever else stands there is to be ignored
        if (words.Length != 6 || words[1] is not ("TCP4" or "TCP6"))
            throw Broken("neither TCP4 nor TCP6 with two addresses and two ports");
        var isIp4 = words[1] == "TCP4";
        return new ProxyHeader(
            new IPEndPoint(Address(words[2], isIp4), Port(words[4])),
            new IPEndPoint(Address(words[3], isIp4), Port(words[5])));
    }

    private static IPAddress Address(string text, bool isIp4) =>
        text.Contains(':') != isIp4 && AddressText.TryParse(text, out var address)
            ? address
            : throw Broken("an address that is none");

    private static int Port(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && (text.Length == 1 || text[0] != '0')
            ? port
            : throw Broken("a port that is none");

    private static ProtocolException Broken(string detail) =>
        new(ProtocolError.ProxyHeader, detail);
}
