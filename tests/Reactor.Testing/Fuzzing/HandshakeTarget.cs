using System;
using System.Collections.Generic;
using System.Linq;
using Reactor.Primitives;
using Reactor.Protocol;
using Reactor.Protocol.Rtmp;

namespace Reactor.Testing.Fuzzing;

/// <summary>The handshakes of both sides, each given the same input.</summary>
public sealed class HandshakeTarget : FuzzTarget
{
    private const int Block = 1536;

    private delegate bool Advance(ref ReadOnlySpan<byte> input, Packet reply);

    public override string Name => "handshake";

    public override IEnumerable<byte[]> Seeds() =>
        from name in Samples.ClientCaptures.Concat(Samples.ServerCaptures)
        select Samples.Load(name)[..(1 + (2 * Block) + 8)];

    public override byte[] Generate(Random random)
    {
        var blocks = new byte[(2 * Block) + 9];
        random.NextBytes(blocks);
        if (random.Next(2) == 0)
            blocks.AsSpan(4, 4).Clear();
        var version = (byte)(random.Next(2) == 0 ? 3 : random.Next(256));
        return [version, .. blocks.AsSpan(0, random.Next(blocks.Length))];
    }

    protected override void Read(IEnumerable<byte[]> pieces, PacketPool pool, Features seen)
    {
        var wire = pieces.ToList();
        var server = new ServerHandshake(new Random(1), 7, allowDigest: true);
        Greet("server", server.Advance, wire, pool, seen);
        seen.Add($"digest {server.IsDigest}");
        var client = new ClientHandshake(new Random(1), 7);
        Greet("client", client.Advance, wire, pool, seen);
    }

    private static void Greet(
        string side, Advance advance, List<byte[]> wire, PacketPool pool, Features seen)
    {
        var reply = pool.Rent(ServerHandshake.ReplyBytes);
        var isDone = false;
        var left = 0;
        try
        {
            foreach (var piece in wire)
            {
                ReadOnlySpan<byte> input = piece;
                isDone = isDone || advance(ref input, reply);
                left += input.Length;
            }
            seen.Add($"{side} {isDone} {left > 0}", reply.Written);
        }
        catch (ProtocolException broken)
        {
            seen.Add($"{side} {broken.Error}");
        }
        finally
        {
            reply.Release();
        }
    }
}
