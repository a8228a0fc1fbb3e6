using System;
using System.Buffers.Binary;
using System.Text.Unicode;
using Reactor.Primitives;

namespace Reactor.Protocol.WebSocket;

/// <summary>Reads messages and control frames, however their bytes are cut (RFC 6455 §5).</summary>
/// <remarks>
/// Fragments are put together, and control frames between them handed out at once. The input is
/// always used up but for what follows a message that is handed out; behind a close frame there
/// is nothing more to read. After an exception neither: send its code, and close.
/// Invariant: the bytes held are those that arrived, at most <paramref name="bytesMax"/>.
/// </remarks>
/// <param name="pool">Where payloads are kept.</param>
/// <param name="bytesMax">
/// The longest message, over all of its fragments; 125 to <see cref="PacketPool.CapacityMax"/>.
/// </param>
/// <param name="isMasked">True at a server: a client masks all, a server nothing (§5.1).</param>
public sealed class WebSocketReader(PacketPool pool, int bytesMax, bool isMasked) : IDisposable
{
    private const int FirstBytes = 256;

    /// <summary>Two bytes, eight of length, four of mask.</summary>
    private readonly byte[] _header = new byte[14];

    private GrowingPacket _message = new(pool, FirstBytes);
    private GrowingPacket _control = new(pool, FirstBytes);
    private State _state;
    private int _filled;
    private WebSocketOpcode _begun;
    private WebSocketOpcode _opcode;
    private bool _isFinal;
    private int _length;
    private int _position;
    private uint _key;

    private enum State
    {
        FirstBytes,
        Length,
        Payload,
        Closed,
    }

    private bool IsControl => _opcode >= WebSocketOpcode.Close;

    /// <summary>The next message or control frame, as soon as its last byte is there.</summary>
    /// <returns>The payload is the caller's, who releases it.</returns>
    /// <exception cref="WebSocketProtocolException">The code to close with, and why.</exception>
    public bool TryRead(ref ReadOnlySpan<byte> input, out WebSocketMessage message)
    {
        message = default;
        while (true)
        {
            switch (_state)
            {
                case State.FirstBytes:
                    if (!Fill(ref input, 2))
                        return false;
                    EndFirstBytes();
                    break;
                case State.Length:
                    if (!Fill(ref input, HeaderLength()))
                        return false;
                    EndHeader();
                    break;
                case State.Payload:
                    if (!Copy(ref input))
                        return false;
                    if (TryEndFrame(out message))
                        return true;
                    break;
                case State.Closed:
                    input = [];
                    return false;
            }
        }
    }

    /// <summary>Gives back what was kept of an unfinished message.</summary>
    public void Dispose()
    {
        _message.Release();
        _control.Release();
    }

    // | final 1 | 0 3 | opcode 4 | masked 1 | length 7: itself, or 126 and 16, or 127 and 64 |
    private void EndFirstBytes()
    {
        _opcode = (WebSocketOpcode)(_header[0] & 0x0F);
        _isFinal = (_header[0] & 0x80) != 0;
        if ((_header[0] & 0x70) != 0)
            throw Broken("a reserved bit is set");
        if (!Enum.IsDefined(_opcode))
            throw Broken($"opcode {(int)_opcode}");
        if ((_header[1] & 0x80) != 0 != isMasked)
            throw Broken(isMasked ? "a client's frame without a mask" : "a server's with a mask");
        if (IsControl && (!_isFinal || (_header[1] & 0x7F) > WebSocketFrameWriter.ControlBytesMax))
            throw Broken("a control frame in fragments, or of more than 125 bytes");
        if (_opcode == WebSocketOpcode.Continuation && _begun == WebSocketOpcode.Continuation)
            throw Broken("a fragment of no message");
        if (_opcode is WebSocketOpcode.Text or WebSocketOpcode.Binary)
        {
            if (_begun != WebSocketOpcode.Continuation)
                throw Broken("a message within another");
            _begun = _opcode;
        }
        _state = State.Length;
    }

    /// <summary>Of the whole header, which the first two bytes tell.</summary>
    private int HeaderLength() => (isMasked ? 6 : 2) + ((_header[1] & 0x7F) switch
    {
        126 => 2,
        127 => 8,
        _ => 0,
    });

    private void EndHeader()
    {
        var length = (ulong)(_header[1] & 0x7F);
        if (length == 126)
            length = Least(BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(2)), 126);
        else if (length == 127)
            length = Least(BinaryPrimitives.ReadUInt64BigEndian(_header.AsSpan(2)), 65_536);
        if (length > long.MaxValue)
            throw Broken("a length with its top bit set");
        if (!IsControl && length > (ulong)(bytesMax - _message.Length))
        {
            throw new WebSocketProtocolException(
                WebSocketCloseCode.MessageTooBig, $"a message of more than {bytesMax} bytes");
        }
        _length = (int)length;
        _key = isMasked ? BinaryPrimitives.ReadUInt32BigEndian(_header.AsSpan(_filled - 4)) : 0;
        _position = 0;
        _state = State.Payload;
    }

    /// <summary>A length stands in the shortest form that holds it.</summary>
    private static ulong Least(ulong length, ulong least) =>
        length >= least ? length : throw Broken("a length in a longer form than it needs");

    private bool TryEndFrame(out WebSocketMessage message)
    {
        message = default;
        _state = State.FirstBytes;
        _filled = 0;
        if (IsControl)
        {
            if (_opcode == WebSocketOpcode.Close)
                EndClose(_control.Written);
            message = new WebSocketMessage(_opcode, _control.TakeAny());
            return true;
        }
        if (!_isFinal)
            return false;
        if (_begun == WebSocketOpcode.Text)
            CheckText(_message.Written);
        message = new WebSocketMessage(_begun, _message.TakeAny());
        _begun = WebSocketOpcode.Continuation;
        return true;
    }

    /// <summary>Nothing, or a code that may be sent and a reason (§5.5.1, §7.4).</summary>
    private void EndClose(ReadOnlySpan<byte> payload)
    {
        _state = State.Closed;
        if (payload.IsEmpty)
            return;
        if (payload.Length == 1)
            throw Broken("half a close code");
        var code = BinaryPrimitives.ReadUInt16BigEndian(payload);
        if (code is not ((>= 1000 and <= 1003) or (>= 1007 and <= 1014) or (>= 3000 and <= 4999)))
            throw Broken($"close code {code}");
        CheckText(payload[2..]);
    }

    private static void CheckText(ReadOnlySpan<byte> text)
    {
        if (!Utf8.IsValid(text))
        {
            throw new WebSocketProtocolException(
                WebSocketCloseCode.InvalidPayload, "a text is not UTF-8");
        }
    }

    private bool Fill(ref ReadOnlySpan<byte> input, int count)
    {
        var taken = Math.Min(count - _filled, input.Length);
        input[..taken].CopyTo(_header.AsSpan(_filled));
        input = input[taken..];
        _filled += taken;
        return _filled == count;
    }

    private bool Copy(ref ReadOnlySpan<byte> input)
    {
        var count = Math.Min(_length - _position, input.Length);
        if (count > 0)
            Append(ref IsControl ? ref _control : ref _message, input[..count]);
        input = input[count..];
        _position += count;
        return _position == _length;
    }

    private void Append(ref GrowingPacket to, ReadOnlySpan<byte> bytes)
    {
        WebSocketMask.Apply(bytes, to.Room(bytes.Length), _key, _position);
        to.Advance(bytes.Length);
    }

    private static WebSocketProtocolException Broken(string detail) =>
        new(WebSocketCloseCode.ProtocolError, detail);
}
