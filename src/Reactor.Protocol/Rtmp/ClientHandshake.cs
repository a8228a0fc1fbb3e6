using System;
using System.Buffers.Binary;
using Reactor.Primitives;

namespace Reactor.Protocol.Rtmp;

/// <summary>The client's side of the simple handshake (RTMP 1.0 §5.2), for relays.</summary>
/// <param name="random">Fills C1.</param>
/// <param name="uptimeMs">The client's clock for C1, in milliseconds.</param>
public sealed class ClientHandshake(Random random, uint uptimeMs)
{
    /// <summary>C0 and C1: what <see cref="Begin"/> writes.</summary>
    public const int GreetingBytes = 1 + HandshakeBlock.Length;

    /// <summary>C2: what <see cref="Advance"/> writes in all.</summary>
    public const int ReplyBytes = HandshakeBlock.Length;

    private readonly HandshakeBlock _block = new();
    private State _state;

    private enum State
    {
        S0,
        S1,
        S2,
        Done,
    }

    /// <summary>Writes C0 and C1; call it once, before the first byte comes.</summary>
    public void Begin(Packet greeting)
    {
        Invariant.Holds(_state == State.S0);
        greeting.Append([HandshakeGreeting.Version]);
        var c1 = greeting.Free[..HandshakeBlock.Length];
        random.NextBytes(c1);
        BinaryPrimitives.WriteUInt32BigEndian(c1, uptimeMs);
        BinaryPrimitives.WriteUInt32BigEndian(c1[4..], 0);
        greeting.Advance(HandshakeBlock.Length);
    }

    /// <summary>Takes what it needs of the input, and writes C2 when S1 is whole.</summary>
    /// <returns>True once S2 is whole; what is left of the input is then the first chunk.</returns>
    /// <exception cref="ProtocolException">
    /// <see cref="ProtocolError.HandshakeVersion"/>: the server does not speak version 3.
    /// </exception>
    public bool Advance(ref ReadOnlySpan<byte> input, Packet reply)
    {
        while (_state != State.Done && _block.Fill(ref input, StepLength))
        {
            if (_state == State.S0 && _block.Bytes[0] != HandshakeGreeting.Version)
            {
                var version = $"the server answers with version {_block.Bytes[0]}";
                throw new ProtocolException(ProtocolError.HandshakeVersion, version);
            }
            if (_state == State.S1)
                reply.Append(_block.Bytes);     // C2 echoes S1
            _state++;                           // S2 is not compared: the digest's is no echo
        }
        return _state == State.Done;
    }

    private int StepLength => _state == State.S0 ? 1 : HandshakeBlock.Length;
}
