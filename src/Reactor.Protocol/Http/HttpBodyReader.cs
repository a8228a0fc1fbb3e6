using System;
using Reactor.Primitives;

namespace Reactor.Protocol.Http;

/// <summary>Where a body ends (RFC 9112 §6.3).</summary>
public enum HttpFraming
{
    /// <summary>After so many bytes; maybe none.</summary>
    Length,

    /// <summary>At the empty chunk.</summary>
    Chunked,

    /// <summary>With the connection.</summary>
    UntilClose,
}

/// <summary>Frees the bytes of a body from what frames them, wherever the input is cut.</summary>
/// <remarks>
/// Pieces are handed out where they lie in the input: nothing is kept but a number. Extensions
/// and trailers of chunked bodies are read over (RFC 9112 §7.1), up to a bound.
/// </remarks>
public sealed class HttpBodyReader
{
    /// <summary>A size line with its extensions, or a line of the trailer, in bytes.</summary>
    private const int LineBytesMax = 4096;

    private const int TrailerLinesMax = 64;

    private State _state;
    private long _left;
    private int _lineLength;
    private int _sizeDigits;
    private bool _hasReturn;
    private int _trailerLines;

    private enum State
    {
        Bytes,
        SizeDigits,
        SizeExtension,
        ChunkBytes,
        ChunkEnd,
        Trailer,
        UntilClose,
        Done,
    }

    /// <param name="framing">Where the body ends.</param>
    /// <param name="length">For <see cref="HttpFraming.Length"/>: how many bytes.</param>
    public HttpBodyReader(HttpFraming framing, long length = 0)
    {
        Invariant.Holds(length >= 0);
        Framing = framing;
        _left = length;
        _state = framing switch
        {
            HttpFraming.Chunked => State.SizeDigits,
            HttpFraming.UntilClose => State.UntilClose,
            _ => length == 0 ? State.Done : State.Bytes,
        };
    }

    public HttpFraming Framing { get; }

    /// <summary>Whether the last byte was read; never where only a close ends it.</summary>
    public bool IsDone => _state == State.Done;

    /// <summary>The next bytes of the body that lie together in the input.</summary>
    /// <returns>False when the input is used up, or the body at its end.</returns>
    /// <exception cref="HttpProtocolException">The chunks are malformed.</exception>
    public bool TryRead(ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> piece)
    {
        piece = default;
        while (!input.IsEmpty && _state != State.Done)
        {
            switch (_state)
            {
                case State.UntilClose:
                    piece = input;
                    input = [];
                    return true;
                case State.Bytes or State.ChunkBytes:
                    piece = input[..(int)Math.Min(_left, input.Length)];
                    input = input[piece.Length..];
                    EndPiece(piece.Length);
                    return true;
                default:
                    OnByte(input[0]);
                    input = input[1..];
                    break;
            }
        }
        return false;
    }

    private void EndPiece(int length)
    {
        _left -= length;
        if (_left == 0)
            _state = _state == State.Bytes ? State.Done : State.ChunkEnd;
    }

    private void OnByte(byte value)
    {
        if (++_lineLength > LineBytesMax)
            throw new HttpProtocolException(400, "a line of a chunked body is too long");
        if (value == '\n')
        {
            if (!_hasReturn)
                throw new HttpProtocolException(400, "a line of a chunked body ends without CR");
            EndLine();
            return;
        }
        if (_hasReturn)
            throw new HttpProtocolException(400, "a line of a chunked body ends without LF");
        if (_state == State.ChunkEnd && value != '\r')
            throw new HttpProtocolException(400, "a chunk is longer than its size");
        if (value == '\r')
            _hasReturn = true;
        else if (_state == State.SizeDigits)
            OnSize(value);
    }

    private void OnSize(byte value)
    {
        var isExtension = value is (byte)';' or (byte)' ' or (byte)'\t';
        if (isExtension && _sizeDigits > 0)
        {
            _state = State.SizeExtension;
            return;
        }
        var digit = HttpGrammar.Hex(value);
        if (digit < 0)
            throw new HttpProtocolException(400, "the size of a chunk is not a number");
        _left = (_left << 4) | (uint)digit;
        if (++_sizeDigits > 16 || _left is < 0 or > int.MaxValue)
            throw new HttpProtocolException(400, "the size of a chunk is out of range");
    }

    private void EndLine()
    {
        var length = _lineLength - 2;
        _lineLength = 0;
        _hasReturn = false;
        switch (_state)
        {
            case State.ChunkEnd:
                _state = State.SizeDigits;
                break;
            case State.Trailer:
                _state = length == 0 ? State.Done : State.Trailer;
                if (++_trailerLines > TrailerLinesMax)
                    throw new HttpProtocolException(400, "the trailer has too many lines");
                break;
            default:
                if (_sizeDigits == 0)
                    throw new HttpProtocolException(400, "the size of a chunk is missing");
                _state = _left == 0 ? State.Trailer : State.ChunkBytes;
                _sizeDigits = 0;
                break;
        }
    }
}
