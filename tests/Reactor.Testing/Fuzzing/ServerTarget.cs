using System;
using System.Collections.Generic;
using Reactor.Primitives;
using Reactor.Protocol;
using Reactor.Protocol.Rtmp;

namespace Reactor.Testing.Fuzzing;

/// <summary>The server's side of a conversation, from behind the handshake.</summary>
public sealed class ServerTarget : FuzzTarget
{
    public override string Name => "server";

    public override byte[] Generate(Random random) => Grammar.Client(random);

    public override IEnumerable<byte[]> Seeds() => Grammar.CaptureParts(Samples.ClientCaptures);

    protected override void Read(IEnumerable<byte[]> pieces, PacketPool pool, Features seen)
    {
        var handler = new RecordingHandler();
        handler.Taken.Add("taken");
        var conversation = new RtmpServerConversation(
            pool, new ServerConversationSettings(), handler, new Random(1), 0);
        handler.Conversation = conversation;
        try
        {
            ReadOnlySpan<byte> greeting = Grammar.Greeting;
            conversation.Receive(ref greeting, 0);
            foreach (var piece in pieces)
                Take(conversation, piece);
        }
        catch (ProtocolException broken)
        {
            seen.Add(broken.Error.ToString());
        }
        conversation.Close();
        foreach (var call in handler.Calls)
            seen.Add(call.Split(' ')[0], call);
        foreach (var oddity in handler.Oddities)
            seen.Add(oddity.Split(':')[0]);
        seen.Add("skipped", conversation.Skipped.ToString());
    }

    private static void Take(RtmpServerConversation conversation, ReadOnlySpan<byte> input)
    {
        while (!input.IsEmpty)
        {
            var before = input.Length;
            conversation.Receive(ref input, 0);
            Invariant.Holds(input.Length < before);
        }
    }
}
