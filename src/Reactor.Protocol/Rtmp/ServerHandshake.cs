using System;
using System.Buffers.Binary;
using Reactor.Primitives;

namespace Reactor.Protocol.Rtmp;

/// <summary>The server's side of the handshake, simple or with digest (RTMP 1.0 §5.2).</summary>
/// <remarks>
/// Holds 1.5 KiB, so whoever owns it lets it go once it is done. The deadline is the owner's:
/// a handshake waits for its bytes for ever.
/// </remarks>
/// <param name="random">Fills S1; seeded by the owner, for luck is asked of nobody here.</param>
/// <param name="uptimeMs">The server's clock for S1, in milliseconds (Q3).</param>
/// <param name="allowDigest">False answers everybody the simple way.</param>
public sealed class ServerHandshake(Random random, uint uptimeMs, bool allowDigest)
{
    /// <summary>S0, S1 and S2 together: what the reply must have room for.</summary>
    public const int ReplyBytes = 1 + (2 * HandshakeBlock.Length);

    /// <summary>4.5.0.1 as version field: a zero there would say that S1 bears no digest.</summary>
    private const uint DigestVersion = 0x0405_0001;

    private readonly HandshakeBlock _block = new();
    private State _state;

    private enum State
    {
        C0,
        C1,
        C2,
        Done,
    }

    /// <summary>Whether C1 bore a digest that verified, so that the answer bears one.</summary>
    public bool IsDigest { get; private set; }

    /// <summary>Takes what it needs of the input, and writes the reply when it is due.</summary>
    /// <remarks>
    /// The reply is due when C1 is whole, and does not wait for C2: clients send C2 together
    /// with their first chunks, and some only after they saw S2 (Q4, Q7).
    /// </remarks>
    /// <returns>True once C2 is whole; what is left of the input is then the first chunk.</returns>
    /// <exception cref="ProtocolException">
    /// <see cref="ProtocolError.NotRtmp"/> or <see cref="ProtocolError.HandshakeVersion"/>: the
    /// first byte is no C0 that can be answered.
    /// </exception>
    public bool Advance(ref ReadOnlySpan<byte> input, Packet reply)
    {
        if (_state == State.C0 && !input.IsEmpty)
            HandshakeGreeting.Check(input);
        while (_state != State.Done && _block.Fill(ref input, StepLength))
        {
            if (_state == State.C1)
                Answer(reply);
            _state++;                           // C2 is not compared: encoders differ (Q7)
        }
        return _state == State.Done;
    }

    private int StepLength => _state == State.C0 ? 1 : HandshakeBlock.Length;

    private void Answer(Packet reply)
    {
        var c1 = _block.Bytes;
        reply.Append([HandshakeGreeting.Version]);
        var s1 = Take(reply);
        random.NextBytes(s1);
        BinaryPrimitives.WriteUInt32BigEndian(s1, uptimeMs);
        BinaryPrimitives.WriteUInt32BigEndian(s1[4..], 0);

        // A version without a digest, or with one that does not verify, comes from many
        // devices, and all of them take the simple answer (Q1, Q2).
        var hasVersion = BinaryPrimitives.ReadUInt32BigEndian(c1[4..]) != 0;
        if (allowDigest && hasVersion
            && HandshakeDigest.TryFind(c1, out var schema, out var digest))
        {
            IsDigest = true;
            BinaryPrimitives.WriteUInt32BigEndian(s1[4..], DigestVersion);
            HandshakeDigest.SignChallenge(s1, schema);
            var s2 = Take(reply);
            random.NextBytes(s2);
            HandshakeDigest.SignAnswer(s2, digest);
        }
        else
            reply.Append(c1);                   // S2 echoes C1
    }

    private static Span<byte> Take(Packet reply)
    {
        var block = reply.Free[..HandshakeBlock.Length];
        reply.Advance(HandshakeBlock.Length);
        return block;
    }
}
