using System;
using System.Buffers;
using System.Linq;
using Reactor.Primitives;

namespace Reactor.Protocol.Http;

/// <summary>Collects the head of a message up to its empty line, and checks its lines.</summary>
/// <remarks>
/// Lines end in CR LF and in nothing else, hold no other control byte but the tab, and no header
/// goes on upon the next line (RFC 9112 §2.2, §5.2): what two readers could take differently is
/// refused (threat 7). Nothing is held between heads, so a connection at rest costs no buffer.
/// </remarks>
/// <param name="pool">Where the bytes of a head are kept until it is whole.</param>
/// <param name="firstLineBytesMax">The first line with its end; longer is 414.</param>
/// <param name="headBytesMax">All lines with their ends; longer is 431.</param>
internal sealed class HttpHeadBuffer(PacketPool pool, int firstLineBytesMax, int headBytesMax)
{
    /// <summary>Most heads are shorter; see <see cref="PacketPool"/> for the classes.</summary>
    private const int FirstReservation = 1024;

    /// <summary>All of them but the tab.</summary>
    private static readonly SearchValues<byte> Controls = SearchValues.Create(
    [
        .. Enumerable.Range(0, 128).Select(b => (byte)b).Where(b => b is (< 32 or 127) and not 9),
    ]);

    private GrowingPacket _bytes = new(pool, FirstReservation);
    private int _lineStart;
    private bool _wasEmptyLine;

    /// <summary>Whether nothing of a head has arrived.</summary>
    public bool IsEmpty => _bytes.Length == 0 && !_wasEmptyLine;

    /// <summary>The head so far; valid until <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes.Memory;

    /// <summary>Takes of the input what belongs to the head.</summary>
    /// <returns>True once the empty line is there.</returns>
    public bool TryFill(ref ReadOnlySpan<byte> input)
    {
        while (!input.IsEmpty)
        {
            var end = input.IndexOf((byte)'\n');
            var taken = end < 0 ? input : input[..(end + 1)];
            CheckBounds(taken);
            _bytes.Append(taken);
            input = input[taken.Length..];
            if (end >= 0 && EndLine())
                return true;
        }
        return false;
    }

    /// <summary>Gives the bytes back; the next head may begin.</summary>
    public void Clear()
    {
        _bytes.Release();
        _lineStart = 0;
        _wasEmptyLine = false;
    }

    private void CheckBounds(ReadOnlySpan<byte> taken)
    {
        if (_bytes.Length == 0 && taken[0] != '\r' && !HttpGrammar.IsTokenCharacter((char)taken[0]))
        {
            var what = taken[0] switch
            {
                3 => ", but RTMP's: that has a port of its own",
                0x16 => ", but TLS's: https has a port of its own",
                _ => "",
            };
            throw new HttpProtocolException(400, $"the first byte is not HTTP's{what}");
        }
        var length = _bytes.Length + taken.Length;
        if (_lineStart == 0 && length > Math.Min(firstLineBytesMax, headBytesMax))
            throw new HttpProtocolException(414, "the first line is too long");
        if (length > headBytesMax)
            throw new HttpProtocolException(431, $"the head is longer than {headBytesMax} bytes");
    }

    /// <returns>True for the empty line that ends the head.</returns>
    private bool EndLine()
    {
        var line = _bytes.Written[_lineStart..^1];
        if (line is not [.., (byte)'\r'])
            throw new HttpProtocolException(400, "a line ends without CR");
        line = line[..^1];
        if (line.ContainsAny(Controls))
            throw new HttpProtocolException(400, "a control byte in the head");
        if (line.IsEmpty)
            return EndEmptyLine();
        if (_lineStart > 0 && line[0] is (byte)' ' or (byte)'\t')
            throw new HttpProtocolException(400, "a header is folded over two lines");
        _lineStart = _bytes.Length;
        return false;
    }

    /// <summary>One empty line before a request is passed over (RFC 9112 §2.2).</summary>
    private bool EndEmptyLine()
    {
        if (_lineStart > 0)
            return true;
        if (_wasEmptyLine)
            throw new HttpProtocolException(400, "empty lines before the request");
        _bytes.Release();
        _wasEmptyLine = true;
        return false;
    }
}
